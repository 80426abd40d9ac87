"""Amounts as Stripe counts them, and which it takes (https://docs.stripe.com/currencies)."""

from bot.domain.payments.money import Money, decimals
from bot.domain.payments.provider import ChargeLimits

_DIFFERS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""How many decimals Stripe writes where it is not as many as we do. Those of krónur and shillings must be zero."""

_LAST_DIGIT_ZERO = {"BHD", "JOD", "KWD", "OMR", "TND"}
"""Of three decimals the card networks carry two."""

_CURRENCIES = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP",
    "CRC", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GIP",
    "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "ISK", "JMD", "JOD", "JPY",
    "KES", "KGS", "KHR", "KMF", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL",
    "MGA", "MKD", "MMK", "MNT", "MOP", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK",
    "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
    "SAR", "SBD", "SCR", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "STD", "SZL", "THB", "TJS", "TND", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VND", "VUV", "WST", "XAF", "XCD", "XOF",
    "XPF", "YER", "ZAR", "ZMW",
}  # fmt: skip

_LEAST = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200,
    "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
"""In Stripe's units. Elsewhere the least follows the rate of the day, which only Stripe knows."""

_MOST = 99_999_999
"""In Stripe's units."""


def to_stripe(money: Money) -> int:
    times, parts = _scale(money.currency)
    return money.amount * times // parts


def from_stripe(amount: int, currency: str) -> Money:
    times, parts = _scale(currency)
    return Money(amount * parts // times, currency)


def limits(currency: str) -> ChargeLimits | None:
    if currency not in _CURRENCIES:
        return None
    times, parts = _scale(currency)
    step = 10 if currency in _LAST_DIGIT_ZERO else parts
    least = _LEAST.get(currency, 1) * parts // times
    return ChargeLimits(max(least, step), _MOST * parts // times // step * step, step)


def _scale(currency: str) -> tuple[int, int]:
    """Minor units of Stripe for how many of ours."""
    ours = decimals(currency)
    theirs = _DIFFERS.get(currency, ours)
    return 10 ** max(theirs - ours, 0), 10 ** max(ours - theirs, 0)
