"""How many messages an SMS is sent and paid as, and how its letters are chosen so that they are fewer.

A text whose characters all stand in the GSM 7-bit alphabet is 160 units long, or 153 in each of several parts; any
other one is UCS-2: 70, or 67 (3GPP TS 23.038 and 23.040). A part ends before a character that does not fit whole.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each is an escape and a character, which stand in one part."""

_SINGLE = {True: 160, False: 70}
_SEVERAL = {True: 153, False: 67}

_PLAIN = {
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2060": "", "\u200b": "", "\ufeff": "", "\u00ad": "",
    "\u2068": "", "\u2069": "",
    "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‹": "'",
    "›": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "·": "-", "•": "-", "→": "->", "…": "...",
    "×": "x", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "OE",
    "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "n", "Ŋ": "N", "ẞ": "SS",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """`units` are those of the alphabet that is used: septets, or UTF-16 units."""

    count: int
    units: int
    gsm: bool


def parts_of(text: str) -> Parts:
    """How a text is sent. An empty one is one part."""
    gsm = is_gsm(text)
    sizes = [_size(each, gsm) for each in text]
    units = sum(sizes)
    return Parts(1 if units <= _SINGLE[gsm] else _packed(sizes, _SEVERAL[gsm]), units, gsm)


def is_gsm(text: str) -> bool:
    """Whether every character stands in the GSM 7-bit alphabet or its extension."""
    return all(each in _BASIC or each in _EXTENDED for each in text)


def in_fewest_parts(text: str) -> str:
    """The text, or with its accents and typographic signs folded where that saves a part."""
    folded = fold(text)
    return folded if parts_of(folded).count < parts_of(text).count else text


def fold(text: str) -> str:
    """Every character outside of the GSM alphabet as its nearest one inside, where it has one: `č` as `c`.

    What has none, such as Cyrillic, stays.
    """
    return "".join(_folded(each) for each in unicodedata.normalize("NFC", text))


def _folded(character: str) -> str:
    if is_gsm(character):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    # Compatibility, too: a ligature or a wide letter is read as its letters.
    base = "".join(each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each))
    return base if base and is_gsm(base) else character


def _size(character: str, gsm: bool) -> int:
    if gsm:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    """How many parts these characters fill."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
