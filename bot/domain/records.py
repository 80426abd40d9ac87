"""Records for later reading: who changed what, and the steps that led to an unexpected error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.subjects import Subject


@dataclass(frozen=True)
class Cause:
    """Who changed something (`person_id` None: time, or the news of a vendor), through what (see `Act`), and when
    (UTC)."""

    person_id: int | None
    via: str
    now: datetime


@dataclass(frozen=True)
class AuditEntry:
    """One change. `person_id` None: by time or by the practice itself."""

    id: int
    person_id: int | None
    via: str
    act: str
    subject: Subject
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    why: str | None
    at: datetime


class About(StrEnum):
    """What changes are about, as somebody looks for them."""

    BOOKINGS = "bookings"
    MONEY = "money"
    OFFERS = "offers"
    TEAM = "team"
    PRACTICE = "practice"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The words with which the names of these acts begin."""
        return _KINDS[self]


_KINDS: Mapping[About, tuple[str, ...]] = {
    About.BOOKINGS: ("booking", "plan", "message", "letter"),
    About.MONEY: ("payment", "refund", "credit", "order", "card", "dispute", "fee", "gift", "move", "receipt"),
    About.OFFERS: ("offer", "coupon", "package"),
    About.TEAM: ("coach", "hours", "invitation", "role"),
    About.PRACTICE: ("practice", "workspace", "person"),
}


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted: of one person or (`by_itself`) of none, about one thing, in [since, until)."""

    person_id: int | None = None
    by_itself: bool = False
    about: About | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = AuditFilter()


class Why(StrEnum):
    """Why a row is set aside."""

    SEALED = "sealed"  # what is sealed in it needs a key that is not here
    KIND = "kind"  # of a kind that this version does not know, though its writer was not newer
    UNREADABLE = "unreadable"  # what stands in it makes no sense, or was damaged
    CONTENTS = "contents"  # it can be read, but what it is about cannot
    NEWER = "newer"  # its writer was of a newer version, and no process of that version came


@dataclass(frozen=True)
class SetAside:
    """A row that is left alone until it can be read: others go on. `reference` is what people are shown."""

    id: int
    table: str
    row: str
    reference: str
    why: Why
    since: datetime


@dataclass(frozen=True)
class Fault:
    """`ref` is what the person was shown; `trail` holds ids and names of steps, no contents."""

    ref: str
    at: datetime
    trail: Sequence[Mapping[str, object]]
