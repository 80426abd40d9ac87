"""A package as one typed line, "Starter 5 sessions 202.50", and how long it is good: "6 months", "30 June 2027"."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar.typed_when import parse_when
from bot.domain.payments.money import Ambiguous, Money, parse_money

_COUNT = re.compile(
    r"(?<![\d.,x×*])(?P<count>\d{1,3})\s*(?:sessions?|sitzung(?:en)?|termine?|einheit(?:en)?)(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_AROUND = " ,;:·-–—"
_BELOW_ZERO = re.compile(r"[\s,;:]+[-–−]\d")
_MONTHS = re.compile(r"(?P<count>\d{1,3})\s*(?:months?|monate?n?|m)?\.?", re.IGNORECASE)
_YEARS = re.compile(r"(?P<count>\d|an?|one|ein)\s*(?:years?|jahre?n?|y|j)\.?", re.IGNORECASE)
_FOR = re.compile(r"(?:for|für)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackageLine:
    """`name` None: it was given none."""

    name: str | None
    sessions: int
    price: Money


def parse_package_line(text: str, currency: str) -> PackageLine | Ambiguous | None:
    """Name, number of sessions and price in this order: "Starter 5 sessions 202.50", "10 Sitzungen für 380".

    None when one of the last two is missing, there are two numbers of sessions, or what follows is no amount of
    `currency`: a line is read whole or not at all. `Ambiguous` when its price could be two amounts.
    """
    match = _COUNT.search(text)
    if match is None or _COUNT.search(text, match.end()) or _BELOW_ZERO.match(text, match.end()):
        return None
    rest = text[match.end() :].strip(_AROUND)
    price = parse_money(_FOR.sub("", rest, count=1), currency)
    if price is None or isinstance(price, Ambiguous):
        return price
    return PackageLine(text[: match.start()].strip(_AROUND) or None, int(match["count"]), price)


def parse_validity(text: str, now: int, zone: str) -> int | date | None:
    """So many months, or the last day; None when it is neither, or a day that is over."""
    text = " ".join(text.split())
    if months := _MONTHS.fullmatch(text):
        return int(months["count"])
    if years := _YEARS.fullmatch(text):
        return 12 * (int(years["count"]) if years["count"].isdigit() else 1)
    when = parse_when(re.sub(r"^(?:until|bis(?: zum)?)\s+", "", text, flags=re.IGNORECASE), now, zone)
    return None if when is None or when.at is not None else when.day
