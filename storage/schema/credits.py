"""Credits for sessions: the grants, and the ledger of what became of each credit."""

import sqlalchemy as sa

from storage.columns import SEALED_ROW, Id, id_column, metadata, number_column, ref_column, text_column, writer_column

_GRACE = sa.text("until IS NOT NULL")
_GIVEN = sa.text("kind NOT IN ('reserved', 'spent', 'returned')")
_BOOKED = sa.text("booking_id IS NOT NULL")

grants = sa.Table(
    "grants",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),  # whose it is
    number_column("order_id", nullable=True),
    number_column("package_id", nullable=True),
    text_column("name"),  # public words of the practice
    number_column("sessions"),
    number_column("price"),  # what was paid for it
    number_column("single_price"),  # of one session on that day
    text_column("currency"),
    number_column("weekly_cap", nullable=True),
    number_column("expires_at", nullable=True),
    number_column("extended_at", nullable=True),  # by the owner, once
    text_column("extended_why_sealed", nullable=True),
    number_column("bought_at"),
    number_column("version", 1),
    writer_column(),
    sa.Index(None, "person_id"),
    sa.Index(None, "order_id"),
    sa.Index(None, "expires_at"),
)

grant_offers = sa.Table(
    "grant_offers",
    metadata,
    sa.Column("grant_id", Id, sa.ForeignKey("grants.id"), primary_key=True),
    sa.Column("offer_id", Id, sa.ForeignKey("offers.id"), primary_key=True),
)

grant_members = sa.Table(
    "grant_members",
    metadata,
    sa.Column("grant_id", Id, sa.ForeignKey("grants.id"), primary_key=True),
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), primary_key=True),
    sa.Index(None, "person_id"),
)

credit_entries = sa.Table(
    "credit_entries",
    metadata,
    id_column(),
    ref_column("grant_id", "grants"),
    number_column("number"),  # 1.. within the grant
    text_column("kind"),  # see bot.domain.credits.grants.EntryKind
    number_column("amount"),  # signed: what it adds to the credits that are available
    number_column("balance"),  # available after it
    number_column("reserved"),  # taken by bookings after it
    number_column("booking_id", nullable=True),
    number_column("order_id", nullable=True),
    number_column("person_id", nullable=True),  # who acted; null: by time, or by the news of a payment
    text_column("why_sealed", nullable=True),  # the owner's reason
    number_column("until", nullable=True),  # of a credit with days of grace
    number_column("at"),
    sa.UniqueConstraint("grant_id", "number"),
    sa.CheckConstraint("balance >= 0", name="balance"),
    sa.CheckConstraint("reserved >= 0", name="reserved"),
    sa.Index(None, "at"),
    sa.Index("ix_credit_entries_booking", "booking_id", sqlite_where=_BOOKED, postgresql_where=_BOOKED),
    sa.Index("ix_credit_entries_given", "grant_id", sqlite_where=_GIVEN, postgresql_where=_GIVEN),
    sa.Index("ix_credit_entries_grace", "grant_id", "until", sqlite_where=_GRACE, postgresql_where=_GRACE),
    sa.Index("ix_credit_entries_until", "until", sqlite_where=_GRACE, postgresql_where=_GRACE),
    info={SEALED_ROW: ("grant_id", "number")},  # known before it is there, whose id the database alone gives
)
