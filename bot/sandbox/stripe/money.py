"""Amounts as Stripe counts them: whole minor units of a currency."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_name

ZERO_DECIMAL = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
    "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf",
}  # fmt: skip
THREE_DECIMAL = {"bhd", "jod", "kwd", "omr", "tnd"}
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
LARGEST = 99_999_999


def exponent(currency: str) -> int:
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def shown(amount: int, currency: str) -> str:
    """`6000, "usd"` to `$60.00`."""
    major = Decimal(amount).scaleb(-exponent(currency))
    pattern = "¤#,##0" + ("." + "0" * exponent(currency) if exponent(currency) else "")
    return format_currency(major, currency.upper(), pattern, locale="en_US", currency_digits=False)


def known(currency: str) -> bool:
    return len(currency) == 3 and get_currency_name(currency.upper(), locale="en_US") != currency.upper()


def fee(amount: int) -> int:
    """2.9 % and 30 minor units."""
    return int((Decimal(amount) * Decimal("0.029") + 30).quantize(Decimal(1), ROUND_HALF_UP))
