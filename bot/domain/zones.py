"""Which IANA zone a person means by a city, a zone's name or the time on their clock."""

from dataclasses import dataclass

from bot.domain.offsets import offset_at


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """`zone` is an IANA name, `city` the label to show: "Munich" for Europe/Berlin."""

    zone: str
    city: str


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that this machine knows, spelt exactly."""
    raise NotImplementedError


def city(zone: str) -> str:
    """The label of a zone: "Kyiv" for Europe/Kyiv, "Buenos Aires" for America/Argentina/Buenos_Aires."""
    raise NotImplementedError


def clocks_differ(zone_a: str, zone_b: str, instant: int) -> bool:
    """Whether the two zones show different times at the epoch second `instant`."""
    return offset_at(zone_a, instant) != offset_at(zone_b, instant)


def resolve_zone(text: str, now: int) -> list[ZoneGuess]:
    """The best guesses first, at most five; empty when the text is no place, zone, offset or time.

    Accents, case and punctuation do not matter. A time is the person's present clock, within 10 minutes.
    """
    raise NotImplementedError


def likely_zones(language: str | None, practice_zone: str, now: int) -> list[str]:
    """Three zones with three different clocks at `now`, the practice's own first.

    `language` is an IETF tag as Telegram sends it ("pt-br"), or None.
    """
    raise NotImplementedError
