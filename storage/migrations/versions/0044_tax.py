"""Tax: how the practice's prices are meant, with what each page was asked, and what was applied to which session. And
what clients enter for their receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision: str | None = "0043"


def upgrade() -> None:
    op.add_column("practice", sa.Column("tax", sa.Text(), nullable=True))
    op.add_column("practice", sa.Column("tax_code", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("tax", sa.Text(), nullable=True))
    op.add_column("transactions", sa.Column("tax_exempt", sa.Text(), nullable=True))
    op.add_column("transactions", sa.Column("tax_id", sa.Text(), nullable=True))
    op.add_column("bookings", sa.Column("tax_amount", sa.BigInteger(), nullable=True))
    op.add_column("bookings", sa.Column("tax_rates", sa.JSON(), nullable=True))
    op.add_column("bookings", sa.Column("tax_location", sa.JSON(), nullable=True))
    op.add_column("persons", sa.Column("buyer_sealed", sa.Text(), nullable=True))
    op.create_index(op.f("ix_transactions_payment_id"), "transactions", ["payment_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_transactions_payment_id"), "transactions")
    op.drop_column("persons", "buyer_sealed")
    for column in ("tax_location", "tax_rates", "tax_amount"):
        op.drop_column("bookings", column)
    for column in ("tax_id", "tax_exempt"):
        op.drop_column("transactions", column)
    op.drop_column("payments", "tax")
    for column in ("tax_code", "tax"):
        op.drop_column("practice", column)
