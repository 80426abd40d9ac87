"""Reckons tax by the place of the customer, as the practice's registrations have it.

The rates are those of 2026 for services, good enough to see every kind of answer; nobody's tax return.
"""

from decimal import ROUND_HALF_UP, Decimal

from bot.sandbox.stripe.tax.objects import LineTax, Place, Rate, TaxSetup

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
# Percent by country, or by country and state where each state has its own.
PERCENT = {
    "AT": "20.0", "AU": "10.0", "BE": "21.0", "CH": "8.1", "CZ": "21.0", "DE": "19.0", "DK": "25.0", "ES": "21.0",
    "FI": "25.5", "FR": "20.0", "GB": "20.0", "IE": "23.0", "IT": "22.0", "JP": "10.0", "NL": "21.0", "NO": "25.0",
    "PL": "23.0", "PT": "23.0", "SE": "25.0", "UA": "20.0",
    "CA-BC": "12.0", "CA-ON": "13.0", "US-CA": "7.25", "US-NY": "8.875", "US-TX": "8.25", "US-WA": "10.35",
}  # fmt: skip
BY_STATE = frozenset(("CA", "US"))
KINDS = {"CA": ("hst", "HST"), "US": ("sales_tax", "Sales Tax"), "JP": ("jct", "JCT"), "AU": ("gst", "GST")}
BUSINESS = {"eu_vat", "gb_vat", "no_vat", "ch_vat", "au_abn"}


def region(place: Place) -> str:
    """`DE`, or `US-CA` where each state has its own rate."""
    return f"{place.country}-{place.state or ''}" if place.country in BY_STATE else place.country


def line_tax(
    amount: int,
    behavior: str,
    place: Place,
    setup: TaxSetup,
    exempt: str = "none",
    number_kinds: frozenset[str] = frozenset(),
) -> LineTax:
    """The tax of one line of `amount`. `exempt` is none, exempt or reverse; `number_kinds` the customer's tax ids."""
    inclusive = behavior == "inclusive"
    percent, reason = _applied(place, setup, exempt, number_kinds)
    kind, name = KINDS.get(place.country, ("vat", "VAT"))
    rate = Rate(f"txr_{region(place)}_{percent}", place.country, percent, kind, name, place.state)
    if not Decimal(percent):
        return LineTax(0, 0 if reason == "not_collecting" else amount, inclusive, rate, reason)
    part = Decimal(percent) / 100
    exact = amount * part / (1 + part) if inclusive else amount * part
    tax = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return LineTax(tax, amount - tax if inclusive else amount, inclusive, rate, reason)


def _applied(place: Place, setup: TaxSetup, exempt: str, number_kinds: frozenset[str]) -> tuple[str, str]:
    """Percent and Stripe's taxability reason."""
    if exempt == "exempt":
        return "0.0", "customer_exempt"
    home = setup.head_office.country if setup.head_office else ""
    abroad = place.country != home
    if exempt == "reverse" or (abroad and number_kinds & BUSINESS and {place.country, home} <= EU):
        return "0.0", "reverse_charge"
    where = region(place)
    collects = where in setup.registrations or (place.country in EU and "EU-OSS" in setup.registrations)
    if not collects or where not in PERCENT:
        return "0.0", "not_collecting"
    return PERCENT[where], "standard_rated"


def behavior_of(asked: str | None, setup: TaxSetup, currency: str) -> str:
    """Inclusive or exclusive: as the line says, else as the practice's settings have it."""
    if asked in ("inclusive", "exclusive"):
        return asked
    if setup.behavior in ("inclusive", "exclusive"):
        return setup.behavior
    return "exclusive" if currency in ("usd", "cad") else "inclusive"
