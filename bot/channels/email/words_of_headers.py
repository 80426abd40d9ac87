"""Makes people's words fit for a header: one line, nothing that ends it, hides or turns what stands beside it."""

import re

from bot.chat.clean import clean

LONGEST_SUBJECT = 150
LONGEST_NAME = 60
MORE = "…"

_ENDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Controls, and what ends a line or a paragraph: between two words it becomes a space."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
    "|[\U000e0000-\U000e007f]"
)
"""Marks that turn the direction of what follows, and letters that nobody sees."""

_UNNAMED = re.compile(r'[<>"\\@,;:]')
"""What ends or begins an address where a name stands beside one: in a name it would look like another sender."""


_ENCODED = "=?"
"""What an encoded word begins with (RFC 2047). One that somebody typed would be read as what it stands for."""


def subject(words: str, otherwise: str) -> str:
    """The subject of a mail; `otherwise` where the words leave none."""
    line = _one_line(words) or _one_line(otherwise)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + MORE


def mailbox_name(words: str | None) -> str | None:
    """A name to stand beside an address; None where nothing is left of it."""
    return _one_line(_UNNAMED.sub(" ", words or ""))[:LONGEST_NAME].rstrip() or None


def _one_line(words: str) -> str:
    return " ".join(_UNSEEN.sub("", _ENDS.sub(" ", clean(words))).replace(_ENCODED, "= ?").split())
