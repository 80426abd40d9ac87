"""Invoices that a chat platform collects itself: what is asked for, the look just before the money, and what came."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.money import Money, decimals

COLLECTED_IN_CHAT = "telegram"
"""By whom it is told that such an invoice was paid."""

_PAYLOAD = re.compile(r"order:([1-9][0-9]{0,17})")
_MOST_DECIMALS = 2
"""Of currencies with three, the platform knows none."""


@dataclass(frozen=True)
class Invoice:
    """`name` and `description` are what it says, in the client's language."""

    order_id: int
    name: str
    description: str
    amount: Money

    @property
    def payload(self) -> str:
        """Comes back with the question before the money, and with the money."""
        return f"order:{self.order_id}"


@dataclass(frozen=True)
class Question:
    """Somebody is about to pay: whether the money is to be taken."""

    payload: str
    amount: Money


@dataclass(frozen=True)
class Collected:
    """The money came. `ref` is the platform's own id of the payment, `charge_ref` that of the provider behind it."""

    payload: str
    amount: Money
    ref: str
    charge_ref: str


class NotNow(StrEnum):
    """Why money is not to be taken."""

    OVER = "over"  # the hold, or the order, has ended or was paid
    CHANGED = "changed"  # another amount is asked for by now
    ANOTHERS = "anothers"  # the invoice is somebody else's


def order_of(payload: str) -> int | None:
    """The order of an invoice; None for what no invoice of ours says."""
    found = _PAYLOAD.fullmatch(payload)
    return None if found is None else int(found[1])


def can_ask(amount: Money) -> bool:
    """Whether an invoice can ask for it. What is too little or too much there, the platform says itself."""
    return bool(amount) and decimals(amount.currency) <= _MOST_DECIMALS
