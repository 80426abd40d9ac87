"""Words of dates and hours that are nearly spelt like one."""

import difflib
from collections.abc import Iterable

from bot.domain.calendar.date_words import MONTHS, TODAY, WEEKDAYS

_ALIKE = 0.75
_SHORTEST = 3


def likely_word(word: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The word that is most likely meant, as a tuple of one; empty when none is near.

    A first letter is seldom wrong.
    """
    if len(word) < _SHORTEST:
        return ()
    known = [each for each in (*WEEKDAYS, *MONTHS, *TODAY, *others) if len(each) >= _SHORTEST]
    near = difflib.get_close_matches(word, known, n=3, cutoff=_ALIKE)
    return tuple(sorted(near, key=lambda each: each[0] != word[0])[:1])
