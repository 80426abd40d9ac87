"""Coupons, what they are for, and each time that one was used."""

import sqlalchemy as sa

from storage.columns import Id, id_column, metadata, number_column, ref_column, text_column, writer_column

coupons = sa.Table(
    "coupons",
    metadata,
    id_column(),
    text_column("code"),  # public words of the practice, in capitals
    text_column("state", default="active"),  # active | stopped
    number_column("percent", nullable=True),  # this or the amount
    number_column("amount", nullable=True),
    text_column("currency", nullable=True),  # of the amount
    number_column("most_uses", nullable=True),
    number_column("most_per_client", nullable=True),
    number_column("first_purchase_only", 0),
    number_column("until", nullable=True),  # it counts before
    number_column("every_offer", 1),
    number_column("every_package", 0),
    number_column("created_at"),
    number_column("version", 1),
    writer_column(),
    sa.UniqueConstraint("code"),
)

coupon_offers = sa.Table(
    "coupon_offers",
    metadata,
    sa.Column("coupon_id", Id, sa.ForeignKey("coupons.id"), primary_key=True),
    sa.Column("offer_id", Id, sa.ForeignKey("offers.id"), primary_key=True),
    sa.Index(None, "offer_id"),
)

coupon_packages = sa.Table(
    "coupon_packages",
    metadata,
    sa.Column("coupon_id", Id, sa.ForeignKey("coupons.id"), primary_key=True),
    sa.Column("package_id", Id, sa.ForeignKey("packages.id"), primary_key=True),
    sa.Index(None, "package_id"),
)

redemptions = sa.Table(
    "redemptions",
    metadata,
    id_column(),
    ref_column("coupon_id", "coupons"),
    ref_column("person_id", "persons"),  # who buys
    ref_column("order_id", "orders"),
    number_column("price"),  # before
    number_column("reduced"),  # and after: what is asked for
    text_column("currency"),
    number_column("created_at"),
    number_column("freed_at", nullable=True),  # the practice cancelled what was bought with it
    writer_column(),
    sa.UniqueConstraint("order_id"),
    sa.Index(None, "coupon_id"),
    sa.Index(None, "person_id", "coupon_id"),
)
