"""Two people's clocks: whether they differ, and whether the difference changes before they meet."""

from dataclasses import dataclass

from bot.domain.calendar.offsets import changes, offset_at


@dataclass(frozen=True, slots=True)
class ClockChange:
    """By the epoch second `at` the clocks of `zone` have gone forward (`by_s` > 0) or back."""

    zone: str
    at: int
    by_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Seconds that zone A is ahead of zone B when booked and at the start, and the changes between."""

    ahead_before_s: int
    ahead_after_s: int
    changes: tuple[ClockChange, ...]


def shift_warning(zone_a: str, zone_b: str, booked_at: int, starts: int) -> Shift | None:
    """None unless the difference between the two clocks is another at `starts` than at `booked_at`.

    `changes` holds, for each zone whose offset is another by then, the last of its changes in between.
    """
    before = offset_at(zone_a, booked_at) - offset_at(zone_b, booked_at)
    after = offset_at(zone_a, starts) - offset_at(zone_b, starts)
    if before == after:
        return None
    found = []
    for zone in (zone_a, zone_b):
        by_s = offset_at(zone, starts) - offset_at(zone, booked_at)
        if by_s:
            found.append(ClockChange(zone, changes(zone, booked_at, starts)[-1][0], by_s))
    return Shift(before, after, tuple(sorted(found, key=lambda change: change.at)))
