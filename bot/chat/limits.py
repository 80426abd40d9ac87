"""How fast messages may go out: each channel declares it of itself, and whoever sends them keeps to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most `most` messages in any second and a little more, `seconds` apart; in `shared_seconds` while people are
    being answered, so that their answers find room."""

    most: int
    seconds: float
    shared_seconds: float


@dataclass(frozen=True)
class Limits:
    """Of the whole channel (of each workspace where there are some), and of one chat or address. None: no limit."""

    every: Limit | None = None
    chat: Limit | None = None


ONE_A_SECOND = Limit(1, 1.02, 1.02)
