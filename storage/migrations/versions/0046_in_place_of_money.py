"""Which credits stand in the place of money that stayed: what becomes of the charge becomes of them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision: str | None = "0045"


def upgrade() -> None:
    op.add_column("refunds", sa.Column("grant_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("refunds", "grant_id")
