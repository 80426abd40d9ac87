"""Tells one answer from several in one line: "Harbour Coaching, EUR, mon-fri 9-17" is no name."""

import re

from bot.domain.practice.parse_length import LENGTH

_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]{0,7}\.?"
_KINDS = (
    re.compile(r"(?<!\w)(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD)(?!\w)|[€$£]\s?\d|\d\s?[€$£]"),
    re.compile(rf"(?<!\w){_DAY}\s*(?:[-–]\s*{_DAY})?\s*\d{{1,2}}(?::\d\d)?\s*[-–]\s*\d", re.IGNORECASE),
    re.compile(LENGTH.pattern, re.IGNORECASE),
    re.compile(r"(?<!\w)(?:https?://|www\.)\S", re.IGNORECASE),
)
_APART = (",", ";", "|")
_SEPARATORS = " \t,;·|/-–"


def first_of_several(text: str) -> str | None:
    """What stands before the answers to other questions; None when the text is one answer.

    A currency, hours, a length or a link within a name may belong to it ("60 min to yourself"). Two kinds of them, or
    one that stands apart behind a comma, do not.
    """
    found = sorted(match.span() for kind in _KINDS if (match := kind.search(text)) is not None)
    if not found:
        return None
    start, end = found[0]
    before, after = text[:start].rstrip(), text[end:].lstrip()
    apart = before.endswith(_APART) or (not before and after.startswith(_APART))
    return before.strip(_SEPARATORS) if len(found) > 1 or apart else None
