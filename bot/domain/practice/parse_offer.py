"""An offer as one typed line: "Coaching 50 min 45"."""

import re
from dataclasses import dataclass

from bot.domain.payments.money import Ambiguous, Money, parse_money

_LENGTH = re.compile(
    r"(?P<number>\d{1,3})\s*(?P<unit>minutes?|minuten?|mins?|m|hours?|stunden?|hrs?|h)\b\.?,?", re.IGNORECASE
)
_FREE = {"free", "gratis", "kostenlos", "0"}


@dataclass(frozen=True, slots=True)
class OfferLine:
    name: str
    length_min: int
    price: Money


def parse_offer_line(text: str, currency: str) -> OfferLine | Ambiguous | None:
    """Name, length and price in this order, the price last: "Coaching 50 min 45", "Intro, 1 h, free".

    None when the length is missing or what follows it is no amount of `currency`; `Ambiguous` when its price
    could be two amounts. Without a price it is free.
    """
    match = _LENGTH.search(text)
    if match is None:
        return None
    name = text[: match.start()].strip(" ,;·-")
    rest = text[match.end() :].strip(" ,;·-")
    length = int(match["number"]) * (60 if match["unit"][0].lower() in "hs" else 1)
    price = Money(0, currency) if not rest or rest.lower() in _FREE else parse_money(rest, currency)
    if price is None or not name:
        return None
    if isinstance(price, Ambiguous):
        return price
    return OfferLine(name, length, price)
