"""How often a message could not be sent or corrected, and how often it may have gone out."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision: str | None = "0029"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("outbox", sa.Column("perhaps", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("outbox", "perhaps")
    op.drop_column("outbox", "failures")
