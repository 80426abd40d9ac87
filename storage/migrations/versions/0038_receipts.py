"""Receipts, the counters of their numbers, and what a practice says of itself on them."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision: str | None = "0037"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_REFUND = sa.text("refund_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("practice", sa.Column("address_sealed", sa.Text(), nullable=True))
    op.add_column("practice", sa.Column("tax_number_sealed", sa.Text(), nullable=True))
    op.create_table(
        "receipt_counters",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_receipt_counters")),
    )
    op.create_table(
        "receipts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("contents_sealed", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_receipts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_receipts_series_number")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_receipts_token_digest")),
    )
    for column in ("person_id", "order_id", "payment_id"):
        op.create_index(op.f(f"ix_receipts_{column}"), "receipts", [column])
    op.create_index(
        "uq_receipts_refund_id", "receipts", ["refund_id"],
        unique=True, sqlite_where=OF_REFUND, postgresql_where=OF_REFUND,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_table("receipt_counters")
    op.drop_column("practice", "tax_number_sealed")
    op.drop_column("practice", "address_sealed")
