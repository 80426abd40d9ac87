"""Plans that a person typed: "plan 5 sessions tuesdays at 10", "5 Termine alle zwei Wochen dienstags 10 Uhr planen"."""

import re

from bot.domain.calendar.date_words import WEEKDAYS
from bot.domain.calendar.typed_when import parse_when
from bot.domain.plans.rhythm import FEWEST, MOST, Rhythm

_VERB = re.compile(r"^(?:(?:please|bitte)\s+)?(?:plane?n?|einplanen)\b|\b(?:ein)?planen\W*$")
_SESSIONS = r"(?:sessions?|appointments?|bookings?|times|sitzung(?:en)?|termine?|stunden|mal)\b"
_NUMBERS = {
    word: number
    for number, words in enumerate([
        ("two", "zwei"), ("three", "drei"), ("four", "vier"), ("five", "fünf", "fuenf"), ("six", "sechs"),
        ("seven", "sieben"), ("eight", "acht"), ("nine", "neun"), ("ten", "zehn"),
    ], start=2)
    for word in words
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_COUNT = re.compile(rf"\b{_NUMBER}\s+(?:[^\W\d_]+\s+)?{_SESSIONS}")
_BARE_COUNT = re.compile(rf"\b(?:plane?n?)\s+{_NUMBER}\b(?!\s*(?:uhr|am|pm|:|\.\d|h\b))")
_TWO_WEEKS = re.compile(
    r"\b(?:every\s+(?:two|2|other|second)\s+weeks?|fortnightly|bi-?weekly|alle\s+(?:zwei|2)\s+wochen|"
    r"jede\s+zweite\s+woche|(?:14|vierzehn)-?tägig|zweiwöchentlich)\b"
)
_EVERY_OTHER = re.compile(r"\b(?:every\s+(?:other|second)|jeden\s+zweiten)\b")
_WEEKLY = re.compile(r"\b(?:weekly|every\s+week|once\s+a\s+week|every|each|wöchentlich|jede\s+woche|jeden)\b")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3
"""Letters of a weekday: "so" and "do" are words of their own."""

MOST_WORDS = 16


def parse_plan(text: str, now: int, zone: str) -> Rhythm | None:
    """What was said of a plan, as far as it was said in the order weekday, time; weekly where nothing else was said.

    None for what is no wish to plan several sessions. Too many or too few are as many as a plan can have.
    """
    text = " ".join(re.sub(r"[,!?]", " ", text.casefold()).split())
    if _VERB.search(text) is None or len(text.split()) > MOST_WORDS:
        return None
    counted = _COUNT.search(text) or _BARE_COUNT.search(text)
    sessions = None if counted is None else min(max(_number(counted["number"]), FEWEST), MOST)
    rest = text if counted is None else text[: counted.start()] + " " + text[counted.end() :]
    rest = _VERB.sub(" ", rest)
    weeks = 2 if _TWO_WEEKS.search(rest) or _EVERY_OTHER.search(rest) else 1
    for said in (_TWO_WEEKS, _EVERY_OTHER, _WEEKLY):
        rest = said.sub(" ", rest)
    named = [word for word in _WORD.findall(rest) if len(word) >= _SHORTEST and word in WEEKDAYS]
    if counted is None and not named:
        return None
    if len(named) != 1:
        return Rhythm(sessions)
    minute = _minute(re.sub(rf"\b{named[0]}\b", " ", rest), now, zone)
    weekday = WEEKDAYS[named[0]] + 1
    return Rhythm(sessions, weekday) if minute is None else Rhythm(sessions, weekday, minute, weeks)


def _number(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _minute(text: str, now: int, zone: str) -> int | None:
    """The time of day in the longest run of words that reads as one."""
    words = text.split()
    runs = ((at, end) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
    for at, end in sorted(runs, key=lambda run: run[0] - run[1]):
        when = parse_when(" ".join(words[at:end]), now, zone)
        if when is not None and when.at is not None and when.first is None:
            return when.at.hour * 60 + when.at.minute
    return None
