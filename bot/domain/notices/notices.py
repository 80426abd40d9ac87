"""Kinds of messages that the practice sends by itself. The address of each shows it, judged by the facts of then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.subjects import Subject


class NoticeKind(StrEnum):
    REMINDER = "reminder"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    HOLD = "hold"
    PAID_LATE = "paid-late"
    PAID_TWICE = "paid-twice"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund-failed"
    UNDELIVERABLE = "undeliverable"
    PROPOSAL = "proposal"
    PROPOSAL_ANSWERED = "proposal-answered"
    MESSAGE = "message"
    TIMES_FREE = "times-free"
    NEEDS_HOURS = "needs-hours"
    INVITATION = "invitation"
    COACH_JOINED = "coach-joined"
    OPENED = "opened"
    WORKSPACE = "workspace"
    REMOVED = "removed"
    OWNERS = "owners"
    ZONE_CHANGED = "zone-changed"
    SETTLE = "settle"
    ANSWER = "answer"  # what a reply said that did not get through


REQUESTS = frozenset({NoticeKind.HOLD})
"""A message of these kinds that may have gone out is never sent again: it asks for money."""


PLANNED = frozenset({NoticeKind.REMINDER, NoticeKind.SETTLE})
"""Written long ahead, and many may fall due at once: what came about just now goes out before them."""


@dataclass(frozen=True)
class Notice:
    """One message to one person, written in the transaction of what it tells.

    `key` makes a second write of the same fact a no-op: subject, its version, kind and recipient.
    `address` is visited as that person when it is due; `expires` is when it would come too late. When what is true
    of the `subject` changes, what was said of it can be corrected.
    """

    key: str
    person_id: int
    kind: NoticeKind
    address: str
    due: datetime
    expires: datetime | None = None
    subject: Subject | None = None
