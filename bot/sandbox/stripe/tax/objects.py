"""What the stand-in knows of tax: where the practice collects it, and what was reckoned for one line."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where a customer is: what a page asked for, or what an address says."""

    country: str
    state: str | None = None
    postal_code: str | None = None
    city: str | None = None
    line1: str | None = None

    def json(self) -> dict[str, Any]:
        return {
            "city": self.city,
            "country": self.country,
            "line1": self.line1,
            "line2": None,
            "postal_code": self.postal_code,
            "state": self.state,
        }


@dataclass(frozen=True)
class Rate:
    """`percent` as Stripe writes it, `19.0`."""

    id: str
    country: str
    percent: str
    kind: str = "vat"
    name: str = "VAT"
    state: str | None = None


@dataclass(frozen=True)
class LineTax:
    """`reason` is Stripe's taxability reason, such as standard_rated or reverse_charge; `rate` what was applied."""

    amount: int
    taxable: int
    inclusive: bool
    rate: Rate
    reason: str


@dataclass
class TaxSetup:
    """What an owner enters in the dashboard. Without a head office tax cannot be reckoned."""

    head_office: Place | None = None
    registrations: list[str] = field(default_factory=list)
    tax_code: str = "txcd_20030000"
    behavior: str = "inferred_by_currency"


@dataclass
class Calculation:
    """`lines` are (reference, amount, quantity, tax code) as asked, `taxes` one for each."""

    id: str
    created: int
    currency: str
    customer: str | None
    place: Place
    tax_ids: list[dict[str, str]]
    override: str
    lines: list[dict[str, Any]]
    taxes: list[LineTax]
    tax_date: int

    @property
    def total(self) -> int:
        on_top = sum(tax.amount for tax in self.taxes if not tax.inclusive)
        return sum(int(line["amount"]) for line in self.lines) + on_top


@dataclass
class Association:
    """A payment whose tax was reckoned by `calculation`: one attempt for the payment, one for each refund."""

    id: str
    calculation: str
    payment_intent: str
    attempts: list[dict[str, Any]] = field(default_factory=list)
