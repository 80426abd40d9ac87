"""When the reminders of a session are due."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.spans import Span

DEFAULT_LEADS_MIN = (1440, 60)
LAST_CALL_MIN = 60
"""Reminders this close to the start go out at their time even in quiet hours: earlier they would be no use."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder `lead_min` minutes ahead, due at and worthless from the epoch seconds `due` and `expires`."""

    lead_min: int
    due: int
    expires: int


def plan_reminders(
    starts: int, now: int, leads_min: Sequence[int], quiet: Span | None, zone: str
) -> list[Planned]:
    """The reminders of a session booked or moved at `now`, in the order in which they are due.

    `quiet` is (from, to) in minutes of the recipient's clock in `zone`, over midnight when from > to.
    A lead that is past is left out. One that falls into quiet hours is due when these begin, or now if
    they have begun; of several that would be due at one moment only the shortest lead stays.
    """
    raise NotImplementedError
