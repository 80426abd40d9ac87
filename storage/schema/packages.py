"""What is sold besides single sessions."""

import sqlalchemy as sa

from storage.columns import Id, id_column, metadata, number_column, text_column

packages = sa.Table(
    "packages",
    metadata,
    id_column(),
    text_column("name"),  # public words of the practice, not of a person
    text_column("state", default="paused"),  # active | paused | archived
    number_column("sessions"),
    number_column("price"),  # minor units of the practice's currency
    text_column("currency"),
    number_column("validity_months", nullable=True),  # after the purchase
    number_column("valid_until", nullable=True),  # over at this instant, whenever it was bought
    number_column("weekly_cap", nullable=True),  # for a client
    number_column("position", 0),
    number_column("created_at"),
    number_column("version", 1),
)

package_offers = sa.Table(
    "package_offers",
    metadata,
    sa.Column("package_id", Id, sa.ForeignKey("packages.id"), primary_key=True),
    sa.Column("offer_id", Id, sa.ForeignKey("offers.id"), primary_key=True),
    sa.Index(None, "offer_id"),
)
