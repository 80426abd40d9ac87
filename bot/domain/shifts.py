"""Two people's clocks: whether they differ, and whether the difference changes before they meet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The clocks of `zone` go forward (`by_s` > 0) or back at the epoch second `at`."""

    zone: str
    at: int
    by_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Seconds that zone A is ahead of zone B when booked and at the start, and the changes between."""

    ahead_before_s: int
    ahead_after_s: int
    changes: tuple[ClockChange, ...]


def clocks_differ(zone_a: str, zone_b: str, instant: int) -> bool:
    raise NotImplementedError


def shift_warning(zone_a: str, zone_b: str, booked_at: int, starts: int) -> Shift | None:
    """None unless the difference between the two clocks is another at `starts` than at `booked_at`."""
    raise NotImplementedError
