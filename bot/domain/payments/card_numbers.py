"""Recognises a card number among typed words, so that it is not kept. What it was is looked at nowhere else."""

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"(?<![\w+/=#@&?.-])\d(?:[ \-.]{0,2}\d)+(?![\w/=@])")
"""Digits in groups, or in one. Those of a web address, and of a phone number with its country, are none."""

_MOST, _LEAST = 19, 12

_KINDS = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"30[0-5]|3[689]"), (14, 16, 19)),  # Diners Club
    (re.compile(r"6011|64[4-9]|65|35(?:2[89]|[3-8])|62|81"), (16, 17, 18, 19)),  # Discover, JCB, UnionPay
    (re.compile(r"50|5[6-8]|6"), (12, 13, 16, 18, 19)),  # Maestro
)
"""How the numbers of each kind of card begin, and how long they are."""


def is_in(text: str) -> bool:
    """Whether a number that could be a card's stands somewhere in it. Who calls a phone number or an order's number by
    name is not taken for one: the beginning, the length and the check digit must fit."""
    plain = "".join(map(_ascii, text))
    return any(_is_card(each) for run in _RUN.findall(plain) for each in _numbers(re.findall(r"\d+", run)))


def _numbers(groups: list[str]) -> Iterator[str]:
    """All that neighbouring groups spell: what is typed after a number may be its date and its code."""
    for at in range(len(groups)):
        number = ""
        for group in groups[at:]:
            number += group
            if len(number) > _MOST:
                break
            if len(number) >= _LEAST:
                yield number


def _ascii(letter: str) -> str:
    """Digits of any script as 0 to 9, and any space or dash as one of ours."""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(letter)
    return "-" if kind == "Pd" else " " if kind in ("Zs", "Cf") or letter in "\t\n\r" else letter


def _is_card(digits: str) -> bool:
    known = any(begins.match(digits) and len(digits) in lengths for begins, lengths in _KINDS)
    return known and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
