"""Money as an integer of minor units with its currency, and reading an amount that a person typed."""

import re
from dataclasses import dataclass

# ISO 4217, "minor unit" column: a currency that is not listed has two decimals.
_DECIMALS = {
    0: {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
        "XAF", "XOF", "XPF"},
    3: {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"},
}  # fmt: skip

_DOLLARS = {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"}
_SIGNS = {
    "€": {"EUR"}, "£": {"GBP"}, "₹": {"INR"}, "₴": {"UAH"}, "₪": {"ILS"}, "₺": {"TRY"}, "₩": {"KRW"},
    "zł": {"PLN"}, "kč": {"CZK"}, "fr": {"CHF"}, "fr.": {"CHF"}, "r$": {"BRL"}, "us$": {"USD"},
    "$": _DOLLARS, "¥": {"JPY", "CNY"}, "kr": {"SEK", "NOK", "DKK", "ISK"}, "kr.": {"DKK"},
    "euro": {"EUR"}, "euros": {"EUR"}, "dollar": _DOLLARS, "dollars": _DOLLARS, "pounds": {"GBP"},
}  # fmt: skip

_AMOUNT = re.compile(r"(?P<before>[^\d.,\s'’-]*\.?)\s*(?P<digits>\d[\d.,'’\s]*)(?P<after>[^\d]*)")
_EITHER = re.compile(r"(?P<whole>[1-9][0-9]{0,2})[.,](?P<rest>[0-9]{3})")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[.,'’\s])\d{3})(?:(?P=mark)\d{3})*")

MAX_AMOUNT = 10**12 - 1
"""More is no price in any currency, in minor units. What can be charged is for the payment provider to say."""


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were combined: a fault in the program, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (cents, yen, fils) of the ISO 4217 `currency` (three capitals)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

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
    return next((digits for digits, codes in _DECIMALS.items() if currency.upper() in codes), 2)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Digits that could be two amounts: "95.555" is `small` "95.56" to one person and `large` "95555" to another."""

    typed: str
    small: str
    large: str


def parse_money(text: str, currency: str) -> Money | Ambiguous | None:
    """Read "45", "45.50", "45,50", "€45", "1.234,50 EUR"; None when it is no amount in `currency`.

    Zero is an amount; negative ones are not, nor is more than `MAX_AMOUNT`. More decimals than the currency
    has are refused, not rounded. Three digits after the only mark ("1.234") are thousands where the currency has
    no decimals, decimals where it has three, and `Ambiguous` where it has two.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    names = [name for name in (match["before"].strip().lower(), match["after"].strip().lower()) if name]
    if any(currency not in _SIGNS.get(name, {name.upper()}) for name in names):
        return None
    digits = match["digits"].strip()
    if decimals(currency) == 2 and (two := _EITHER.fullmatch(digits)):
        thousandths = int(two["whole"] + two["rest"])
        small = (thousandths + 5) // 10
        return Ambiguous(digits, f"{small // 100}.{small % 100:02}", str(thousandths))
    amount = _minor_units(digits, decimals(currency))
    return None if amount is None or amount > MAX_AMOUNT else Money(amount, currency)


def _minor_units(digits: str, places: int) -> int | None:
    whole, mark, fraction = digits, "", ""
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and digits.count(digits[last]) == 1 and len(digits) - last - 1 <= max(places, 2):
        whole, mark, fraction = digits[:last], digits[last], digits[last + 1 :]
        if not fraction or len(fraction) > places or not fraction.isdigit():
            return None
    if not whole.isdigit():
        grouped = _GROUPED.fullmatch(whole)
        if grouped is None or grouped["mark"] == mark:
            return None
        whole = re.sub(r"\D", "", whole)
    if not whole.isascii() or not fraction.isascii():
        return None
    return int(whole + fraction.ljust(places, "0"))
