"""What the last act on a person's App Home came to, which stays there until the next one. Nullable: old processes
write the address alone, and then what was kept belongs to another page."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("home_sealed", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "home_sealed")
