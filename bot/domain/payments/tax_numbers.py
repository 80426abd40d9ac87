"""Tax numbers of clients: of which kind one is, and what the state that gave it says to it.

Examples: `ATU12345678` and `de 123 456 789` are numbers of the Union, `GB123456789` a British one,
`CHE-123.456.789 MWST` a Swiss one. Of all others nobody can be asked here: they stand on receipts.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.buyers import Buyer, Exemption

_UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
)  # fmt: skip
_KINDS = {
    "eu_vat": re.compile(rf"(?:{'|'.join(_UNION)})[0-9A-Z+*]{{2,12}}"),
    "gb_vat": re.compile(r"GB(?:\d{9}|\d{12})"),
    "ch_vat": re.compile(r"CHE\d{9}(?:MWST|TVA|IVA)"),
}
_BETWEEN = re.compile(r"[\s.\-/]")


class NumberState(StrEnum):
    """What the state that gave a tax number says to it, by way of the payment provider."""

    PENDING = "pending"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    UNAVAILABLE = "unavailable"  # nobody can be asked about numbers of this kind


@dataclass(frozen=True)
class TaxId:
    """`kind` is the payment provider's word, `value` without blanks and dots."""

    kind: str
    value: str


def read_number(text: str | None) -> TaxId | None:
    """None for one that is of no kind that can be checked."""
    value = _BETWEEN.sub("", text or "").upper()
    return next((TaxId(kind, value) for kind, form in _KINDS.items() if form.fullmatch(value)), None)


@dataclass(frozen=True)
class TaxFacts:
    """What of a client decides their tax, beside their address."""

    number: TaxId | None = None
    exemption: Exemption | None = None


@dataclass(frozen=True)
class ToldTax:
    """What the payment provider was told of a client. `number_ref` is its id of the number, None where it has none: a
    number that the state does not know is taken off again, so that it saves nobody tax."""

    facts: TaxFacts = TaxFacts()
    number_ref: str | None = None
    number_state: NumberState | None = None


def facts_of(buyer: Buyer) -> TaxFacts:
    return TaxFacts(read_number(buyer.number), buyer.exemption)
