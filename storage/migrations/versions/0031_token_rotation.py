"""Bot tokens that end: the refresh token that leads to the next one, when they end, and when that was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0030"


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("refresh_sealed", sa.Text(), nullable=True))
    op.add_column("workspaces", sa.Column("token_ends_at", sa.BigInteger(), nullable=True))
    op.add_column("workspaces", sa.Column("token_lost_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("workspaces", "token_lost_at")
    op.drop_column("workspaces", "token_ends_at")
    op.drop_column("workspaces", "refresh_sealed")
