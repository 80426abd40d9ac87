"""What money is asked for, intents to charge and to give back, and every movement of money."""

import sqlalchemy as sa

from storage.columns import (
    ABOUT,
    NO_ORDER,
    UNCARRIED,
    UNORDERED,
    id_column,
    json_column,
    metadata,
    number_column,
    optional_ref_column,
    ref_column,
    text_column,
    writer_column,
)

orders = sa.Table(
    "orders",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),  # who pays
    text_column("state"),  # open | paid | closed
    number_column("amount"),  # before tax that comes on top
    text_column("currency"),
    number_column("created_at"),
    number_column("paid_at", nullable=True),
    number_column("version", 1),
    writer_column(),
    text_column("invoice_url_sealed", nullable=True),  # where it can be paid inside a chat
    sa.Index(None, "person_id"),
    sa.Index(
        "uq_orders_open",
        "person_id",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

order_lines = sa.Table(
    "order_lines",
    metadata,
    id_column(),
    ref_column("order_id", "orders"),
    number_column("number"),  # 1, 2, … within its order
    text_column("kind"),  # session | package | fee | gift
    text_column("subject", nullable=True),  # what is sold: booking:7, package:3
    text_column("name", nullable=True),  # as it was called when it was sold; a session is told by its booking
    json_column("terms", nullable=True),  # of a package, as it was sold
    number_column("amount"),
    number_column("tax_amount", nullable=True),
    sa.UniqueConstraint("order_id", "number"),
    sa.Index(None, "subject", sqlite_where=ABOUT, postgresql_where=ABOUT),
)

payments = sa.Table(
    "payments",
    metadata,
    id_column(),
    optional_ref_column("booking_id", "bookings"),  # of an order that is one session
    optional_ref_column(
        "order_id", "orders"
    ),  # null in rows from before there were orders: see storage.payments.carried_orders
    text_column("subject", nullable=True),  # see storage.subjects
    number_column("attempt", 1),
    text_column("state"),  # intended | open | closing | closed | accepted | refused (paid, but given back)
    number_column("amount"),
    text_column("currency"),
    text_column("parameters_sealed", nullable=True),  # JSON, frozen: what a retry with the same idempotency key replays
    text_column("checkout_ref", nullable=True),  # cs_…, with a kept card pi_…
    text_column("checkout_url_sealed", nullable=True),
    text_column("intent_ref", nullable=True),  # pi_…
    text_column("charge_ref", nullable=True),  # ch_…
    number_column("expires_at"),
    number_column("asked_at", nullable=True),  # since then there may be a page to pay on
    number_column("next_at", nullable=True),  # when to ask the provider (again); null when all is known
    number_column("lease_until", nullable=True),  # by the database's clock
    number_column("failures", 0),  # unanswered questions in a row
    number_column("left_at", nullable=True),  # the client came back from the page without paying
    text_column("reference", nullable=True),  # the provider will not make its page: under this the steps are kept
    number_column("card_id", nullable=True),  # the kept card that pays it, without a page
    number_column("keep_card", 0),  # the card that pays on its page is kept
    text_column("declined", nullable=True),  # what the bank said when the kept card was charged
    number_column("created_at"),
    number_column("version", 1),
    writer_column(),
    text_column("tax", nullable=True),  # inclusive | exclusive: the provider's page reckons it so; null: it does not
    json_column("tax_reckoned", nullable=True),  # what it comes to with a kept card: see storage.payments.tax_contents
    sa.UniqueConstraint("checkout_ref"),
    sa.UniqueConstraint("booking_id", "attempt"),
    sa.Index(None, "subject", sqlite_where=ABOUT, postgresql_where=ABOUT),
    sa.Index("ix_payments_uncarried", "booking_id", sqlite_where=UNCARRIED, postgresql_where=UNCARRIED),
    sa.Index("ix_payments_unordered", "booking_id", sqlite_where=UNORDERED, postgresql_where=UNORDERED),
    sa.Index("uq_payments_order_id_attempt", "order_id", "attempt", unique=True),
    sa.Index(None, "state"),
    sa.Index(None, "next_at"),
    sa.Index(None, "intent_ref"),
    sa.Index(
        "uq_payments_accepted",
        "booking_id",
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    ),
    sa.Index(
        "uq_payments_accepted_order",
        "order_id",
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    ),
)

refunds = sa.Table(
    "refunds",
    metadata,
    id_column(),
    ref_column("payment_id", "payments"),
    number_column("order_id", nullable=True),  # null, like the subject, in rows from before there were orders
    text_column("subject", nullable=True),  # what it gives back the price of
    number_column("amount"),
    text_column("currency"),
    text_column("reason"),  # see `Refund`; outside: made in the provider's own dashboard
    text_column("state"),  # intended | pending | succeeded | failed
    text_column("refund_ref", nullable=True),  # re_…
    text_column("failure", nullable=True),  # of a failed one: refused | bank | balance | stopped | unknown
    text_column("reference", nullable=True),  # of a refused one: under this the steps are kept
    number_column("attempts", 0),
    number_column("next_at"),
    number_column("lease_until", nullable=True),  # by the database's clock
    number_column("created_at"),
    number_column("version", 1),
    writer_column(),
    number_column("grant_id", nullable=True),  # the credits that the client has in its place; no money moves then
    sa.UniqueConstraint("refund_ref"),
    sa.Index(None, "payment_id"),
    sa.Index(None, "subject", sqlite_where=ABOUT, postgresql_where=ABOUT),
    sa.Index("ix_refunds_unordered", "payment_id", sqlite_where=NO_ORDER, postgresql_where=NO_ORDER),
    sa.Index(None, "state", "next_at"),
)

transactions = sa.Table(
    "transactions",
    metadata,
    id_column(),
    text_column("kind"),  # charge | refund | fee | adjustment
    text_column("external_ref"),  # Stripe's id of this very movement: ch_…, re_…, txn_…
    text_column("intent_ref", nullable=True),
    number_column("payment_id", nullable=True),
    number_column("order_id", nullable=True),  # null in rows from before there were orders: their payment's
    number_column("booking_id", nullable=True),
    number_column("amount"),  # signed: what came in is positive
    text_column("currency"),
    number_column("tax_amount", nullable=True),
    json_column("tax_rates", nullable=True),  # what each rate was applied to: see storage.payments.tax_contents
    json_column("tax_location", nullable=True),
    number_column("at"),
    text_column("tax_exempt", nullable=True),  # exempt | reverse: what the provider had of who paid
    text_column("tax_id", nullable=True),  # the provider's id of their tax number
    sa.UniqueConstraint("kind", "external_ref"),
    sa.Index(None, "booking_id"),
    sa.Index(None, "payment_id"),
    sa.Index(None, "at"),
)
