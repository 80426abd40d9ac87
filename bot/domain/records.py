"""Records for later reading: who changed what, and the steps that led to an unexpected error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True)
class Fault:
    """`ref` is what the person was shown; `trail` holds ids and names of steps, no contents."""

    ref: str
    at: datetime
    trail: Sequence[Mapping[str, object]]
