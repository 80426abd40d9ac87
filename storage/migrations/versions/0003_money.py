"""Payments, refunds and the ledger of money."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("attempt", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("parameters_sealed", sa.Text(), nullable=True),
        sa.Column("checkout_ref", sa.Text(), nullable=True),
        sa.Column("checkout_url_sealed", sa.Text(), nullable=True),
        sa.Column("intent_ref", sa.Text(), nullable=True),
        sa.Column("charge_ref", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_payments_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("booking_id", "attempt", name=op.f("uq_payments_booking_id_attempt")),
        sa.UniqueConstraint("checkout_ref", name=op.f("uq_payments_checkout_ref")),
    )
    for column in ("state", "next_at", "intent_ref"):
        op.create_index(op.f(f"ix_payments_{column}"), "payments", [column], unique=False)
    op.create_index(
        "uq_payments_accepted",
        "payments",
        ["booking_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refund_ref", sa.Text(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("refund_ref", name=op.f("uq_refunds_refund_ref")),
    )
    op.create_index(op.f("ix_refunds_state_next_at"), "refunds", ["state", "next_at"], unique=False)
    op.create_table(
        "transactions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=False),
        sa.Column("intent_ref", sa.Text(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_amount", sa.BigInteger(), nullable=True),
        sa.Column("tax_rates", sa.JSON(), nullable=True),
        sa.Column("tax_location", sa.JSON(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("kind", "external_ref", name=op.f("uq_transactions_kind_external_ref")),
    )
    op.create_index(op.f("ix_transactions_booking_id"), "transactions", ["booking_id"], unique=False)


def downgrade() -> None:
    for table in ("transactions", "refunds", "payments"):
        op.drop_table(table)
