"""Which update of a chat was the newest that wrote where it stands: what comes late changes that no more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("newest", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "newest")
