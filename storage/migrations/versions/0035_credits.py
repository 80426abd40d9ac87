"""Credits for sessions: grants, and an append-only ledger that the guards bind, as they do that of money."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision: str | None = "0034"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ON_CREDIT = sa.text("grant_id IS NOT NULL")
GRACE = sa.text("until IS NOT NULL")
BOOKED = sa.text("booking_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("bookings", sa.Column("grant_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_bookings_grant", "bookings", ["grant_id"], sqlite_where=ON_CREDIT, postgresql_where=ON_CREDIT)
    _create_grants()
    _create_beside_grants("grant_offers", "offer_id", "offers")
    _create_beside_grants("grant_members", "person_id", "persons")
    op.create_index(op.f("ix_grant_members_person_id"), "grant_members", ["person_id"])
    _create_entries()


def downgrade() -> None:
    for table in ("credit_entries", "grant_members", "grant_offers", "grants"):
        op.drop_table(table)
    op.drop_index("ix_bookings_grant", table_name="bookings")
    op.drop_column("bookings", "grant_id")


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("package_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("single_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("weekly_cap", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("extended_at", sa.BigInteger(), nullable=True),
        sa.Column("extended_why_sealed", sa.Text(), nullable=True),
        sa.Column("bought_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_grants_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    for column in ("person_id", "order_id", "expires_at"):
        op.create_index(op.f(f"ix_grants_{column}"), "grants", [column])


def _create_beside_grants(table: str, column: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("grant_id", ID, nullable=False),
        sa.Column(column, ID, nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f(f"fk_{table}_grant_id")),
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}")),
        sa.PrimaryKeyConstraint("grant_id", column, name=op.f(f"pk_{table}")),
    )


def _create_entries() -> None:
    op.create_table(
        "credit_entries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("grant_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("why_sealed", sa.Text(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_credit_entries_balance")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_credit_entries_reserved")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_credit_entries_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entries")),
        sa.UniqueConstraint("grant_id", "number", name=op.f("uq_credit_entries_grant_id_number")),
    )
    op.create_index(op.f("ix_credit_entries_at"), "credit_entries", ["at"])
    partial = {
        "booking": (["booking_id"], BOOKED),
        "grace": (["grant_id", "until"], GRACE),
        "until": (["until"], GRACE),
    }
    for name, (columns, where) in partial.items():
        op.create_index(
            f"ix_credit_entries_{name}", "credit_entries", columns, sqlite_where=where, postgresql_where=where
        )
