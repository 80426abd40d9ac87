"""What the payment provider was told of a client's tax, and the tax that it reckoned for a kept card."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision: str | None = "0048"


def upgrade() -> None:
    op.add_column("customers", sa.Column("tax_sealed", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("tax_reckoned", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("payments", "tax_reckoned")
    op.drop_column("customers", "tax_sealed")
