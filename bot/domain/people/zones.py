"""Which IANA time zone a person means by a city, a zone's name or the time on their clock."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from bot.domain.calendar.offsets import local_minute, offset_at
from bot.domain.people.cities import CITIES, LIKELY, NAMES, RENAMED, WORLD
from bot.domain.people.cities_german import GERMAN

_MOST_GUESSES = 5
_CLOCK_TOLERANCE_MIN = 10

# Not places: "EST5EDT", "Etc/GMT+3" (whose sign is reversed), and folders of old names.
_NO_PLACES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix", "right")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "'": None, "’": None})
_UTC_NAMES = {"utc", "gmt", "z", "zulu", "universal"}

_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[034][05]))?")
_CLOCK = re.compile(
    r"(?:it'?s\s+|es ist\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?:(?P<half>[ap])\.?m\.?|uhr|h)?"
)


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """`zone` is an IANA name, `city` the label to show: "Munich" for Europe/Berlin."""

    zone: str
    city: str


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that this machine knows, spelt exactly."""
    return name in _zones()


def city(zone: str, language: str = "en") -> str:
    """The label of a zone: "Kyiv" for Europe/Kyiv, in German "Kiew"; "Buenos Aires" for that of Argentina."""
    zone = RENAMED.get(zone, zone)
    if language == "de" and zone in GERMAN:
        return GERMAN[zone]
    return NAMES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def clocks_differ(zone_a: str, zone_b: str, instant: int) -> bool:
    """Whether the two zones show different times at the epoch second `instant`."""
    return offset_at(zone_a, instant) != offset_at(zone_b, instant)


def resolve_zone(text: str, now: int) -> list[ZoneGuess]:
    """The best guesses first, at most five; empty when the text is no place, zone, offset or time.

    Accents, case and punctuation do not matter. A bare number or a time ("14:32", "2pm") is the person's
    present clock, within ten minutes of `now` (epoch seconds); without am or pm it may be either.
    """
    text = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-")
    if match := _OFFSET.fullmatch(text):
        seconds = int(match["hours"]) * 3600 + int(match["minutes"] or 0) * 60
        return _at_offsets({-seconds if match["sign"] == "-" else seconds}, now)
    if match := _CLOCK.fullmatch(text):
        return _by_clock(match, now)
    return _by_name(text)


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


def _by_name(text: str) -> list[ZoneGuess]:
    wanted, places = _folded(text), _places()
    if wanted in _UTC_NAMES:
        return [ZoneGuess("UTC", "UTC")]
    if exact := places.get(wanted):
        return exact[:_MOST_GUESSES]
    if len(wanted) < 3:
        return []
    # "Berlin, Germany" says more than the table holds, "san franc" less.
    parts = [places[part] for part in map(_folded, re.split(r"[,/(]", text)) if part in places]
    begun = [guesses for name, guesses in places.items() if name.startswith(wanted)]
    return _distinct(guess for guesses in parts[:1] or begun for guess in guesses)


def _by_clock(match: re.Match[str], now: int) -> list[ZoneGuess]:
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
    return _at_offsets(offsets, now)


def _at_offsets(offsets: set[int], now: int) -> list[ZoneGuess]:
    known = [ZoneGuess(zone, city(zone)) for zone in (*WORLD, *CITIES) if is_zone(zone)]
    return _distinct(guess for guess in known if offset_at(guess.zone, now) in offsets)


def _distinct(guesses: Iterable[ZoneGuess]) -> list[ZoneGuess]:
    by_zone: dict[str, ZoneGuess] = {}
    for guess in guesses:
        by_zone.setdefault(guess.zone, guess)
    return list(by_zone.values())[:_MOST_GUESSES]


def _folded(text: str) -> str:
    """Lower-case letters and digits in words of one space, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _places() -> dict[str, list[ZoneGuess]]:
    """Folded name → guesses. Where the table of cities knows a name, the zone database adds nothing."""
    places: dict[str, list[ZoneGuess]] = {}
    for zone, names in (*CITIES.items(), *GERMAN.items()):
        for name in names.split(", "):
            places.setdefault(_folded(name), []).append(ZoneGuess(zone, name))
    listed = set(places)
    for old in sorted(_zones(), key=lambda zone: (zone not in CITIES and zone not in WORLD, zone)):
        if "/" not in old or old.startswith(_NO_PLACES):
            continue
        zone = RENAMED.get(old, old)
        guess = ZoneGuess(zone, city(zone))
        for name in {_folded(guess.city), _folded(old), _folded(old.rsplit("/", 1)[-1])}:
            if zone in CITIES or name not in listed:
                known = places.setdefault(name, [])
                if all(other.zone != zone for other in known):
                    known.insert(0, guess) if zone in CITIES else known.append(guess)
    return places
