"""Whose cards the payment provider keeps, and what may be shown of each: never its number."""

import sqlalchemy as sa

from storage.columns import id_column, metadata, number_column, ref_column, text_column, writer_column

customers = sa.Table(
    "customers",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    text_column("mode"),  # live | test: the provider keeps the two apart
    text_column("state"),  # intended | made
    text_column("ref", nullable=True),  # cus_…
    text_column("words", nullable=True),  # of ours, under which they last agreed that a card is kept
    number_column("agreed_at", nullable=True),
    text_column("page_ref", nullable=True),  # of the page on which a card is kept without a payment
    text_column("page_url_sealed", nullable=True),
    number_column("page_ends", nullable=True),
    number_column("next_at", nullable=True),  # when to ask the provider (again); null when all is known
    number_column("lease_until", nullable=True),  # by the database's clock
    number_column("failures", 0),
    number_column("created_at"),  # since then the provider may know this customer
    number_column("version", 1),
    writer_column(),
    text_column("tax_sealed", nullable=True),  # JSON: what the provider was told of their tax, and what it said to it
    sa.UniqueConstraint("person_id", "mode"),
    sa.UniqueConstraint("ref"),
    sa.Index(None, "next_at"),
)

cards = sa.Table(
    "cards",
    metadata,
    id_column(),
    ref_column("customer_id", "customers"),
    text_column("ref"),  # pm_…
    text_column("state"),  # kept | leaving (to be removed at the provider) | removed
    text_column("brand"),
    text_column("last4"),
    number_column("exp_month"),
    number_column("exp_year"),
    text_column("fingerprint", nullable=True),  # the same for the same card, kept twice
    number_column("chosen_at"),  # when it was kept, or said to be the first: the latest is offered first
    text_column("words", nullable=True),  # under which it was kept; null for one that was kept without us
    number_column("agreed_at", nullable=True),
    number_column("warned_for", nullable=True),  # the end of which its client was warned: 203412
    number_column("next_at", nullable=True),
    number_column("lease_until", nullable=True),  # by the database's clock
    number_column("failures", 0),
    number_column("created_at"),
    number_column("version", 1),
    writer_column(),
    sa.UniqueConstraint("ref"),
    sa.Index(None, "customer_id"),
    sa.Index(None, "next_at"),
)
