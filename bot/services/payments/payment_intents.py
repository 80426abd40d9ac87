"""Asks the provider about one payment: for its page, how the page stands, or what it kept of the money."""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.notices.notices import HOLDS
from bot.domain.payments.payments import Parameters, Payment
from bot.domain.records import Cause
from bot.integrations.payments.port import Checkout, PaymentProvider
from bot.integrations.vendor import VendorAway, VendorRefused
from bot.services.cards.write_cards import is_gone
from bot.services.kit.patience import Patience
from bot.services.kit.reaction import Reaction
from bot.services.kit.refusal_trail import keep_refusal
from bot.services.payments import sales, tell_money
from bot.services.payments.accept_money import fee_known
from bot.services.payments.kept_cards import by_card
from bot.services.payments.settle_payment import apply_checkout, forget_page
from storage.engine import Tx
from storage.notices import outbox
from storage.payments import payment_changes, payments
from storage.payments.cards import customers

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=30)
"""How long after the last question a page that stayed silent is asked about."""

STALE = timedelta(minutes=31)
"""The provider's least life of a page is 30 minutes: parameters with less left are of no use."""

TO_PAY_ON = Patience(longest=timedelta(seconds=45))
"""A person waits for the answer: the link is to be there as soon as the provider is."""

TO_CLOSE = Patience(longest=timedelta(minutes=10))
FOR_A_FEE = Patience(longest=timedelta(hours=1), give_up_after=12)

Outcome = Callable[[Tx], Payment | None]
"""What writes an answer down, and gives the payment as it then stands."""


@dataclass(frozen=True)
class _OfPayment:
    """`react`: what follows when the booking changes because of the answer."""

    payment: Payment
    provider: PaymentProvider
    react: Reaction

    @property
    def name(self) -> str:
        return "payment"

    @property
    def id(self) -> int:
        return self.payment.id

    @property
    def failures(self) -> int:
        return self.payment.failures

    @property
    def patience(self) -> Patience:
        return TO_PAY_ON if self.payment.state in payments.LIVE else TO_CLOSE

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        payments.ask_at(tx, self.payment.id, again, self.payment.failures + 1)

    async def refused(self, refusal: VendorRefused, _now: datetime) -> Outcome:
        raise refusal


@dataclass(frozen=True)
class FrozenIntent(_OfPayment):
    """One whose `parameters` were written down before the provider is asked."""

    parameters: Parameters

    @property
    def key(self) -> str:
        """Ours, and of these very parameters: another database that asks the same account counts from one as well."""
        frozen = json.dumps(self.parameters, sort_keys=True).encode()
        return f"{self.payment.idempotency_key}:{hashlib.sha256(frozen).hexdigest()[:16]}"


@dataclass(frozen=True)
class MakePage(FrozenIntent):
    """Asks for a page. Asked again, the provider gives the same page."""

    awaited: bool = False
    """Somebody is to pay on it: a refusal is told."""

    async def carry_out(self, now: datetime) -> Outcome:
        checkout = await self.provider.open(self.parameters, self.key)
        log.info("page.made", extra={"ids": {"payment": self.payment.id, "page": checkout.ref}})
        return lambda tx: _opened(tx, self.payment, checkout, now)

    async def refused(self, refusal: VendorRefused, now: datetime) -> Outcome:
        """Parameters that have grown old are refused for their age: then another page is asked for."""
        if not self.awaited or self.payment.expires_at - now < STALE:
            return lambda tx: drop_page(tx, self.payment.id)
        if await self._names_nobody():
            return lambda tx: self._without_customer(tx, now)
        return lambda tx: _page_refused(tx, self.payment, refusal, now)

    async def _names_nobody(self) -> bool:
        """Whether the customer under whom it was asked for is deleted at the provider."""
        ref, keeper = self.parameters.get("customer"), self.provider.cards
        return isinstance(ref, str) and keeper is not None and await keeper.customer(ref) is None

    def _without_customer(self, tx: Tx, now: datetime) -> Payment | None:
        """Another page is asked for, under another customer if it needs one."""
        sales.lock(tx, self.payment.subject)
        customer = customers.by_ref(tx, str(self.parameters["customer"]))
        if customer is not None:
            is_gone(tx, customer.id, now)
        dropped = drop_page(tx, self.payment.id)
        sale = None if dropped is None else sales.of_payment(tx, dropped)
        if sale is not None and sale.stands(now):
            sales.intend(tx, sale, now)
        return dropped


@dataclass(frozen=True)
class AskPage(_OfPayment):
    """Asks how a page stands; unless its hold still `stands`, it is closed on the way."""

    page: str
    stands: bool

    async def carry_out(self, now: datetime) -> Outcome:
        look = by_card.find if self.stands else by_card.close
        checkout = await look(self.provider, self.page, by_card=self.payment.card_id is not None)
        if checkout is None:
            log.error("page.unknown", extra={"ids": {"payment": self.payment.id}})
            return lambda tx: forget_page(tx, self.payment, now)
        cause = Cause(None, self.provider.name, now)
        return lambda tx: apply_checkout(tx, self.react, checkout, cause)


@dataclass(frozen=True)
class AskFee(_OfPayment):
    """Asks what the provider kept of money that has arrived."""

    @property
    def patience(self) -> Patience:
        return FOR_A_FEE

    async def carry_out(self, now: datetime) -> Outcome:
        way = self.payment.intent_ref
        charge = None if way is None else await self.provider.charge_of(way)
        if charge is None:
            raise VendorAway("no charge yet")
        cause = Cause(None, self.provider.name, now)
        return lambda tx: fee_known(tx, self.payment, charge, cause)


def _opened(tx: Tx, payment: Payment, checkout: Checkout, now: datetime) -> Payment | None:
    if payment_changes.open_page(tx, payment.id, checkout.ref, checkout.url, now + SILENCE):
        outbox.ask_correction(tx, payment.subject, now, HOLDS)
    else:  # its hold ended while we asked
        payment_changes.keep_page_to_close(tx, payment.id, checkout.ref, checkout.url, now)
    return payments.find(tx, payment.id)


def _page_refused(tx: Tx, payment: Payment, refusal: VendorRefused, now: datetime) -> Payment | None:
    """Nobody can pay for this: client and owners are told, under a reference."""
    reference = keep_refusal(tx, refusal, {"payment": payment.id}, now)
    if payment_changes.refuse_page(tx, payment.id, reference):
        outbox.ask_correction(tx, payment.subject, now, HOLDS)
        tell_money.of_refused_page(tx, payment.subject, payment.id, now)
    return payments.find(tx, payment.id)


def drop_page(tx: Tx, payment_id: int) -> Payment | None:
    """There is no page."""
    payment_changes.close(tx, payment_id)
    return payments.find(tx, payment_id)
