"""The practice, its people, coaches and offers."""

import sqlalchemy as sa

from storage.columns import Id, id_column, json_column, metadata, number_column, ref_column, text_column

practice = sa.Table(
    "practice",
    metadata,
    id_column(),  # always 1
    text_column("name", nullable=True),
    text_column("currency", nullable=True),
    text_column("zone", nullable=True),
    text_column("contact_sealed", nullable=True),
    text_column("address_sealed", nullable=True),
    text_column("tax_number_sealed", nullable=True),
    number_column("quiet_from", 1320),  # minutes after local midnight
    number_column("quiet_to", 480),
    number_column("opened_at", nullable=True),  # first moment with a bookable hour
    json_column("progress"),  # which questions of /setup were answered
    number_column("version", 1),
    json_column("limits", nullable=True),  # those that an owner changed: see bot.domain.practice.client_limits
    text_column("tax", nullable=True),  # inclusive | exclusive: the payment provider reckons it; null: nobody does
    text_column("tax_code", nullable=True),  # the provider's name for what is sold; null: as its settings have it
    text_column("hash_key_sealed", nullable=True),  # see storage.practice.hash_key
    json_column("sms_prices", nullable=True),  # of a part, by country, in millionths of the currency
    number_column("sms_ceiling", nullable=True),  # the most that a month of SMS may cost, in the same; null: no limit
)

_MERGED = sa.text("merged_into IS NOT NULL")

NAME = "persons.name_sealed"
"""A person's name, as what is sealed is bound to it: many rows are shown with one."""

persons = sa.Table(
    "persons",
    metadata,
    id_column(),
    text_column("name_sealed"),
    text_column("zone", nullable=True),
    text_column("zone_from", nullable=True),  # slack | asked | changed
    text_column("language", default="en"),
    text_column("language_from", default="platform"),  # platform | chosen
    json_column("leads", nullable=True),  # reminder leads in minutes; null: the default
    number_column("reminders", 1),
    json_column("stopped", nullable=True),  # the kinds of reminders that the person stopped, of those chosen
    number_column("created_at"),
    number_column("version", 1),
    number_column("merged_into", nullable=True),  # the person who this one turned out to be: see storage.identity
    text_column("buyer_sealed", nullable=True),  # JSON: what they entered for receipts, see storage.people.buyers
    json_column("preferences", nullable=True),  # where and whether, by topic: see storage.people.preferences
    sa.Index("ix_persons_merged_into", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
)

_REACHABLE = sa.text("unreachable IS NULL")
_UNPROVED = sa.text("address_sealed IS NOT NULL AND verified_at IS NULL")

accounts = sa.Table(
    "accounts",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    text_column("platform"),  # telegram | slack | email | sms
    text_column("workspace", default=""),  # Slack team id, else empty
    text_column("user_ref"),  # the platform's own user id; of an address see storage.people.addresses
    text_column("chat_ref", nullable=True),  # private chat: Telegram chat id, Slack D… id
    text_column("unreachable", nullable=True),  # why: see bot.domain.people.people.Unreachable
    text_column("platform_zone", nullable=True),  # what the platform last said, whether it is followed or not
    number_column("seen_at"),
    text_column("address_sealed", nullable=True),  # of mail and SMS alone, as the three that follow
    number_column("verified_at", nullable=True),  # null: nothing is sent there but its code
    text_column("code_salt", nullable=True),  # what its code is made of, beside a key: see storage.people.addresses
    number_column("code_at", nullable=True),
    number_column("code_tries", 0),
    sa.UniqueConstraint("platform", "workspace", "user_ref"),
    sa.Index(None, "person_id"),
    sa.Index(None, "seen_at", sqlite_where=_REACHABLE, postgresql_where=_REACHABLE),
    sa.Index("ix_accounts_unproved", "seen_at", sqlite_where=_UNPROVED, postgresql_where=_UNPROVED),
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),  # owner | coach
    number_column("granted_at"),
)

coaches = sa.Table(
    "coaches",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    text_column("short_name"),  # public, in deep links: `coach-<short_name>`
    text_column("state", default="active"),  # active | paused | removed
    text_column("zone"),
    text_column("place_kind", nullable=True),  # a bot.domain.offers.PlaceKind
    text_column("place_sealed", nullable=True),
    json_column("weekly"),  # seven lists of [from_minute, to_minute]
    json_column("days"),  # {"2026-12-24": [[540, 720]] or []}
    text_column("about", nullable=True),  # one line that clients read
    number_column("asked_for_hours_at", nullable=True),  # when the fix button was last sent
    number_column("created_at"),
    number_column("version", 1),  # of the schedule: compare-and-swap, and Undo
    sa.UniqueConstraint("short_name"),
    sa.UniqueConstraint("person_id"),
)

schedule_versions = sa.Table(
    "schedule_versions",
    metadata,
    sa.Column("coach_id", Id, sa.ForeignKey("coaches.id"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True),
    json_column("weekly"),
    json_column("days"),
    number_column("saved_at"),
    number_column("undone", 0),  # 1: made by taking back the version before
)

offers = sa.Table(
    "offers",
    metadata,
    id_column(),
    text_column("name"),  # public words of the practice, not of a person
    text_column("state", default="draft"),  # draft | open | paused | archived
    number_column("length_min"),
    number_column("step_min"),
    number_column("price"),  # minor units of the practice's currency; 0 is free
    text_column("currency"),
    text_column("place_kind", nullable=True),  # null: the coach's own place
    text_column("place_sealed", nullable=True),
    number_column("buffer_before_min", 10),
    number_column("buffer_after_min", 10),
    number_column("notice_min", 720),
    number_column("horizon_days", 60),
    number_column("daily_cap", nullable=True),
    number_column("weekly_cap", nullable=True),
    number_column("cancel_cutoff_min", 1440),
    number_column("move_cutoff_min", 720),
    number_column("max_moves", 2),
    number_column("late_cancel_fee", nullable=True),  # minor units; null: none
    number_column("no_show_fee", nullable=True),
    number_column("once_per_client", 0),  # 1: who booked it cannot book it again
    number_column("new_clients_only", 0),  # 1: who booked anything cannot book it
    text_column("description", nullable=True),  # public words of the practice
    number_column("position", 0),
    number_column("created_at"),
    number_column("version", 1),
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
    id_column(),
    text_column("token_hash"),  # of the link
    text_column("code_hash", nullable=True),  # of the short code that can be typed instead
    text_column("purpose", default="coach"),
    ref_column("made_by", "persons"),
    number_column("account_id", nullable=True),  # the Slack account it was given to, if picked
    number_column("created_at"),
    number_column("expires_at"),
    number_column("used_at", nullable=True),
    number_column("used_by", nullable=True),
    number_column("revoked_at", nullable=True),
    sa.UniqueConstraint("token_hash"),
    sa.UniqueConstraint("code_hash"),
)
