"""An offer as one typed line: "Coaching 50 min 45"."""

import re
from dataclasses import dataclass

from bot.domain.payments.money import Ambiguous, Money, parse_money
from bot.domain.practice.parse_length import LENGTH, minutes_of, spelled

_FREE = {"free", "gratis", "kostenlos", "0"}
_BETWEEN = re.compile(r"\s*(?:[;\n]|,\s+(?=[^\W\d_])|\band\b|\bund\b)\s*")
_AROUND = " ,;·-"
_GOES_ON = re.compile(r"\d\s*[-–—/x×*]\s*$", re.IGNORECASE)
"""A number before a length that belongs to it: "60-90 min", "2x50 min"."""

_BELOW_ZERO = re.compile(r"[\s,;]+[-–−]\d")
"""A minus at the amount. A dash that parts length and price has a space behind it."""

_PRICED = re.compile(r"[€$£¥]\s*\d|\d\s*(?:[€$£¥]|[A-Z]{3}\b)")


@dataclass(frozen=True, slots=True)
class OfferLine:
    name: str
    length_min: int
    price: Money


@dataclass(frozen=True, slots=True)
class SeveralOffers:
    """One line names several offers; `lines` are those that can be read, each by itself."""

    lines: tuple[str, ...]


def parse_offer_line(text: str, currency: str) -> OfferLine | Ambiguous | SeveralOffers | None:
    """Name, length and price in this order, the price last: "Coaching 50 min 45", "Intro, 1 h, free".

    None when the length is missing, more numbers belong to it, a price stands before it, or what follows it is no
    amount of `currency`, or one below zero: a line is read whole or not at all.
    `Ambiguous` when its price could be two amounts. Without a price it is free.
    """
    match = LENGTH.search(text)
    if match is None:  # only then, so that "Eine Stunde für mich, 50 min" keeps its name
        text = spelled(text)
        match = LENGTH.search(text)
    if match is None:
        return None
    if LENGTH.search(text, match.end()):
        return _several(text, currency)
    name = text[: match.start()].strip(_AROUND)
    rest = text[match.end() :].strip(_AROUND)
    if _GOES_ON.search(text[: match.start()]) or (not rest and _PRICED.search(name)):
        return None
    if _BELOW_ZERO.match(text[match.end() :]):
        return None
    length = minutes_of(match)
    price = Money(0, currency) if not rest or rest.lower() in _FREE else parse_money(rest, currency)
    if length is None or price is None or not name:
        return None
    if isinstance(price, Ambiguous):
        return price
    return OfferLine(name, length, price)


def _several(text: str, currency: str) -> SeveralOffers | None:
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) < 2:
        return None
    readable = tuple(part for part in parts if isinstance(parse_offer_line(part, currency), OfferLine))
    return SeveralOffers(readable) if readable else None
