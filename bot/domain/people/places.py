"""What a typed place may mean: a city, a zone's name, or a city with the region or country behind it."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from bot.domain.people.cities import CITIES, NAMES, WORLD
from bot.domain.people.cities_german import EXONYMS, GERMAN
from bot.domain.people.regions import REGIONS
from bot.domain.people.renamed_zones import RENAMED

MOST_GUESSES = 5
_SHORTEST_BEGINNING = 3
_SHORTEST_REGION = 4  # shorter ones are codes that stand for a state and a country: "DE", "CA"
_ALIKE = 0.8

# Not places: "EST5EDT", "Etc/GMT+3" (whose sign is reversed), and folders of old names.
_NO_PLACES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix", "right")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "'": None, "’": None})
_UTC_NAMES = {"utc", "gmt", "z", "zulu", "universal"}
_IN_ENGLISH = {german: english for english, german in EXONYMS.items()}


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """`zone` is an IANA name, `city` the label to show: "Munich" for Europe/Berlin.

    `sure` is False where the person should be asked, even about a single guess.
    """

    zone: str
    city: str
    sure: bool = True


def current_name(zone: str) -> str:
    """Today's name of a zone: Europe/Kyiv for Europe/Kiev, and for itself."""
    return RENAMED.get(zone, zone)


def label(zone: str, language: str = "en") -> str:
    """The label of a zone: "Kyiv" for Europe/Kyiv, in German "Kiew"; "Buenos Aires" for that of Argentina."""
    zone = current_name(zone)
    if language == "de" and zone in GERMAN:
        return GERMAN[zone]
    return NAMES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def named(text: str, language: str = "en") -> list[ZoneGuess]:
    """The best guesses first, at most five, labelled in `language`; empty for what is like no place at all."""
    return _told_apart([_spoken(guess, language) for guess in _distinct(_meant(text))], language)


def _meant(text: str) -> Iterable[ZoneGuess]:
    wanted, places = _folded(text), _places()
    if wanted in _UTC_NAMES:
        return [ZoneGuess("UTC", "UTC")]
    if exact := places.get(wanted):
        return exact
    folder, slash, city = text.partition("/")
    if slash and _folded(folder) in _folders():  # "Europe/Wien" is written like a zone
        return _meant(city)
    parts = [part for part in re.split(r"[,/()]", text) if _folded(part)]
    if len(parts) > 1:
        return _in_region(parts[0], parts[1])
    if region := _regions().get(wanted):
        return [ZoneGuess(zone, label(zone)) for zone in region]
    if len(wanted) < _SHORTEST_BEGINNING:
        return []
    begun = [guess for name, guesses in places.items() if name.startswith(wanted) for guess in guesses]
    return begun or _with_region_at_its_end(text) or _alike(wanted)


def _in_region(city: str, region: str) -> list[ZoneGuess]:
    """ "London, Ontario" is not London: the zones of the region decide among those of the city."""
    guesses, name = _places().get(_folded(city), []), _folded(region)
    zones = _regions().get(name) or tuple(guess.zone for guess in _places().get(name, []))
    within = [guess for guess in guesses if guess.zone in zones]
    if within:
        return within
    if zones and len(name) >= _SHORTEST_REGION:
        typed = f"{city.strip()}, {region.strip()}"
        return [ZoneGuess(zone, typed if len(zones) == 1 else label(zone)) for zone in zones]
    unsure = guesses or _alike(_folded(city))
    return [ZoneGuess(guess.zone, guess.city, sure=False) for guess in unsure]


def _with_region_at_its_end(text: str) -> list[ZoneGuess]:
    """ "Portland Maine": the last one or two words name the region."""
    words = text.split()
    for length in (2, 1):
        region = " ".join(words[-length:])
        if len(words) > length and len(_folded(region)) >= _SHORTEST_REGION and _folded(region) in _regions():
            return _in_region(" ".join(words[:-length]), region)
    return []


def _alike(wanted: str) -> list[ZoneGuess]:
    """Places that are spelt nearly so: to be asked about, never taken."""
    near = difflib.get_close_matches(wanted, _places(), n=MOST_GUESSES, cutoff=_ALIKE)
    return [ZoneGuess(guess.zone, guess.city, sure=False) for name in near for guess in _places()[name]]


def _spoken(guess: ZoneGuess, language: str) -> ZoneGuess:
    """The same guess with the city's name in the reader's language, where that has one of its own."""
    if _folded(guess.city) in _own_names(guess.zone):
        spoken = label(guess.zone, language)
    elif language == "de":
        spoken = EXONYMS.get(guess.city, guess.city)
    else:
        spoken = _IN_ENGLISH.get(guess.city, guess.city)
    return ZoneGuess(guess.zone, spoken, guess.sure)


def _told_apart(guesses: list[ZoneGuess], language: str) -> list[ZoneGuess]:
    """Where two places have one name, each with a greater city of its zone: "San Jose (Los Angeles)"."""
    names = [guess.city for guess in guesses]
    return [
        guess
        if names.count(guess.city) == 1
        else ZoneGuess(guess.zone, f"{guess.city} ({label(guess.zone, language)})", guess.sure)
        for guess in guesses
    ]


def _distinct(guesses: Iterable[ZoneGuess]) -> list[ZoneGuess]:
    by_zone: dict[str, ZoneGuess] = {}
    for guess in guesses:
        by_zone.setdefault(guess.zone, guess)
    return list(by_zone.values())[:MOST_GUESSES]


def _folded(text: str) -> str:
    """Lower-case letters and digits in words of one space, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


@lru_cache(maxsize=256)
def _own_names(zone: str) -> frozenset[str]:
    """Folded spellings of the city that gives the zone its name: today's, older ones, and the German one."""
    older = (old.rsplit("/", 1)[-1] for old, new in RENAMED.items() if new == zone)
    return frozenset(_folded(name) for name in (label(zone), GERMAN.get(zone, ""), *older))


@lru_cache(maxsize=1)
def zone_ids() -> frozenset[str]:
    """Every name of a zone that the time-zone data has."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _folders() -> frozenset[str]:
    return frozenset(_folded(zone.partition("/")[0]) for zone in zone_ids() if "/" in zone)


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    """Folded name of a region → its zones."""
    return {_folded(name): tuple(zones.split(", ")) for names, zones in REGIONS.items() for name in names.split(", ")}


@lru_cache(maxsize=1)
def _places() -> dict[str, list[ZoneGuess]]:
    """Folded name → guesses. Where the table of cities knows a name, the zone database adds nothing."""
    places: dict[str, list[ZoneGuess]] = {}
    for zone, names in (*CITIES.items(), *GERMAN.items()):
        for name in (*names.split(", "), *(EXONYMS[each] for each in names.split(", ") if each in EXONYMS)):
            known = places.setdefault(_folded(name), [])
            if all(other.zone != zone for other in known):
                known.append(ZoneGuess(zone, name))
    listed = set(places)
    for old in sorted(zone_ids(), key=lambda zone: (zone not in CITIES and zone not in WORLD, zone)):
        if "/" not in old or old.startswith(_NO_PLACES):
            continue
        zone = current_name(old)
        guess = ZoneGuess(zone, label(zone))
        for name in {_folded(guess.city), _folded(old), _folded(old.rsplit("/", 1)[-1])}:
            if zone in CITIES or name not in listed:
                known = places.setdefault(name, [])
                if all(other.zone != zone for other in known):
                    known.insert(0, guess) if zone in CITIES else known.append(guess)
    return places
