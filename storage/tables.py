"""The schema. Instants are epoch seconds (UTC), money is integer minor units, ids are 64-bit integers.

Columns whose name ends in `_sealed` hold text encrypted by `storage.sealing`; nothing else may hold a name,
a token, a phone number, a link or the words of a message. JSON columns hold what is never searched.
Append-only tables (`audit`, `transactions`) are guarded by triggers; overlap of one coach's sessions by a
constraint; both are created by `storage.guards`, which every migration calls last.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.BigInteger


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, server_default=default)


def _number(name: str, default: int | None = None, *, nullable: bool = False) -> sa.Column[int]:
    server_default = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.BigInteger, nullable=nullable, server_default=server_default)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=nullable)


# -- the practice and its people -------------------------------------------------------------------------

practice = sa.Table(
    "practice",
    metadata,
    _id(),  # always 1
    _text("name", nullable=True),
    _text("currency", nullable=True),
    _text("zone", nullable=True),
    _text("contact_sealed", nullable=True),
    _number("quiet_from", 1320),  # minutes after local midnight
    _number("quiet_to", 480),
    _number("opened_at", nullable=True),  # first moment with a bookable hour
    _json("progress"),  # which questions of /setup were answered
    _number("version", 1),
)

persons = sa.Table(
    "persons",
    metadata,
    _id(),
    _text("name_sealed"),
    _text("zone", nullable=True),
    _text("zone_from", nullable=True),  # slack | asked | changed
    _text("language", default="en"),
    _text("language_from", default="platform"),  # platform | chosen
    _json("leads", nullable=True),  # reminder leads in minutes; null: the default
    _number("reminders", 1),
    _number("created_at"),
    _number("version", 1),
)

accounts = sa.Table(
    "accounts",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _text("platform"),  # telegram | slack
    _text("workspace", default=""),  # Slack team id, empty on Telegram
    _text("user_ref"),  # the platform's own user id
    _text("chat_ref", nullable=True),  # private chat: Telegram chat id, Slack D… id
    _text("unreachable", nullable=True),  # why: blocked | deactivated | uninstalled | not_found
    _text("platform_zone", nullable=True),  # what the platform last said, whether it is followed or not
    _number("seen_at"),
    sa.UniqueConstraint("platform", "workspace", "user_ref"),
    sa.Index(None, "person_id"),
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),  # owner | coach
    _number("granted_at"),
)

coaches = sa.Table(
    "coaches",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _text("short_name"),  # public, in deep links: `coach-<short_name>`
    _text("state", default="active"),  # active | paused | removed
    _text("zone"),
    _text("place_kind", nullable=True),  # a bot.domain.offers.PlaceKind
    _text("place_sealed", nullable=True),
    _json("weekly"),  # seven lists of [from_minute, to_minute]
    _json("days"),  # {"2026-12-24": [[540, 720]] or []}
    _number("asked_for_hours_at", nullable=True),  # when the fix button was last sent
    _number("created_at"),
    _number("version", 1),  # of the schedule: compare-and-swap, and Undo
    sa.UniqueConstraint("short_name"),
    sa.UniqueConstraint("person_id"),
)

schedule_versions = sa.Table(
    "schedule_versions",
    metadata,
    sa.Column("coach_id", Id, sa.ForeignKey("coaches.id"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True),
    _json("weekly"),
    _json("days"),
    _number("saved_at"),
)

offers = sa.Table(
    "offers",
    metadata,
    _id(),
    _text("name"),  # public words of the practice, not of a person
    _text("state", default="draft"),  # draft | open | paused | archived
    _number("length_min"),
    _number("step_min"),
    _number("price"),  # minor units of the practice's currency; 0 is free
    _text("currency"),
    _text("place_kind", nullable=True),  # null: the coach's own place
    _text("place_sealed", nullable=True),
    _number("buffer_before_min", 10),
    _number("buffer_after_min", 10),
    _number("notice_min", 720),
    _number("horizon_days", 60),
    _number("daily_cap", nullable=True),
    _number("weekly_cap", nullable=True),
    _number("cancel_cutoff_min", 1440),
    _number("move_cutoff_min", 720),
    _number("max_moves", 2),
    _number("position", 0),
    _number("created_at"),
    _number("version", 1),
)

offer_coaches = sa.Table(
    "offer_coaches",
    metadata,
    sa.Column("offer_id", Id, sa.ForeignKey("offers.id"), primary_key=True),
    sa.Column("coach_id", Id, sa.ForeignKey("coaches.id"), primary_key=True),
    sa.Index(None, "coach_id"),
)

invitations = sa.Table(
    "invitations",
    metadata,
    _id(),
    _text("token_hash"),  # of the link
    _text("code_hash", nullable=True),  # of the short code that can be typed instead
    _text("purpose", default="coach"),
    _ref("made_by", "persons"),
    _number("account_id", nullable=True),  # the Slack account it was given to, if picked
    _number("created_at"),
    _number("expires_at"),
    _number("used_at", nullable=True),
    _number("used_by", nullable=True),
    _number("revoked_at", nullable=True),
    sa.UniqueConstraint("token_hash"),
    sa.UniqueConstraint("code_hash"),
)

# -- sessions and bookings -------------------------------------------------------------------------------

sessions = sa.Table(
    "sessions",
    metadata,
    _id(),
    _ref("coach_id", "coaches"),
    _number("starts"),
    _number("ends"),  # half-open, without buffers
    _text("state"),  # held | confirmed | conflict | moving | ended
    _number("buffer_before_min", 0),
    _number("buffer_after_min", 0),
    _number("version", 1),
    sa.Index(None, "coach_id", "starts"),
    sa.CheckConstraint("ends > starts", name="order"),
    sa.CheckConstraint("ends - starts <= 86400", name="length"),  # bounds every query over time
)

bookings = sa.Table(
    "bookings",
    metadata,
    _id(),
    _ref("session_id", "sessions"),
    _number("seat", 1),
    _ref("person_id", "persons"),  # the client
    _ref("coach_id", "coaches"),
    _ref("offer_id", "offers"),
    _text("state"),  # held | confirmed | cancelled | expired
    _text("offer_name"),
    _number("length_min"),
    _number("price"),
    _text("currency"),
    _text("place_kind"),
    _text("place_sealed"),
    _number("cancel_cutoff_min"),
    _number("move_cutoff_min"),
    _number("max_moves"),
    _number("moves", 0),
    _text("client_zone"),
    _text("coach_zone"),
    _number("hold_ends", nullable=True),
    _number("hold_warned", 0),  # the note of the last five minutes was written
    _text("outcome", nullable=True),  # held | late | no_show
    _number("outcome_at", nullable=True),
    _text("ended_by", nullable=True),  # client | coach | owner | time | payment
    _text("end_reason_sealed", nullable=True),
    _number("created_at"),
    _number("ended_at", nullable=True),
    _number("version", 1),
    sa.Index(None, "person_id", "state"),
    sa.Index(None, "coach_id", "state"),
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
        "uq_bookings_open_hold",
        "person_id",
        unique=True,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    ),
)

proposals = sa.Table(
    "proposals",
    metadata,
    _id(),
    _ref("booking_id", "bookings"),
    _number("starts"),
    _text("state"),  # open | accepted | declined | other | withdrawn | lapsed
    _number("expires_at"),
    _number("created_at"),
    _number("version", 1),
    sa.Index(None, "booking_id"),
)

waits = sa.Table(
    "waits",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _ref("offer_id", "offers"),
    _number("coach_id", nullable=True),
    _number("created_at"),
    _number("told_at", nullable=True),
    sa.Index(None, "told_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    _id(),
    _ref("booking_id", "bookings"),
    _ref("from_person_id", "persons"),
    _ref("to_person_id", "persons"),
    _text("text_sealed"),
    _number("created_at"),
    sa.Index(None, "booking_id"),
)

# -- money -----------------------------------------------------------------------------------------------

payments = sa.Table(
    "payments",
    metadata,
    _id(),
    _ref("booking_id", "bookings"),
    _number("attempt", 1),
    _text("state"),  # intended | open | closing | closed | accepted | refused (paid, but given back)
    _number("amount"),
    _text("currency"),
    _json("parameters"),  # frozen: what a retry with the same idempotency key replays
    _text("checkout_ref", nullable=True),  # cs_…
    _text("checkout_url_sealed", nullable=True),
    _text("intent_ref", nullable=True),  # pi_…
    _text("charge_ref", nullable=True),  # ch_…
    _number("expires_at"),
    _number("asked_at", nullable=True),
    _number("created_at"),
    _number("version", 1),
    sa.UniqueConstraint("checkout_ref"),
    sa.UniqueConstraint("booking_id", "attempt"),
    sa.Index(None, "state"),
    sa.Index(
        "uq_payments_accepted",
        "booking_id",
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    ),
)

refunds = sa.Table(
    "refunds",
    metadata,
    _id(),
    _ref("payment_id", "payments"),
    _number("amount"),
    _text("currency"),
    _text("reason"),  # policy | coach | late | second | declined
    _text("state"),  # intended | pending | succeeded | failed
    _text("refund_ref", nullable=True),  # re_…
    _number("attempts", 0),
    _number("next_at"),
    _number("created_at"),
    _number("version", 1),
    sa.UniqueConstraint("refund_ref"),
    sa.Index(None, "state", "next_at"),
)

transactions = sa.Table(
    "transactions",
    metadata,
    _id(),
    _text("kind"),  # charge | refund | fee | adjustment
    _text("external_ref"),  # Stripe's id of this very movement: ch_…, re_…, txn_…
    _text("intent_ref", nullable=True),
    _number("payment_id", nullable=True),
    _number("booking_id", nullable=True),
    _number("amount"),  # signed: what came in is positive
    _text("currency"),
    _number("tax_amount", nullable=True),
    _json("tax_rates", nullable=True),
    _json("tax_location", nullable=True),
    _number("at"),
    sa.UniqueConstraint("kind", "external_ref"),
    sa.Index(None, "booking_id"),
)

# -- what goes out and what comes in ---------------------------------------------------------------------

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    _text("key"),  # subject version x kind x recipient
    _ref("person_id", "persons"),
    _text("kind"),  # see bot.domain.notices
    _text("address"),  # what to visit as that person when due
    _number("booking_id", nullable=True),
    _number("due"),
    _number("expires", nullable=True),
    _text("state", default="pending"),  # pending | sending | sent | cancelled | dropped | uncertain | dead
    _text("note", nullable=True),  # why it is cancelled, dropped, uncertain or dead
    _number("attempts", 0),
    _text("owner", nullable=True),  # who claimed it
    _number("lease_until", nullable=True),
    _number("account_id", nullable=True),  # where it went
    _text("chat_ref", nullable=True),
    _text("message_ref", nullable=True),
    _text("digest", nullable=True),  # of what was sent: an equal correction is not sent
    _number("correct_at", nullable=True),  # a correction of what was sent is due
    _number("created_at"),
    _number("sent_at", nullable=True),
    sa.UniqueConstraint("key"),
    sa.Index(None, "state", "due"),
    sa.Index(None, "booking_id"),
    sa.Index("ix_outbox_correct_at", "correct_at"),
    sa.Index(
        "ix_outbox_open",
        "person_id",
        "due",
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    ),
)

inbox = sa.Table(
    "inbox",
    metadata,
    _id(),
    _text("provider"),
    _text("external_id"),
    _text("kind"),
    _text("payload_sealed"),
    _text("state", default="received"),  # received | applied | ignored | failed
    _number("attempts", 0),
    _number("next_at"),
    _text("error", nullable=True),
    _number("received_at"),
    sa.UniqueConstraint("provider", "external_id"),
    sa.Index(None, "state", "next_at"),
)

acts = sa.Table(
    "acts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # of the update that caused it
    _number("person_id", nullable=True),
    _text("next", nullable=True),  # the address shown after it
    _number("at"),
    sa.Index(None, "person_id", "at"),
    sa.Index(None, "at"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), primary_key=True),
    _text("living_ref", nullable=True),  # message id of the one living message
    _text("home_address", nullable=True),
    _text("form_sealed", nullable=True),  # the open form's answers
    _number("form_expires", nullable=True),
    _number("misses", 0),  # typed words in a row that fitted nothing
    _number("version", 1),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _text("kind"),  # hours: a change shown before it is saved
    _text("body_sealed"),
    _number("expires_at"),
    _number("created_at"),
    sa.Index(None, "expires_at"),
)

# -- workspaces, leases, faults --------------------------------------------------------------------------

workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("team_ref", sa.Text, primary_key=True),
    _text("enterprise_ref", nullable=True),
    _text("name_sealed", nullable=True),
    _text("token_sealed", nullable=True),
    _text("bot_user_ref", nullable=True),
    _text("bot_ref", nullable=True),
    _text("installer_ref", nullable=True),
    _text("state", default="active"),  # active | closed | uninstalled
    _number("installed_at"),
    _number("version", 1),
)

oauth_states = sa.Table(
    "oauth_states",
    metadata,
    sa.Column("state_hash", sa.Text, primary_key=True),
    _number("expires_at"),
    _number("used_at", nullable=True),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _text("owner"),
    _number("epoch"),
    _number("until"),
    _text("cursor", nullable=True),  # what the holder must not forget: Telegram's polling offset
)

audit = sa.Table(
    "audit",
    metadata,
    _id(),
    _number("person_id", nullable=True),  # null: the practice itself, by time
    _text("via"),  # telegram | slack | web | stripe | worker | cli
    _text("act"),  # booking.cancelled, offer.opened, role.granted …
    _text("subject"),  # booking:12
    _json("before", nullable=True),
    _json("after", nullable=True),
    _text("why", nullable=True),
    _number("at"),
    sa.Index(None, "subject"),
    sa.Index(None, "at"),
)

faults = sa.Table(
    "faults",
    metadata,
    sa.Column("ref", sa.Text, primary_key=True),
    _number("at"),
    _json("trail"),  # steps from the tap to the vendor call: ids and names of steps, no contents
    sa.Index(None, "at"),
)
