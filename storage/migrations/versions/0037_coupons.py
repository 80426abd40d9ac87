"""Coupons, the offers and packages that they are for, and each time that one was used."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision: str | None = "0036"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "coupons",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("most_uses", sa.BigInteger(), nullable=True),
        sa.Column("most_per_client", sa.BigInteger(), nullable=True),
        sa.Column("first_purchase_only", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("every_offer", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("every_package", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
    _pairs("offer")
    _pairs("package")
    op.create_table(
        "redemptions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("coupon_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("reduced", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("freed_at", sa.BigInteger(), nullable=True),
        sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupons.id"], name=op.f("fk_redemptions_coupon_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_redemptions_person_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_redemptions_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_redemptions_order_id")),
    )
    op.create_index(op.f("ix_redemptions_coupon_id"), "redemptions", ["coupon_id"])
    op.create_index(op.f("ix_redemptions_person_id_coupon_id"), "redemptions", ["person_id", "coupon_id"])


def _pairs(what: str) -> None:
    table, column = f"coupon_{what}s", f"{what}_id"
    op.create_table(
        table,
        sa.Column("coupon_id", ID, nullable=False),
        sa.Column(column, ID, nullable=False),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupons.id"], name=op.f(f"fk_{table}_coupon_id")),
        sa.ForeignKeyConstraint([column], [f"{what}s.id"], name=op.f(f"fk_{table}_{column}")),
        sa.PrimaryKeyConstraint("coupon_id", column, name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("redemptions", "coupon_packages", "coupon_offers", "coupons"):
        op.drop_table(table)
