"""Money as an integer of minor units with its currency, and reading an amount that a person typed."""

import re
from dataclasses import dataclass

# ISO 4217, "minor unit" column: every currency that is not listed has two decimals.
_DECIMALS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)

_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₺": "TRY", "zł": "PLN",
          "fr.": "CHF"}  # fmt: skip
# Signs that several currencies share are taken for the currency that the practice works in.
_SHARED_SIGNS = {
    "$": frozenset("USD CAD AUD NZD SGD HKD MXN ARS CLP COP TWD BRL".split()),
    "¥": frozenset({"JPY", "CNY"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "r$": frozenset({"BRL"}),
}
_MAX_AMOUNT = 99_999_999  # Stripe's largest charge, in minor units


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were added or compared: a fault in the program, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (cents, yen, fils) of the ISO 4217 `currency` (three capitals)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        return other


def decimals(currency: str) -> int:
    """How many digits the minor unit of `currency` has: 0, 2 or 3."""
    return _DECIMALS.get(currency.upper(), 2)


def parse_money(text: str, currency: str) -> Money | None:
    """Read "45", "45.50", "45,50", "€45", "1.234,50 EUR"; None when it is no amount in `currency`.

    Zero is an amount; negative ones are not. More decimals than the currency has are refused, not rounded.
    """
    raise NotImplementedError
