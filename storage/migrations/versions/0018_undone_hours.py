"""Whether a version of a coach's hours took the one before back: what takes that back does the change again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    undone = sa.Column("undone", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("schedule_versions", undone)


def downgrade() -> None:
    op.drop_column("schedule_versions", "undone")
