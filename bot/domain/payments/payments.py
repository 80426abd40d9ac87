"""Payments and refunds: what was intended, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxBehavior, TaxedPart, TaxReckoning
from bot.domain.subjects import Subject

Parameters = Mapping[str, object]
"""What a provider is asked for a page with, in its own words."""


class PaymentState(StrEnum):
    INTENDED = "intended"  # written, the provider was not asked yet or did not answer
    OPEN = "open"  # there is a page to pay on
    CLOSING = "closing"  # its hold is over; the page is to be closed before the slot is free
    CLOSED = "closed"
    ACCEPTED = "accepted"
    REFUSED = "refused"  # money came, and goes back


class RefundState(StrEnum):
    INTENDED = "intended"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundFailure(StrEnum):
    """Why a refund failed."""

    REFUSED = "refused"  # the provider would not make it
    BANK = "bank"  # the client's bank or card did not take it
    BALANCE = "balance"  # what the practice has at the provider does not cover it
    STOPPED = "stopped"  # somebody stopped it at the provider
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Payment:
    """`order_id`: of the order that it pays, None in one from before there were orders. `subject`: what is said of it
    is about that: the session, or the order. `amount`: what is asked for, and of money that was not accepted what came.
    `reference`: there is no page, since the provider will not make one; its steps are kept under this. `tax`: how its
    page reckons tax, as that was when it was first asked for; `amount` is without what comes on top until it is paid.
    `card_id`: it is made with this kept card, without a page; `checkout_url` is then the bank's own page, where its
    client answers a question of the bank's. `declined`: what the bank said when it said no. `keep_card`: the card that
    pays on its page is kept. `reckoned`: what it comes to with tax where a kept card pays.
    """

    id: int
    subject: Subject
    attempt: int
    state: PaymentState
    amount: Money
    checkout_ref: str | None
    checkout_url: str | None
    intent_ref: str | None
    expires_at: datetime
    version: int = 1
    charge_ref: str | None = None
    failures: int = 0
    left: bool = False  # the client came back from the page without paying
    reference: str | None = None
    order_id: int | None = None
    tax: TaxBehavior | None = None
    card_id: int | None = None
    keep_card: bool = False
    declined: str | None = None
    reckoned: TaxReckoning | None = None

    @property
    def by_charge(self) -> bool:
        """Whether a chat platform collected it: there is no page, and all that is known of its way is its charge."""
        return self.charge_ref is not None and self.intent_ref == self.charge_ref

    @property
    def idempotency_key(self) -> str:
        """Our own key, so that a retry repeats the frozen parameters of this row."""
        return f"rapport:payment:{self.id}"

    def movement(self, kind: "MovementKind", ref: str, amount: Money, at: datetime) -> "Movement":
        """One of its money; `ref` as in a `Movement`."""
        booking_id = self.subject.number("booking")
        return Movement(kind, ref, amount, at, self.id, self.order_id, booking_id, self.intent_ref)


OUTSIDE = "outside"
"""The reason of a refund that was made in the provider's own dashboard."""

FRAUD = "fraud"
"""The reason of what an owner gives back since the card network thinks that it was fraud."""

LATE = "late"
"""The reason of what came when it could not be had any more. For a while its client may take a credit in its place."""

DISPUTED = "disputed"
"""The reason of what the client's bank took back."""

PAST_US = (OUTSIDE, DISPUTED)
"""Reasons of money that went back past us. Where it did not, or came back, nobody owes it: we had told of none."""

BY_HAND, ANOTHER_WAY, AS_CREDIT = "hand", "another-way", "as-credit"
"""How the reasons begin of what somebody of the practice gives back, of what they paid past the provider since it could
not go back, and of what became a credit, so that no money moves; the number of the message with their words follows, as
in `hand:7`. A client who chose a credit themselves has written none."""

WITH_WORDS = (BY_HAND, ANOTHER_WAY, AS_CREDIT)


PACKAGE = "package"
"""The reason of what goes back since a package was given back."""


def with_words(how: str, message_id: int) -> str:
    """The reason of a refund by hand, one of `WITH_WORDS`, whose words stand in this message."""
    return f"{how}:{message_id}"


@dataclass(frozen=True)
class Refund:
    """`reason`: policy, coach, declined, fee, second, amount, fraud, `LATE`, `PACKAGE`, `OUTSIDE`, `DISPUTED`, or one
    `with_words`.

    `reference`: of one that the provider would not make; its steps are kept under this.
    """

    id: int
    payment_id: int
    subject: Subject  # what it gives back the price of
    amount: Money
    reason: str
    state: RefundState
    intent_ref: str
    refund_ref: str | None = None
    attempts: int = 0
    failure: RefundFailure | None = None
    reference: str | None = None
    order_id: int | None = None

    @property
    def idempotency_key(self) -> str:
        return f"rapport:refund:{self.id}:{self.intent_ref}"

    def movement(self, kind: "MovementKind", ref: str, amount: Money, at: datetime) -> "Movement":
        """One of its money; `ref` as in a `Movement`."""
        booking_id = self.subject.number("booking")
        return Movement(kind, ref, amount, at, self.payment_id, self.order_id, booking_id, self.intent_ref)

    @property
    def how(self) -> str:
        """The reason without the number of its words."""
        return self.reason.partition(":")[0]

    @property
    def message_id(self) -> int | None:
        """The words of who gave it back by hand."""
        how, _colon, number = self.reason.partition(":")
        return int(number) if how in WITH_WORDS and number.isdecimal() else None

    @property
    def is_apart(self) -> bool:
        """Whether it went back whatever became of the booking, and a message of its own told so."""
        return self.reason in PAST_US or self.how == AS_CREDIT or self.message_id is not None


class MovementKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"
    FEE = "fee"
    ADJUSTMENT = "adjustment"  # a refund that failed: its money came back
    DISPUTE = "dispute"  # the client's bank took it back; one that is won after all comes back


@dataclass(frozen=True)
class Movement:
    """One row of the ledger. What came in is positive; `external_ref` is the provider's id of the movement.

    `tax_rates` are the parts of `amount` by what was applied to each, empty where no tax was reckoned.
    """

    kind: MovementKind
    external_ref: str
    amount: Money
    at: datetime
    payment_id: int | None = None
    order_id: int | None = None
    booking_id: int | None = None
    intent_ref: str | None = None
    tax_amount: int | None = None
    tax_location: Mapping[str, str] | None = None
    tax_rates: Sequence[TaxedPart] = ()
    tax_exempt: str | None = None
    tax_id: str | None = None
