"""Charges a kept card with frozen parameters, while its client is there to answer the bank."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.notices.notices import HOLDS
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.port import Checkout
from bot.integrations.vendor import VendorRefused
from bot.services.kit.refusal_trail import keep_refusal
from bot.services.payments import sales
from bot.services.payments.kept_cards import off_session
from bot.services.payments.kept_cards.by_card import as_checkout
from bot.services.payments.payment_intents import SILENCE, FrozenIntent, Outcome, drop_page
from bot.services.payments.settle_payment import apply_checkout
from storage.engine import Tx
from storage.notices import outbox
from storage.payments import payment_changes, payments

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FindCharge(FrozenIntent):
    """Looks whether a kept card was charged whose answer never reached us, now that nobody is to pay any more: to ask
    again would charge it."""

    async def carry_out(self, now: datetime) -> Outcome:
        keeper, customer_ref = self.provider.cards, str(self.parameters.get("customer"))
        made = [] if keeper is None else await keeper.payments_of(customer_ref)
        mine = next((each for each in made if each.payment_id == self.payment.id), None)
        if mine is None:
            return lambda tx: drop_page(tx, self.payment.id)
        found, cause = as_checkout(mine), Cause(None, self.provider.name, now)
        return lambda tx: apply_checkout(tx, self.react, found, cause)


@dataclass(frozen=True)
class ChargeCard(FrozenIntent):
    """Asked again, the provider gives the same answer: a decline too, after which only another attempt tries again."""

    async def carry_out(self, now: datetime) -> Outcome:
        keeper = self.provider.cards
        assert keeper is not None
        found = await keeper.charge(self.parameters, self.key)
        log.info("card.charged", extra={"ids": {"payment": self.payment.id, "intent": found.ref}})
        cause = Cause(None, self.provider.name, now)
        return lambda tx: self._answered(tx, as_checkout(found), cause)

    def _answered(self, tx: Tx, checkout: Checkout, cause: Cause) -> Payment | None:
        """The bank's own question is a page to open; all else is settled like a page, as what its client did."""
        if checkout.state is not PageState.OPEN or checkout.declined is not None:
            payer = sales.payer(tx, self.payment)
            return apply_checkout(tx, self.react, checkout, replace(cause, person_id=payer))
        again = cause.now + SILENCE
        if payment_changes.open_page(tx, self.payment.id, checkout.ref, checkout.url, again):
            outbox.ask_correction(tx, self.payment.subject, cause.now, HOLDS)
        else:  # its hold ended while we asked
            payment_changes.keep_page_to_close(tx, self.payment.id, checkout.ref, checkout.url, cause.now)
        return payments.find(tx, self.payment.id)

    async def refused(self, refusal: VendorRefused, now: datetime) -> Outcome:
        """The card may be gone at the provider, or be no good for this: the page takes any card."""

        def record(tx: Tx) -> Payment | None:
            keep_refusal(tx, refusal, {"payment": self.payment.id}, now)
            sales.lock(tx, self.payment.subject)
            dropped = drop_page(tx, self.payment.id)
            sale = None if dropped is None else sales.of_payment(tx, dropped)
            if dropped is not None and sale is not None and sale.stands(now):
                off_session.intend_another(tx, dropped, sale, now)
                outbox.ask_correction(tx, self.payment.subject, now, HOLDS)
            return dropped

        return record
