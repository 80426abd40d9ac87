"""What SMS cost a practice: parts at its owner's price for the country, up to so much a month."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

ELSEWHERE = "*"
"""In place of a country: the price where none is set for it."""

MICROS = 1_000_000
"""A part costs less than the smallest coin, so prices and sums are millionths of the currency's unit."""


@dataclass(frozen=True)
class SmsPrices:
    """`per_part` is in millionths of the practice's currency, by country (`AT`, or `ELSEWHERE`). `ceiling`, in the
    same, is the most that a calendar month may cost; None: there is none, and 0 stops all."""

    per_part: Mapping[str, int] = field(default_factory=dict)
    ceiling: int | None = None

    def cost(self, parts: int, country: str | None) -> int:
        """Of a message of so many parts; 0 where no price is set."""
        return parts * self.per_part.get(country or ELSEWHERE, self.per_part.get(ELSEWHERE, 0))

    def allows(self, spent: int, cost: int) -> bool:
        """Whether a message of this cost may go once so much is spent or reserved in this month."""
        return self.ceiling is None or (spent + cost <= self.ceiling and self.ceiling > 0)


def month_of(now: datetime, zone: str) -> str:
    """`2026-12`, on the practice's calendar: what a ceiling is counted by."""
    return f"{now.astimezone(ZoneInfo(zone)):%Y-%m}"


MOST_PER_PART = 100 * MICROS
"""More is a slip of the pen: no country charges a hundred of any unit."""

_PRICE = re.compile(r"(?P<country>[A-Za-z]{2}|\*)\s*:?\s*(?P<whole>\d{1,9})(?:[.,](?P<fraction>\d{1,6}))?")


@dataclass(frozen=True)
class Unread:
    """The piece of a typed line that is no price."""

    fragment: str


def parse_prices(text: str) -> dict[str, int] | Unread:
    """Prices by country as they are typed: `AT 0.06, DE 0,075; * 0.09`. Nothing typed is no price at all."""
    found: dict[str, int] = {}
    for piece in _pieces(text):
        match = _PRICE.fullmatch(piece)
        price = None if match is None else _micros(match["whole"], match["fraction"])
        if match is None or price is None or price > MOST_PER_PART or match["country"].upper() in found:
            return Unread(piece)
        found[match["country"].upper()] = price
    return found


def parse_sum(text: str) -> int | Unread:
    """An amount in millionths: `20`, `19.5`."""
    match = re.fullmatch(r"(?P<whole>\d{1,6})(?:[.,](?P<fraction>\d{1,6}))?", text.strip())
    return Unread(text.strip()) if match is None else _micros(match["whole"], match["fraction"])


def as_typed(prices: Mapping[str, int]) -> str:
    """As `parse_prices` reads them, the price for all others last."""
    countries = sorted(prices, key=lambda each: (each == ELSEWHERE, each))
    return ", ".join(f"{each} {decimal(prices[each])}" for each in countries)


def decimal(micros: int) -> str:
    """`0.06`, `20`."""
    whole, rest = divmod(micros, MICROS)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".") if rest else str(whole)


def _pieces(text: str) -> list[str]:
    """A comma between digits is a decimal one."""
    return [piece.strip() for piece in re.split(r"[;\n]|,(?!\d)", text) if piece.strip()]


def _micros(whole: str, fraction: str | None) -> int:
    return int(whole) * MICROS + int((fraction or "").ljust(6, "0"))
