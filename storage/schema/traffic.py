"""Outbox, inbox and conversations."""

import sqlalchemy as sa

from bot.domain.notices.notices import PLANNED
from storage.columns import (
    ABOUT,
    SEALED_ROW,
    UNCARRIED,
    Id,
    id_column,
    metadata,
    number_column,
    ref_column,
    text_column,
    writer_column,
)

# What is yet to go out, and of that what was not planned long ahead: indexes that do not grow with the past.
_STILL = "state IN ('pending', 'sending')"
_OPEN = sa.text(_STILL)
_ASKED = sa.text(f"{_STILL} AND kind NOT IN ({', '.join(repr(kind.value) for kind in sorted(PLANNED))})")

_ENDED = sa.text("state NOT IN ('pending', 'sending')")
_OPEN_FORMS = sa.text("form_expires IS NOT NULL")

outbox = sa.Table(
    "outbox",
    metadata,
    id_column(),
    text_column("key"),  # subject version x kind x recipient
    ref_column("person_id", "persons"),
    text_column("kind"),  # see bot.domain.notices
    text_column("address"),  # what to visit as that person when due
    text_column("subject", nullable=True),  # see storage.subjects
    number_column("booking_id", nullable=True),  # of the version before, beside `subject`
    number_column("due"),
    number_column("expires", nullable=True),
    text_column("state", default="pending"),  # pending | sending | sent | cancelled | dropped | uncertain | dead
    text_column("note", nullable=True),  # why it is cancelled, dropped, uncertain or dead
    number_column("attempts", 0),  # intents to send
    number_column("failures", 0),  # of sending it, then of correcting it
    number_column("perhaps", 0),  # how often it may have gone out
    text_column("owner", nullable=True),  # who claimed it
    number_column("lease_until", nullable=True),  # by the database's clock
    number_column("account_id", nullable=True),  # where it went
    text_column("chat_ref", nullable=True),
    text_column("message_ref", nullable=True),
    text_column("digest", nullable=True),  # of what was sent: an equal correction is not sent
    number_column("correct_at", nullable=True),  # a correction of what was sent is due
    number_column("created_at"),
    number_column("sent_at", nullable=True),
    writer_column(),
    sa.UniqueConstraint("key"),
    sa.Index(None, "subject", sqlite_where=ABOUT, postgresql_where=ABOUT),
    sa.Index(None, "booking_id"),
    sa.Index("ix_outbox_uncarried", "booking_id", sqlite_where=UNCARRIED, postgresql_where=UNCARRIED),
    sa.Index("ix_outbox_correct_at", "correct_at"),
    sa.Index("ix_outbox_open", "person_id", "due", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index("ix_outbox_due", "due", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index("ix_outbox_asked", "due", "id", sqlite_where=_ASKED, postgresql_where=_ASKED),
    sa.Index("ix_outbox_ended", "due", sqlite_where=_ENDED, postgresql_where=_ENDED),
)

inbox = sa.Table(
    "inbox",
    metadata,
    id_column(),
    text_column("provider"),
    text_column("external_id"),
    text_column("kind"),
    text_column("payload_sealed"),
    text_column("state", default="received"),  # received | applied | ignored | failed
    number_column("attempts", 0),
    number_column("next_at"),
    number_column("lease_until", nullable=True),  # by the database's clock
    text_column("error", nullable=True),
    number_column("received_at"),
    writer_column(),
    sa.UniqueConstraint("provider", "external_id"),
    sa.Index(None, "state", "next_at"),
    sa.Index(None, "received_at"),
    info={SEALED_ROW: ("provider", "external_id")},  # one that is known already is not inserted, and would waste an id
)

acts = sa.Table(
    "acts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # of the update that caused it
    number_column("person_id", nullable=True),
    text_column("next", nullable=True),  # the address shown after it
    number_column("at"),
    sa.Index(None, "person_id", "at"),
    sa.Index(None, "at"),
)

meters = sa.Table(
    "meters",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),  # what is counted
    sa.Column("whose", sa.BigInteger, primary_key=True, autoincrement=False),  # a person's id, or a payment's
    number_column("since"),  # in milliseconds
    number_column("spent"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), primary_key=True),
    text_column("living_ref", nullable=True),  # message id of the one living message
    text_column("chat_address", nullable=True),  # where the private chat stands
    text_column("home_address", nullable=True),
    text_column("home_sealed", nullable=True),  # what the last act there came to, and the page that says so
    text_column("form_sealed", nullable=True),  # the open form's answers
    number_column("form_expires", nullable=True),
    number_column("misses", 0),  # typed words in a row that fitted nothing
    sa.Column("newest", sa.Double, nullable=True),  # order of the update that wrote form or chat_address last
    text_column("answered", nullable=True),  # keys of the updates that were answered last, each between two spaces
    text_column("shown", nullable=True),  # key of the update whose answer stands as a new message
    number_column("version", 1),
    sa.Index(None, "form_expires", sqlite_where=_OPEN_FORMS, postgresql_where=_OPEN_FORMS),
)

drafts = sa.Table(
    "drafts",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    text_column("kind"),  # hours: a change shown before it is saved
    text_column("body_sealed"),
    number_column("expires_at"),
    number_column("created_at"),
    sa.Index(None, "expires_at"),
)
