"""Removes from typed text the characters that break a database, a socket or the line they are shown in."""

import re

_UNBEARABLE = re.compile("[\x00\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
"""NUL; the marks that turn the direction of text: one in a name would turn the time or the price beside it; and the
word joiner, with which `bot.chat.links` takes links apart: what is copied off a screen comes back without."""

_HALF = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without them; half of a surrogate pair becomes U+FFFD, the sign for an unknown character."""
    return _HALF.sub("\ufffd", _UNBEARABLE.sub("", text))
