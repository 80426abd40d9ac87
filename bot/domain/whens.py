"""Days and times that a person typed: "tue 3pm", "morgen 9 Uhr", "next week", "2026-12-01 10:00"."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class When:
    """What was said, on the person's own calendar and clock.

    `first` and `last` are equal for one day, apart for "next week", and None when only a time was said.
    """

    first: date | None
    last: date | None
    at: time | None

    @property
    def day(self) -> date | None:
        return self.first if self.first == self.last else None


def parse_when(text: str, now: int, zone: str) -> When | None:
    """None when the whole text is no day or time. English and German words; never a day in the past.

    A weekday is its next occurrence, today included; "3/4" is refused because it is two different dates.
    """
    raise NotImplementedError
