"""How far the delivery of a notice has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.notices.notices import Notice


class Delivery(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # the intent is marked, the outcome not yet known
    SENT = "sent"
    CANCELLED = "cancelled"  # no longer wanted, before it went out
    DROPPED = "dropped"  # no longer so when it was due
    UNCERTAIN = "uncertain"  # may have gone out and must not go out twice
    DEAD = "dead"  # cannot be delivered


@dataclass(frozen=True)
class OutboxRow:
    """A notice and its delivery.

    `again`: a sender marked the intent and its outcome is unknown, so the message may be out already.
    `attempts` counts marked intents, `failures` what went wrong with sending it (once it is out, with correcting it),
    `perhaps` the sendings of which nobody knows whether they arrived. `account_id`, `chat_ref`, `message_ref` say where
    it went, `digest` what was said there; before that, an `account_id` is the only account where it may go.
    `correct_at` is set while a correction of it is wanted. `note` is a short code for its end.
    """

    id: int
    notice: Notice
    state: Delivery
    attempts: int = 0
    failures: int = 0
    perhaps: int = 0
    again: bool = False
    note: str | None = None
    account_id: int | None = None
    chat_ref: str | None = None
    message_ref: str | None = None
    digest: str | None = None
    correct_at: datetime | None = None
    sent_at: datetime | None = None
