"""Says a line of hours in the words of a language; it is read back to the same hours, as every known language is."""

import re

_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "off", "usual")
_WORDS = {"de": ("mo", "di", "mi", "do", "fr", "sa", "so", "frei", "üblich")}
_WORD = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b")


def spoken(line: str, language: str) -> str:
    """The line as it is printed, or was typed in English, for who reads this language."""
    theirs = dict(zip(_ENGLISH, _WORDS.get(language, _ENGLISH), strict=True))
    return _WORD.sub(lambda found: theirs[found[0]], line)
