"""A length of time as people type it: "50 min", "1,5 h", "1½ h", "1 h 30", "1h30m", "half an hour", "2 days"."""

import re

HOUR, DAY, WEEK = 60, 1440, 10_080

_MINUTES = r"(?:minutes?|minuten?|mins?|m|['′])"
_HOURS = r"(?:hours?|stunden?|stdn?|hrs?|h)"
_DAYS = r"(?:days?|tagen?|tage?|d|t)"
_WEEKS = r"(?:weeks?|wochen?|wks?|w)"
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
_NUMBER = r"\d{1,5}(?:[.,]\d{1,2})?[½¼¾]?|[½¼¾]"
_TERM = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?:(?P<m>{_MINUTES})|(?P<h>{_HOURS})|(?P<d>{_DAYS})|(?P<w>{_WEEKS})){_WORD_ENDS}\.?"
    r"\s*(?:(?:,|and|und)\s+)?",
    re.IGNORECASE,
)
_SIZES = {"m": 1, "h": HOUR, "d": DAY, "w": WEEK}

_ONE = r"(?:an?|one|ein|eine[rnm]?)"
_PHRASES = {
    rf"{_ONE}\s+hour\s+and\s+a\s+half|one\s+and\s+a\s+half\s+hours?|(?:anderthalb|eineinhalb)\s+stunden": "90 min",
    r"two\s+and\s+a\s+half\s+hours|zweieinhalb\s+stunden": "150 min",
    rf"{_ONE}\s+hour\s+and\s+a\s+quarter|eineinviertel\s+stunden": "75 min",
    rf"three\s+quarters\s+of\s+an\s+hour|(?:{_ONE}\s+)?dreiviertel\s?stunde": "45 min",
    rf"half\s+an\s+hour|(?:{_ONE}\s+)?half[\s-]hour|(?:{_ONE}\s+)?halben?\s+stunde": "30 min",
    rf"(?:{_ONE}\s+)?quarter\s+(?:of\s+an\s+)?hour|(?:{_ONE}\s+)?viertel\s?stunde": "15 min",
    rf"half\s+a\s+day|(?:{_ONE}\s+)?halber?n?\s+tag": "12 h",
}
_SPELLED = [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), digits) for words, digits in _PHRASES.items()]
_COUNTS = {
    word: number
    for number, words in enumerate(
        ("two zwei", "three drei", "four vier", "five fünf", "six sechs", "seven sieben", "eight acht", "nine neun",
         "ten zehn"), 2
    )
    for word in words.split()
}  # fmt: skip
_COUNTED = re.compile(
    rf"(?<!\w)(?P<count>{_ONE}|{'|'.join(_COUNTS)})\s+"
    r"(?P<unit>minutes?|hours?|days?|weeks?|minuten?|stunden?|tagen?|tage?|wochen?)(?!\w)",
    re.IGNORECASE,
)


def spelled(text: str) -> str:
    """The text with lengths in words written in digits: "eine halbe Stunde" as "30 min"."""
    for words, digits in _SPELLED:
        text = words.sub(digits, text)
    return _COUNTED.sub(lambda found: f"{_COUNTS.get(found['count'].lower(), 1)} {found['unit']}", text)


def minutes_of(match: re.Match[str]) -> int | None:
    """The whole minutes of a match of `LENGTH`; None for a part of a minute."""
    if match["hours"]:
        return int(match["hours"]) * HOUR + int(match["beside"])
    if match["clock"]:
        return int(match["clock"]) * HOUR + int(match["rest"])
    size = HOUR if match["unit"][0].lower() in "hs" else 1
    return _whole(f"{match['number']}.{match['part'] or 0}{match['fraction'] or ''}", size)


def parse_length(text: str, bare: int = 1) -> int | None:
    """The minutes of a text that is a length and nothing else; a number without a unit counts in `bare` minutes.

    Units may follow one another, each once and the larger first: "1 d 12 h". None for what is not read whole, and for
    parts of a minute.
    """
    words = spelled(" ".join(text.split()))
    if re.fullmatch(_NUMBER, words):
        return _whole(words, bare)
    alone = LENGTH.fullmatch(words)
    if alone is not None:
        return minutes_of(alone)
    total, at, before = 0, 0, WEEK + 1
    while at < len(words):
        term = _TERM.match(words, at)
        if term is None:
            return None
        size = next(_SIZES[unit] for unit in _SIZES if term[unit])
        minutes = _whole(term["number"], size)
        if minutes is None or size >= before:
            return None
        total, at, before = total + minutes, term.end(), size
    return total if at else None


def _whole(number: str, size: int) -> int | None:
    """A number of units of `size` minutes, if these are whole minutes."""
    fraction = _FRACTIONS.get(number[-1], 0.0)
    digits = number.rstrip("½¼¾").replace(",", ".")
    minutes = round((float(digits or 0) + fraction) * size, 6)
    return int(minutes) if minutes == int(minutes) else None
