"""Workspaces, the catalogue's generation, leases, the audit trail and faults."""

import sqlalchemy as sa

from storage.columns import Id, id_column, json_column, metadata, number_column, text_column

workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("team_ref", sa.Text, primary_key=True),
    text_column("enterprise_ref", nullable=True),
    text_column("name_sealed", nullable=True),
    text_column("token_sealed", nullable=True),
    text_column("bot_user_ref", nullable=True),
    text_column("bot_ref", nullable=True),
    text_column("installer_ref", nullable=True),
    text_column("state", default="active"),  # active | closed | uninstalled
    number_column("installed_at"),
    number_column("version", 1),
    text_column("refresh_sealed", nullable=True),  # with Slack's token rotation, as the two that follow
    number_column("token_ends_at", nullable=True),
    number_column("token_lost_at", nullable=True),
)

# Written by the version before this one alone: a state is signed now, and needs no row.
oauth_states = sa.Table(
    "oauth_states",
    metadata,
    sa.Column("state_hash", sa.Text, primary_key=True),
    number_column("expires_at"),
    number_column("used_at", nullable=True),
)

catalogue = sa.Table(
    "catalogue",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    number_column("generation", 1),  # raised by triggers: see `storage.upkeep.generations`
)

canary = sa.Table(
    "canary",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),  # always 1
    text_column("stage_sealed"),  # a `storage.sealing.Stage`
)

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("kind"),  # web | worker
    text_column("key_ids"),  # of SECRET_KEYS in their order, each before a space
    text_column("stage"),  # that it works by: see `storage.sealing.Stage`
    number_column("seen_at"),  # on the database's own clock
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text_column("owner"),
    number_column("epoch"),
    number_column("until"),
    text_column("cursor", nullable=True),  # what the holder must not forget: Telegram's polling offset
)

audit = sa.Table(
    "audit",
    metadata,
    id_column(),
    number_column("person_id", nullable=True),  # null: the practice itself, by time
    text_column("via"),  # telegram | slack | web | stripe | worker | cli
    text_column("act"),  # booking.cancelled, offer.opened, role.granted …
    text_column("subject"),  # booking:12
    json_column("before", nullable=True),
    json_column("after", nullable=True),
    text_column("why", nullable=True),
    number_column("at"),
    sa.Index(None, "subject"),
    sa.Index(None, "at"),
    sa.Index(None, "person_id", "id"),
)

faults = sa.Table(
    "faults",
    metadata,
    sa.Column("ref", sa.Text, primary_key=True),
    number_column("at"),
    json_column("trail"),  # steps from the tap to the vendor call: ids and names of steps, no contents
    sa.Index(None, "at"),
)

set_aside = sa.Table(
    "set_aside",
    metadata,
    id_column(),
    text_column("table_name"),
    text_column("row_ref"),  # the row's key there
    text_column("reference"),  # what people are shown; `faults` has the same
    text_column("why"),  # see bot.domain.records.Why
    number_column("since"),
    number_column("tried_at"),  # when it was last found so
    number_column("told_at", nullable=True),  # the owners read of it
    number_column("cleared_at", nullable=True),  # it could be read again, or is no longer there
    sa.UniqueConstraint("table_name", "row_ref"),
    sa.UniqueConstraint("reference"),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # see storage.journal.marks
    number_column("at"),
)
