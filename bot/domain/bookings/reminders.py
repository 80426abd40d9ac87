"""When the reminders of a session are due."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendar.offsets import first_instant, local_day, local_minute
from bot.domain.calendar.spans import Span

DEFAULT_LEADS_MIN = (1440, 60)
LAST_CALL_MIN = 60
"""A reminder this close to the start goes out at its time even in quiet hours: earlier it would be no use."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder `lead_min` minutes ahead: due at the epoch second `due`, useless from `expires` on."""

    lead_min: int
    due: int
    expires: int


def plan(starts: int, now: int, leads_min: Sequence[int], quiet: Span | None, zone: str) -> list[Planned]:
    """The reminders of a session booked or moved at `now`, in the order in which they are due.

    `quiet` is (from, to) in minutes of the recipient's clock in `zone`, over midnight when from > to, and
    none when they are equal. A lead that is past is left out. One that falls into quiet hours is due when
    these begin, or at once if they have begun; of several due at one moment the shortest lead stays.
    """
    planned: dict[int, Planned] = {}
    for lead in sorted({lead for lead in leads_min if lead > 0}, reverse=True):
        due = starts - lead * 60
        if due <= now:
            continue
        if quiet and lead > LAST_CALL_MIN:
            due = max(now, _before_quiet(due, quiet, zone))
        planned[due] = Planned(lead, due, starts)
    return sorted(planned.values(), key=lambda each: each.due)


def _before_quiet(due: int, quiet: Span, zone: str) -> int:
    """`due`, or the beginning of the quiet hours that it falls into."""
    begins, ends = quiet
    minute, day = local_minute(zone, due), local_day(zone, due)
    if begins <= minute < ends or (begins > ends and minute >= begins):
        return first_instant(zone, day, begins)
    if begins > ends and minute < ends:
        return first_instant(zone, day - 1, begins)
    return due
