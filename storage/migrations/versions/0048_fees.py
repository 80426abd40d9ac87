"""Fees for a late cancel and for not coming: what an offer asks for, what a client agreed to, and what was charged."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision: str | None = "0047"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = (
    ("offers", "late_cancel_fee"), ("offers", "no_show_fee"),
    ("bookings", "late_cancel_fee"), ("bookings", "no_show_fee"), ("bookings", "fee"),
)  # fmt: skip


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, _number(column, nullable=True))
    op.create_table(
        "fee_consents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("offer_id", ID, nullable=False),
        _number("late_cancel", nullable=True),
        _number("no_show", nullable=True),
        _number("ceiling"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        _number("agreed_at"),
        _number("withdrawn_at", nullable=True),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_fee_consents_person_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_fee_consents_booking_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_fee_consents_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_consents")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_fee_consents_booking_id")),
    )
    op.create_index(op.f("ix_fee_consents_person_id"), "fee_consents", ["person_id"])


def downgrade() -> None:
    op.drop_table("fee_consents")
    for table, column in ADDED:
        op.drop_column(table, column)
