"""Words of dates and hours that are nearly spelt like one."""

import difflib
from collections.abc import Iterable

from bot.domain.calendar.date_words import MONTHS, TODAY, WEEKDAYS

_ALIKE = 0.75
_SHORTEST = 3
_VERY_ALIKE, _LONG = 0.8, 5


def likely_word(word: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The word that is most likely meant, as a tuple of one; empty when none is near.

    A first letter is seldom wrong.
    """
    if len(word) < _SHORTEST:
        return ()
    known = [each for each in (*WEEKDAYS, *MONTHS, *TODAY, *others) if len(each) >= _SHORTEST]
    near = difflib.get_close_matches(word, known, n=3, cutoff=_ALIKE)
    return tuple(sorted(near, key=lambda each: each[0] != word[0])[:1])


def nearly(word: str, known: Iterable[str]) -> str | None:
    """The one of these words that a word of five letters or more is a slip of the pen of; a first letter is right."""
    if len(word) < _LONG:
        return None
    alike = [each for each in known if each[0] == word[0] and abs(len(each) - len(word)) <= 1]
    return next(iter(difflib.get_close_matches(word, alike, n=1, cutoff=_VERY_ALIKE)), None)
