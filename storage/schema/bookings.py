"""Sessions, bookings, and what people say to each other about them."""

import sqlalchemy as sa

from storage.columns import id_column, json_column, metadata, number_column, ref_column, text_column

SESSION_SECONDS = 86_400
"""A session is no longer than that, so that a search over time is bounded on both sides."""

_KEPT = sa.text("kept_until IS NOT NULL AND state = 'held'")

sessions = sa.Table(
    "sessions",
    metadata,
    id_column(),
    ref_column("coach_id", "coaches"),
    number_column("starts"),
    number_column("ends"),  # half-open, without buffers
    text_column("state"),  # held | confirmed | conflict | moving | ended
    number_column("buffer_before_min", 0),
    number_column("buffer_after_min", 0),
    number_column("version", 1),
    number_column("kept_until", nullable=True),  # of a time without a booking: until when a session may move there
    sa.Index(None, "coach_id", "starts"),
    sa.Index("ix_sessions_kept", "kept_until", sqlite_where=_KEPT, postgresql_where=_KEPT),
    sa.CheckConstraint("ends > starts", name="order"),
    sa.CheckConstraint(f"ends - starts <= {SESSION_SECONDS}", name="length"),
)

_ON_CREDIT = sa.text("grant_id IS NOT NULL")
_PLANNED = sa.text("plan_id IS NOT NULL")
_HELD_ALONE = sa.text("state = 'held' AND (plan_id IS NULL OR plan_id = id)")

bookings = sa.Table(
    "bookings",
    metadata,
    id_column(),
    ref_column("session_id", "sessions"),
    number_column("seat", 1),
    ref_column("person_id", "persons"),  # the client
    ref_column("coach_id", "coaches"),
    ref_column("offer_id", "offers"),
    text_column("state"),  # held | confirmed | cancelled | expired
    text_column("offer_name"),
    number_column("length_min"),
    number_column("price"),
    text_column("currency"),
    text_column("place_kind"),
    text_column("place_sealed"),
    number_column("cancel_cutoff_min"),
    number_column("move_cutoff_min"),
    number_column("max_moves"),
    number_column("moves", 0),
    number_column("moved_from", nullable=True),  # the start before the last move; null in rows moved before it was kept
    number_column("cancel_late", 0),  # 1: its client moved it after its cut-off for cancelling
    text_column("phone_sealed", nullable=True),  # where the client is called; null again days after the session
    text_column("client_zone"),
    text_column("coach_zone"),
    number_column("hold_ends", nullable=True),
    number_column("hold_warned", 0),  # 1: told that little time is left, 2: that it is over
    text_column("outcome", nullable=True),  # held | late | no_show
    number_column("outcome_at", nullable=True),
    text_column("ended_by", nullable=True),  # client | coach | owner | time
    number_column("ended_by_person_id", nullable=True),  # of the practice; null in rows that ended before it was kept
    text_column("end_reason_sealed", nullable=True),
    text_column("end_usual", nullable=True),  # ill | came_up, where the reason was chosen and not typed
    number_column("created_at"),
    number_column("ended_at", nullable=True),
    text_column("cover", nullable=True),  # free | order | credit | sponsor; null before it was kept: by its price
    number_column("order_id", nullable=True),  # the order that pays for it
    number_column("version", 1),
    number_column("grant_id", nullable=True),  # whose credit it took, if it took one
    number_column("plan_id", nullable=True),  # the first of the bookings that were planned together, itself included
    number_column("tax_amount", nullable=True),  # in what pays for it; of a credit, once that is used up
    json_column("tax_rates", nullable=True),
    json_column("tax_location", nullable=True),
    number_column("late_cancel_fee", nullable=True),  # as its client agreed to it: see fee_consents; null: none
    number_column("no_show_fee", nullable=True),
    number_column("fee", nullable=True),  # one of them, charged: paid, or still owed
    number_column("client_filed", 0),  # 1: its client has it as a calendar file
    number_column("coach_filed", 0),
    sa.Index(None, "session_id"),
    sa.Index("ix_bookings_plan", "plan_id", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
    sa.Index("ix_bookings_grant", "grant_id", sqlite_where=_ON_CREDIT, postgresql_where=_ON_CREDIT),
    sa.Index(None, "person_id", "state"),
    sa.Index(None, "coach_id", "state"),
    sa.Index(
        "ix_bookings_order",
        "order_id",
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_bookings_phone",
        "person_id",
        sqlite_where=sa.text("phone_sealed IS NOT NULL"),
        postgresql_where=sa.text("phone_sealed IS NOT NULL"),
    ),
    sa.Index(
        "ix_bookings_held",
        "hold_ends",
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    ),
    sa.Index(
        "uq_bookings_seat",
        "session_id",
        "seat",
        unique=True,
        sqlite_where=sa.text("state IN ('held', 'confirmed')"),
        postgresql_where=sa.text("state IN ('held', 'confirmed')"),
    ),
    sa.Index(
        "uq_bookings_open_hold",  # of a plan, its first date stands for all
        "person_id",
        unique=True,
        sqlite_where=_HELD_ALONE,
        postgresql_where=_HELD_ALONE,
    ),
)

proposals = sa.Table(
    "proposals",
    metadata,
    id_column(),
    ref_column("booking_id", "bookings"),
    number_column("starts"),
    number_column("from_person_id", nullable=True),  # null in rows that were made before it was kept
    text_column("state"),  # open | accepted | declined | other | withdrawn | lapsed
    number_column("expires_at"),
    number_column("created_at"),
    number_column("version", 1),
    number_column("to_coach_id", nullable=True),  # who is to take the session over, if anybody is
    number_column("from_coach_id", nullable=True),  # whose session it was then
    sa.Index(None, "booking_id"),
    sa.Index(None, "state", "expires_at"),
)

waits = sa.Table(
    "waits",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    ref_column("offer_id", "offers"),
    number_column("coach_id", nullable=True),
    number_column("created_at"),
    number_column("told_at", nullable=True),
    sa.Index(None, "told_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    id_column(),
    ref_column("booking_id", "bookings"),
    ref_column("from_person_id", "persons"),
    ref_column("to_person_id", "persons"),
    text_column("text_sealed"),
    number_column("created_at"),
    sa.Index(None, "booking_id"),
)

letters = sa.Table(
    "letters",
    metadata,
    id_column(),
    ref_column("from_person_id", "persons"),
    ref_column("to_person_id", "persons"),
    text_column("text_sealed"),
    number_column("created_at"),
    number_column("from_practice", nullable=True),  # 1: an owner wrote it; null in rows from before it was kept
)
