"""Packages: several sessions bought at once, the offers that they are for, and what a line of an order sold, as it was
told."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision: str | None = "0035"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="paused", nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("validity_months", sa.BigInteger(), nullable=True),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("weekly_cap", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_table(
        "package_offers",
        sa.Column("package_id", ID, nullable=False),
        sa.Column("offer_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_package_offers_offer_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_package_offers_package_id")),
        sa.PrimaryKeyConstraint("package_id", "offer_id", name=op.f("pk_package_offers")),
    )
    op.create_index(op.f("ix_package_offers_offer_id"), "package_offers", ["offer_id"], unique=False)
    op.add_column("order_lines", sa.Column("terms", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("order_lines", "terms")
    op.drop_table("package_offers")
    op.drop_table("packages")
