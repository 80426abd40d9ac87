"""Applies each event of the payment provider: pages that were paid or have expired, and money that went back."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.domain.notices.incoming import InboxRow
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardNews, CardPage, CardPayment
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.payments.port import Checkout, PaymentProvider, Returned, Reversed
from bot.integrations.payments.tax import TaxNumber
from bot.integrations.vendor import VendorAway, VendorRefused
from bot.services.disputes import record_dispute
from bot.services.kit.audit_note import tell_owners
from bot.services.kit.inbox import OfNoConcern, Unknown
from bot.services.kit.reaction import Reaction
from bot.services.payments.kept_cards.by_card import as_checkout, find
from bot.services.payments.refunds.record_refund import record_refund
from bot.services.payments.settle_payment import apply_checkout, of_another_house, ours
from storage.engine import Storage, Tx
from storage.payments import payments
from storage.payments.cards import customers

log = logging.getLogger(__name__)

ANSWER_S = 8.0
"""How long the provider may take to show a page. A browser that comes back is told something within ten seconds."""

ENRICH_S = 3.0
"""How long a payment that is certain waits for the details of its charge."""

Outcome = Callable[[Tx], Payment | None]


class PaymentEvents:
    def __init__(self, storage: Storage, react: Reaction, provider: PaymentProvider) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider

    async def apply(self, row: InboxRow, now: datetime) -> Outcome:
        """What writes an event down (see `kit.inbox`); it gives the payment that was paid, if one was."""
        found = self._provider.read(row.kind, row.payload)
        cause = Cause(None, self._provider.name, now)
        if isinstance(found, CardPayment):
            found = as_checkout(found)
        if isinstance(found, Checkout):
            return await self._page(found, row, cause)
        if isinstance(found, CardNews):
            card = found.card
            return lambda tx: _look_again(tx, card.customer_ref, card.ref, now)
        if isinstance(found, CardPage | TaxNumber):
            customer_ref = found.customer_ref
            return lambda tx: _look_again(tx, customer_ref, None, now)
        if isinstance(found, Returned):
            returned = await self._returned(found)
            return lambda tx: _enter(tx, returned, cause)
        if isinstance(found, Reversed):
            return await self._reversed(found, cause)
        if isinstance(found, Dispute | FraudWarning):
            return await self._of_bank(found, cause)
        raise OfNoConcern("of no concern")

    async def _page(self, told: Checkout, row: InboxRow, cause: Cause) -> Outcome:
        """Paid and expired are final, so a message that says so is enough; else the page itself is asked."""
        if await self._storage.read(lambda tx: ours(tx, told)) is None:
            if not told.paid or await self._storage.read(lambda tx: of_another_house(tx, told)):
                raise OfNoConcern("foreign")
            return lambda tx: tell_stray(tx, told, row, cause)
        fresh = await look(self._provider, told.ref, ENRICH_S if told.paid else ANSWER_S, by_card=told.by_card)
        page = told if fresh is None or (told.paid and not fresh.paid) else fresh
        return lambda tx: apply_checkout(tx, self._react, page, cause)

    async def _returned(self, told: Returned) -> Returned:
        """The refund as it stands now, since what is told of it comes in any order; what is told, where nobody
        answers."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._provider.refund(told.ref) or told
        except (VendorAway, VendorRefused, TimeoutError):
            return told

    async def _reversed(self, found: Reversed, cause: Cause) -> Outcome:
        """Only the provider knows which refunds: all of them are entered, whoever made them."""
        if not await self._paid_by(found):
            await self._learn_of_payment(found.payment_id, cause)  # the money's going was told before its coming
            if not await self._paid_by(found):
                raise Unknown
        made = await self._provider.refunds_of(found.intent_ref)

        def enter(tx: Tx) -> None:
            for returned in made:
                record_refund(tx, returned, cause)

        return enter

    async def _of_bank(self, found: Dispute | FraudWarning, cause: Cause) -> Outcome:
        """It is asked for as it stands: news of it come in any order."""
        if not await self._paid_by(found):
            raise Unknown
        news = await as_it_stands(self._provider, found)

        def enter(tx: Tx) -> None:
            payment = payments.by_intent(tx, found.intent_ref, found.charge_ref)
            assert payment is not None
            record_dispute.record(tx, payment, news, cause)

        return enter

    async def _paid_by(self, found: Reversed | Dispute | FraudWarning) -> bool:
        paid = await self._storage.read(lambda tx: payments.by_intent(tx, found.intent_ref, found.charge_ref))
        return paid is not None

    async def _learn_of_payment(self, payment_id: int | None, cause: Cause) -> None:
        payment = await self._storage.read(lambda tx: payments.find(tx, payment_id) if payment_id else None)
        if payment is None or payment.checkout_ref is None:
            return
        page = await look(self._provider, payment.checkout_ref, ANSWER_S, by_card=payment.card_id is not None)
        if page is not None:
            await self._storage.write(lambda tx: apply_checkout(tx, self._react, page, cause))


async def look(
    provider: PaymentProvider, checkout_ref: str, seconds: float, *, by_card: bool = False
) -> Checkout | None:
    """The page, or the payment with a kept card, as the provider shows it now; None when it does not answer in time or
    does not know it."""
    try:
        async with asyncio.timeout(seconds):
            return await find(provider, checkout_ref, by_card=by_card)
    except (VendorAway, VendorRefused, TimeoutError):
        return None


async def as_it_stands(provider: PaymentProvider, found: Dispute | FraudWarning) -> Dispute | FraudWarning:
    """What the provider says of it now. Raises `VendorAway`, `VendorRefused`."""
    if provider.disputes is None:
        return found
    if isinstance(found, Dispute):
        return await provider.disputes.dispute(found.ref) or found
    there = await provider.disputes.warnings_of(found.intent_ref or found.charge_ref)
    return next((each for each in there if each.ref == found.ref), found)


def tell_stray(tx: Tx, page: Checkout, row: InboxRow, cause: Cause) -> None:
    """Money that is for no order of ours: the owners are told, and it stays where it is."""
    log.warning("page.stray", extra={"ids": {"page": page.ref, "event": row.id}})
    to, key = address_of(NoticeKind.STRAY_MONEY, row.id), f"stray:{row.provider}:{page.ref}"
    tell_owners(tx, NoticeKind.STRAY_MONEY, Subject("practice"), to, key, cause.now)


def _look_again(tx: Tx, customer_ref: str | None, card_ref: str | None, now: datetime) -> None:
    """What became of a card, or of a tax number, is the provider's to say: it is asked."""
    if not customers.look_again(tx, customer_ref, card_ref, now):
        raise OfNoConcern("foreign")


def _enter(tx: Tx, returned: Returned, cause: Cause) -> None:
    if not record_refund(tx, returned, cause):
        raise Unknown
