"""A length of time as people type it: "50 min", "1,5 h", "1½ h", "1 h 30", "1h30m"."""

import re

_MINUTES = r"(?:minutes?|minuten?|mins?|m|['′])"
_HOURS = r"(?:hours?|stunden?|stdn?|hrs?|h)"
_WORD_ENDS = r"(?![^\W\d_])"

LENGTH = re.compile(
    r"(?<![\d.,:/])(?:"
    rf"(?P<hours>\d{{1,2}})\s*{_HOURS}{_WORD_ENDS}\.?\s*(?:(?:and|und)\s+)?(?P<beside>\d{{1,2}})(?:\s*{_MINUTES}{_WORD_ENDS}|(?![\d.,]))"
    rf"|(?P<clock>\d{{1,2}}):(?P<rest>[0-5]\d)\s*{_HOURS}{_WORD_ENDS}"
    rf"|(?P<number>\d{{1,3}})(?:[.,](?P<part>\d{{1,2}}))?(?P<fraction>[½¼¾])?\s*(?P<unit>{_MINUTES}|{_HOURS}){_WORD_ENDS}"
    r")\.?,?",
    re.IGNORECASE,
)
"""Where a length stands in a line. A number that goes on before it ("1,5 h" from the 5 on) is none."""

_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def minutes_of(match: re.Match[str]) -> int | None:
    """The whole minutes of a match of `LENGTH`; None for a part of a minute."""
    if match["hours"]:
        return int(match["hours"]) * 60 + int(match["beside"])
    if match["clock"]:
        return int(match["clock"]) * 60 + int(match["rest"])
    size = 60 if match["unit"][0].lower() in "hs" else 1
    number = float(f"{match['number']}.{match['part'] or 0}") + _FRACTIONS.get(match["fraction"] or "", 0.0)
    minutes = round(number * size, 6)
    return int(minutes) if minutes == int(minutes) else None
