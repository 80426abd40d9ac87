"""Names as people write them: one line, and something to see."""

import unicodedata

_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols by their Unicode category that are drawn as nothing."""

_VISIBLE = frozenset("LNPS")  # letters, numbers, punctuation, symbols


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return any(unicodedata.category(each)[0] in _VISIBLE and each not in _BLANK_LETTERS for each in text)


def one_line(text: str) -> str:
    """The same words in one line: breaks, tabs and other controls become a space, runs of spaces one."""
    return " ".join("".join(" " if unicodedata.category(each) in {"Cc", "Zl", "Zp"} else each for each in text).split())


def shown_name(name: str, user_ref: str) -> str:
    """The name on one line; a stand-in with the end of the platform's id where there is nothing to see."""
    line = one_line(name)
    return line if is_visible(line) else f"Guest {user_ref[-4:]}"
