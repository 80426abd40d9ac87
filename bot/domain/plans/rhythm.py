"""When the sessions of a plan are: the same weekday and time, every week or every two, on the client's own clock.

The clock time stays where clocks change between two dates. A time that such a change skips is the moment of the change.
"""

import re
from dataclasses import dataclass, replace

from bot.domain.calendar.offsets import first_instant, local_day

FEWEST, MOST = 2, 20
"""How many sessions one plan has: as many as the largest package that is proposed."""

USUAL = 5
RHYTHMS = (1, 2)
"""The weeks from one session to the next."""

DAY_MIN = 1440
_CODE = re.compile(r"([np])(\d{0,2})(?:\.([1-7])(?:\.(\d{1,4})(?:\.(\d))?)?)?")


@dataclass(frozen=True)
class Rhythm:
    """What is known so far of a plan that is wished for, each only after the one before.

    `sessions` is how many, None: as many as is usual for its client. `weekday` is 1 for Monday, `minute` counts from
    midnight, `weeks` are those from one session to the next. `pays`: its client pays although there may be credits.
    """

    sessions: int | None = None
    weekday: int | None = None
    minute: int | None = None
    weeks: int | None = None
    pays: bool = False

    @property
    def code(self) -> str:
        """As an address carries it: `n5.2.600.1` is five sessions on Tuesdays at 10:00, every week."""
        parts = [f"{'p' if self.pays else 'n'}{'' if self.sessions is None else self.sessions}"]
        for part in (self.weekday, self.minute, self.weeks):
            if part is None:
                break
            parts.append(str(part))
        return ".".join(parts)

    @property
    def is_whole(self) -> bool:
        return None not in (self.sessions, self.weekday, self.minute, self.weeks)

    def of(self, sessions: int) -> "Rhythm":
        return replace(self, sessions=sessions)


def read(code: str) -> Rhythm | None:
    """What `Rhythm.code` wrote; None for anything else."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    cover, *numbers = found.groups()
    sessions, weekday, minute, weeks = (int(part) if part else None for part in numbers)
    allowed = (
        sessions is None or FEWEST <= sessions <= MOST,
        minute is None or minute < DAY_MIN,
        weeks is None or weeks in RHYTHMS,
    )
    return Rhythm(sessions, weekday, minute, weeks, cover == "p") if all(allowed) else None


def starts(rhythm: Rhythm, zone: str, since: int) -> list[int]:
    """The start of each session, the first at or after the instant `since`. `rhythm` is whole."""
    sessions, weekday, minute, weeks = rhythm.sessions, rhythm.weekday, rhythm.minute, rhythm.weeks
    assert sessions is not None and weekday is not None and minute is not None and weeks is not None  # noqa: PT018
    first = local_day(zone, since)
    first += (weekday - first) % 7  # a date's ordinal 1 is a Monday
    if first_instant(zone, first, minute) < since:
        first += 7
    return [first_instant(zone, first + 7 * weeks * each, minute) for each in range(sessions)]


def following(rhythm: Rhythm, zone: str, after: int) -> int:
    """The start of one more session, after the one at `after`. `rhythm` is whole."""
    assert rhythm.minute is not None and rhythm.weeks is not None  # noqa: PT018
    return first_instant(zone, local_day(zone, after) + 7 * rhythm.weeks, rhythm.minute)
