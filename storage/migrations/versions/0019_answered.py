"""Which updates a chat was answered last, so that a second delivery is known at every process."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0018"

COLUMNS = ("answered", "shown")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("conversations", sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("conversations", column)
