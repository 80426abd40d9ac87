"""What people wrote, without what a database, a socket or the words beside it cannot bear."""

import re

_UNBEARABLE = re.compile("[\x00\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""NUL, and the marks that turn the direction of text: one in a name would turn the time or the price beside it."""

_HALF = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The same words; half of a surrogate pair becomes the sign for a character that is not known (U+FFFD)."""
    return _HALF.sub("\ufffd", _UNBEARABLE.sub("", text))
