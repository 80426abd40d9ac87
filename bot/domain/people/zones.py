"""Which IANA time zone a person means by a city, a zone's name or the time on their clock."""

import re
import unicodedata

from bot.domain.calendar.offsets import changes, local_minute, offset_at
from bot.domain.people import places
from bot.domain.people.cities import CITIES, LIKELY, WORLD
from bot.domain.people.places import ZoneGuess

_CLOCK_TOLERANCE_MIN = 10
_A_YEAR_S = 366 * 86_400

_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[034][05]))?")
_CLOCK = re.compile(
    r"(?:it'?s\s+|es ist\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?:(?P<half>[ap])\.?m\.?|uhr|h)?"
)


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that the pinned time-zone data knows, spelt exactly."""
    return name in places.zone_ids()


def clocks_differ(zone_a: str, zone_b: str, instant: int) -> bool:
    """Whether the two zones show different times at the epoch second `instant`."""
    return offset_at(zone_a, instant) != offset_at(zone_b, instant)


def keep_the_same_time(zone_a: str, zone_b: str, now: int) -> bool:
    """Whether the two zones show the same times for the year from `now` (epoch seconds) on."""
    until = now + _A_YEAR_S
    return not clocks_differ(zone_a, zone_b, now) and changes(zone_a, now, until) == changes(zone_b, now, until)


def resolve_zone(text: str, now: int, language: str = "en") -> list[ZoneGuess]:
    """The best guesses first, at most five, labelled in `language`; empty for no place, zone, offset or time.

    Accents, case and punctuation do not matter. A bare number or a time ("14:32", "2pm") is the person's
    present clock, within ten minutes of `now` (epoch seconds); without am or pm it may be either.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    text = typed.lower().replace("−", "-")
    if match := _OFFSET.fullmatch(text):
        seconds = int(match["hours"]) * 3600 + int(match["minutes"] or 0) * 60
        return _at_offsets({-seconds if match["sign"] == "-" else seconds}, now, language)
    if match := _CLOCK.fullmatch(text):
        return _by_clock(match, now, language)
    return places.named(typed, language)


def likely_zones(language: str | None, practice_zone: str, now: int) -> list[str]:
    """Three zones with three different clocks at `now`, the practice's own first.

    `language` is an IETF tag as Telegram sends it ("pt-br"), or None.
    """
    spoken = LIKELY.get((language or "").split("-")[0].lower(), ())
    if (language or "").lower() in {"en-gb", "pt-pt"}:
        spoken = tuple(sorted(spoken, key=lambda zone: not zone.startswith("Europe/")))
    by_offset: dict[int, str] = {}
    for zone in (practice_zone, *spoken, *WORLD):
        by_offset.setdefault(offset_at(zone, now), zone)
    return list(by_offset.values())[:3]


def _by_clock(match: re.Match[str], now: int, language: str) -> list[ZoneGuess]:
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if minute > 59 or hour > (12 if half else 24):
        return []
    readings = {hour % 24 * 60 + minute}
    if half:
        readings = {hour % 12 * 60 + minute + (720 if half == "p" else 0)}
    elif 1 <= hour <= 12:
        readings.add((hour + 12) % 24 * 60 + minute)
    # "14:32" is read off a clock, "2pm" holds for the rest of the hour.
    latest = _CLOCK_TOLERANCE_MIN if match["minute"] else 59
    offsets = set()
    for zone in WORLD:
        late = [(local_minute(zone, now) - reading + 720) % 1440 - 720 for reading in readings]
        if any(-_CLOCK_TOLERANCE_MIN <= minutes <= latest for minutes in late):
            offsets.add(offset_at(zone, now))
    return _at_offsets(offsets, now, language)


def _at_offsets(offsets: set[int], now: int, language: str) -> list[ZoneGuess]:
    known = (zone for zone in dict.fromkeys((*WORLD, *CITIES)) if is_zone(zone) and offset_at(zone, now) in offsets)
    return [ZoneGuess(zone, places.label(zone, language)) for zone in known][: places.MOST_GUESSES]
