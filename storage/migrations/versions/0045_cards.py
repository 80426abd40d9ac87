"""Customers of the payment provider and the cards that it keeps, and payments that are made with one."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision: str | None = "0044"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, default: int | None = None, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger(), server_default=None if default is None else sa.text(str(default)), nullable=nullable
    )


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _number("agreed_at", nullable=True),
        sa.Column("page_ref", sa.Text(), nullable=True),
        sa.Column("page_url_sealed", sa.Text(), nullable=True),
        _number("page_ends", nullable=True),
        _number("next_at", nullable=True),
        _number("lease_until", nullable=True),
        _number("failures", 0),
        _number("created_at"),
        _number("version", 1),
        _number("writer", 0),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_customers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("person_id", "mode", name=op.f("uq_customers_person_id_mode")),
        sa.UniqueConstraint("ref", name=op.f("uq_customers_ref")),
    )
    op.create_index(op.f("ix_customers_next_at"), "customers", ["next_at"])
    op.create_table(
        "cards",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        _number("exp_month"),
        _number("exp_year"),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        _number("chosen_at"),
        sa.Column("words", sa.Text(), nullable=True),
        _number("agreed_at", nullable=True),
        _number("warned_for", nullable=True),
        _number("next_at", nullable=True),
        _number("lease_until", nullable=True),
        _number("failures", 0),
        _number("created_at"),
        _number("version", 1),
        _number("writer", 0),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_cards_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("ref", name=op.f("uq_cards_ref")),
    )
    op.create_index(op.f("ix_cards_customer_id"), "cards", ["customer_id"])
    op.create_index(op.f("ix_cards_next_at"), "cards", ["next_at"])
    op.add_column("payments", _number("card_id", nullable=True))
    op.add_column("payments", _number("keep_card", 0))
    op.add_column("payments", sa.Column("declined", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("declined", "keep_card", "card_id"):
        op.drop_column("payments", column)
    op.drop_table("cards")
    op.drop_table("customers")
