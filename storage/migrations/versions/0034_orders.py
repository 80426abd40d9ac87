"""Orders: what money is asked for, in lines. Payments, refunds and movements of money name theirs, a booking its cover.

A payment need not be for a booking any more. Rows of before are carried over by the hourly upkeep.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision: str | None = "0033"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ABOUT = sa.text("subject IS NOT NULL")
UNORDERED = sa.text("order_id IS NULL AND booking_id IS NOT NULL")
NO_ORDER = sa.text("order_id IS NULL")
ACCEPTED = sa.text("state = 'accepted'")
ORDERED = sa.text("order_id IS NOT NULL")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_orders_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_person_id"), "orders", ["person_id"])
    op.create_index("uq_orders_open", "orders", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "order_lines",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax_amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_lines_order_id_number")),
    )
    op.create_index(
        op.f("ix_order_lines_subject"), "order_lines", ["subject"], sqlite_where=ABOUT, postgresql_where=ABOUT
    )
    # In the order in which most transactions come to these tables.
    op.add_column("bookings", sa.Column("cover", sa.Text(), nullable=True))
    op.add_column("bookings", sa.Column("order_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_bookings_order", "bookings", ["order_id"], sqlite_where=ORDERED, postgresql_where=ORDERED)
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("order_id", ID, nullable=True))
        payments.create_foreign_key(op.f("fk_payments_order_id"), "orders", ["order_id"], ["id"])
        payments.alter_column("booking_id", existing_type=ID, nullable=True)
    op.create_index("uq_payments_order_id_attempt", "payments", ["order_id", "attempt"], unique=True)
    op.create_index(
        "ix_payments_unordered", "payments", ["booking_id"], sqlite_where=UNORDERED, postgresql_where=UNORDERED
    )
    op.create_index(
        "uq_payments_accepted_order",
        "payments",
        ["order_id"],
        unique=True,
        sqlite_where=ACCEPTED,
        postgresql_where=ACCEPTED,
    )
    op.add_column("refunds", sa.Column("order_id", sa.BigInteger(), nullable=True))
    op.add_column("refunds", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index(op.f("ix_refunds_subject"), "refunds", ["subject"], sqlite_where=ABOUT, postgresql_where=ABOUT)
    op.create_index("ix_refunds_unordered", "refunds", ["payment_id"], sqlite_where=NO_ORDER, postgresql_where=NO_ORDER)
    op.add_column("transactions", sa.Column("order_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("transactions", "order_id")
    op.drop_index("ix_refunds_unordered", table_name="refunds")
    op.drop_index(op.f("ix_refunds_subject"), table_name="refunds")
    op.drop_column("refunds", "subject")
    op.drop_column("refunds", "order_id")
    for index in ("uq_payments_accepted_order", "ix_payments_unordered", "uq_payments_order_id_attempt"):
        op.drop_index(index, table_name="payments")
    # The version before knows no payment without a booking.
    op.execute("DELETE FROM refunds WHERE payment_id IN (SELECT id FROM payments WHERE booking_id IS NULL)")
    op.execute("DELETE FROM payments WHERE booking_id IS NULL")
    with op.batch_alter_table("payments") as payments:
        payments.alter_column("booking_id", existing_type=ID, nullable=False)
        payments.drop_constraint(op.f("fk_payments_order_id"), type_="foreignkey")
        payments.drop_column("order_id")
    op.drop_index("ix_bookings_order", table_name="bookings")
    op.drop_column("bookings", "order_id")
    op.drop_column("bookings", "cover")
    op.drop_table("order_lines")
    op.drop_table("orders")
