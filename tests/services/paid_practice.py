"""A practice that takes money: a selling practice with the real Stripe SDK, and a Stripe to talk to over HTTP.

Product and stand-in share one clock, which begins at the other tests' `NOW` and runs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.bookings.reasons import Reason
from bot.domain.payments.payments import Movement, Payment
from bot.domain.people.people import Profile
from bot.handlers.payments import order_words
from bot.integrations.payments.stripe.checkout import StripeCheckout
from bot.integrations.payments.stripe.endpoints import NEEDED
from bot.sandbox.standin import Served, serve
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.bookings import hold_expiry
from bot.services.bookings.bookings import Bookings
from bot.services.cards.cards import Cards
from bot.services.fees.fees import SessionFees
from bot.services.kit.faults import Faults
from bot.services.kit.references import References
from bot.services.kit.set_aside import RowsSetAside
from bot.services.payments.payments import Payments
from bot.services.payments.receipts.receipts import Receipts
from bot.services.reactions import react
from bot.web.pay_return import PayReturn
from bot.web.receipt_page import ReceiptPage
from bot.web.server import application
from bot.web.vendor_webhook import VendorWebhook
from storage import tables
from storage.engine import Storage
from storage.payments import payments, transactions
from tests.services.bare_practice import CLIENT, NOW, made
from tests.services.selling_practice import SellingPractice
from tests.support.leases import time_passes

KEY, SECRET = "sk_test_till", "whsec_till"
FEE = -161  # 2.9 % and 30 of 4500


class PaidPractice(SellingPractice):
    """`url` is the product's own, `stripe` the stand-in's; `woken` counts calls to send what was written."""

    sandbox: StripeSandbox
    stripe: str
    url: str
    browser: aiohttp.ClientSession
    provider: StripeCheckout
    payments: Payments
    cards: Cards
    fees: SessionFees
    webhook: VendorWebhook

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.bookings = Bookings(storage, react, fees_on=True)
        self.sandbox = StripeSandbox(secret_key=KEY, webhook_secret=SECRET, retry_delays=(0.05, 0.1, 0.2), poll=0.05)
        self.sandbox.clock.advance((NOW - self.sandbox.clock.real_now()).total_seconds())
        self.sandbox.webhooks.enabled_events = list(NEEDED)
        self.woken = 0

    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def advance(self, **span: float) -> None:
        self.sandbox.clock.advance(timedelta(**span).total_seconds())

    def wake(self) -> None:
        self.woken += 1

    async def hold(self, at: datetime, who: Profile = CLIENT) -> Booking:
        return await self.found(made(await self.try_hold(who, self.paid, at, self.now())))

    async def page(self, booking: Booking) -> Payment:
        payment = await self.payments.ready(booking.id, self.now())
        assert payment is not None
        assert payment.checkout_ref
        return payment

    async def control(self, door: str, **body: Any) -> dict[str, Any]:
        async with self.browser.post(f"{self.stripe}/_sandbox/{door}", json=body) as answer:
            found: dict[str, Any] = await answer.json()
            assert answer.status == 200, found
        return found

    async def pays(self, payment: Payment, card: str = "success") -> None:
        await self.control("pay", session=payment.checkout_ref, card=card)

    async def silence(self) -> None:
        """No message of Stripe's ever arrives."""
        await self.control("options", webhook_url=None)

    async def heard(self) -> None:
        """All that Stripe had to say was answered and applied."""
        async with asyncio.timeout(30):
            await self.webhook.drain()
            while not self._all_answered():
                await asyncio.sleep(0.004)
                await self.webhook.drain()  # what was answered may still be being applied

    def _all_answered(self) -> bool:
        """Applying an event may give Stripe something new to say."""
        answered = {attempt.event for attempt in self.sandbox.webhooks.attempts if attempt.status == 200}
        told = self.sandbox.account.events.all.items()
        return answered >= {name for name, event in told if self.sandbox.webhooks.sends(event["type"])}

    async def sweep(self, **ahead: float) -> None:
        """Everything that repeats, once, this much later."""
        self.advance(**ahead)
        await time_passes(self.storage, timedelta(**ahead).total_seconds())
        await hold_expiry.end_over(self.storage, react, self.now())
        [events], [pages, refunds] = self.payments.work.inboxes, self.payments.work.intents
        await events.apply_due(self.now())
        await pages.due(self.now())
        await hold_expiry.end_over(self.storage, react, self.now())
        await refunds.due(self.now())
        for each in self.cards.work.intents:
            await each.due(self.now())

    async def cancel(self, booking_id: int, who: Profile = CLIENT) -> None:
        booking, person = await self.found(booking_id), await self.meet(who)
        actor = Actor.CLIENT if person.id == booking.person_id else Actor.COACH
        outcome = self.bookings.cancel_outcome(booking, actor, self.now())
        act = await self.act(who, self.now())
        made(await self.bookings.cancel(act, booking_id, booking.version, cancel_facts(outcome), Reason("ill")))

    async def payment(self, payment_id: int) -> Payment:
        found = await self.storage.read(lambda tx: payments.find(tx, payment_id))
        assert found is not None
        return found

    async def ledger(self, booking_id: int) -> list[tuple[str, str, int]]:
        """(kind, the beginning of Stripe's id, amount)."""
        rows: list[Movement] = await self.storage.read(lambda tx: transactions.of_booking(tx, booking_id))
        return [(row.kind.value, row.external_ref.split("_")[0], row.amount.amount) for row in rows]

    async def states(self, table: sa.Table) -> list[str]:
        query = sa.select(table.c.state).order_by(table.c.id)
        return list(await self.storage.read(lambda tx: list(tx.execute(query).scalars())))

    async def inbox(self) -> list[tuple[str, str]]:
        query = sa.select(tables.inbox.c.kind, tables.inbox.c.state).order_by(tables.inbox.c.id)
        return [(row.kind, row.state) for row in await self.storage.read(lambda tx: tx.execute(query).all())]

    async def get(self, url: str) -> tuple[int, str]:
        async with self.browser.get(url, allow_redirects=False) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def running(storage: Storage) -> AsyncIterator[PaidPractice]:
    paid_practice = PaidPractice(storage)
    served: list[Served] = [await serve(paid_practice.sandbox.app)]
    paid_practice.stripe = served[0].url
    paid_practice.provider = StripeCheckout(KEY, SECRET, paid_practice.stripe)
    # The product's own address must be known before it is served: it stands in what Stripe is told.
    paid_practice.payments = Payments(
        storage, react, paid_practice.provider, order_words.describe, "http://127.0.0.1:1"
    )
    paid_practice.cards = Cards(storage, paid_practice.provider, "http://127.0.0.1:1")
    paid_practice.fees = SessionFees(storage, react, paid_practice.provider)
    [inbox] = paid_practice.payments.work.inboxes
    paid_practice.webhook = VendorWebhook(inbox, paid_practice.now, paid_practice.wake)
    references = References(Faults(storage), RowsSetAside(storage, paid_practice.now))
    returns = PayReturn(
        paid_practice.payments,
        paid_practice.cards,
        paid_practice.sharing,
        references,
        paid_practice.now,
        paid_practice.wake,
    )
    receipts = ReceiptPage(Receipts(storage, ""))
    served.append(await serve(application([paid_practice.webhook.route(), *returns.routes(), *receipts.routes()])))
    paid_practice.url = served[1].url
    await paid_practice.open()
    async with aiohttp.ClientSession() as browser:
        paid_practice.browser = browser
        await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
        try:
            yield paid_practice
        finally:
            await paid_practice.webhook.drain()
            await paid_practice.provider.aclose()
            for one in reversed(served):
                await one.close()
