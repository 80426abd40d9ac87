"""What a provider that reckons tax can do: by the client's address and tax number, on its page or without one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxChoice
from bot.domain.payments.tax_numbers import NumberState


@dataclass(frozen=True)
class TaxPart:
    """What one rate came to, `percent` such as `19` or `7.25`; `reason` is the provider's word for why."""

    amount: Money
    taxable: Money
    percent: str
    inclusive: bool
    reason: str
    country: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class TaxLine:
    """`ref` is our own name for it."""

    ref: str
    amount: Money
    tax: TaxChoice


@dataclass(frozen=True)
class Reckoned:
    """The tax of a payment without a page; `total` is what is to be charged, until `expires_at`. `location`: no more of
    the address than a tax report needs. `exempt`: exempt or reverse, where no tax is to be taken of the customer."""

    ref: str
    total: Money
    tax: Money
    parts: tuple[TaxPart, ...]
    expires_at: datetime | None
    location: Mapping[str, str] | None = None
    exempt: str | None = None


@dataclass(frozen=True)
class TaxNumber:
    """A client's tax number and what the state that gave it says to it. The number itself is only ever sent."""

    ref: str
    customer_ref: str
    kind: str
    state: NumberState


class Exemption(StrEnum):
    NONE = "none"
    EXEMPT = "exempt"
    REVERSE = "reverse"  # the client owes the tax


class TaxReckoner(Protocol):
    """All calls raise `VendorAway` and `VendorRefused`; a repeated `key` does a thing once."""

    async def faults(self) -> list[str]:
        """What keeps the provider from reckoning tax, each with what to do."""

    async def reckon(self, customer_ref: str, lines: Sequence[TaxLine], key: str) -> Reckoned:
        """The tax of these lines, by the customer's address, numbers and exemption. A `VendorRefused` where their
        address is not known."""

    async def add_number(self, customer_ref: str, kind: str, value: str, key: str) -> TaxNumber:
        """A `VendorRefused` of code `tax_id_invalid` means that no number of this kind looks like it."""

    async def numbers_of(self, customer_ref: str) -> list[TaxNumber]: ...

    async def remove_number(self, ref: str) -> None:
        """One that is gone already is no failure."""

    async def exempt(self, customer_ref: str, exemption: Exemption) -> None: ...
