"""Payments and refunds: payment pages, the provider's events, questions about silent pages, and refunds.

The provider's answer about its own object is the truth; its events only make us ask sooner.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.cover import Cover
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.invoices import COLLECTED_IN_CHAT
from bot.domain.payments.money import Money
from bot.domain.payments.orders import Order
from bot.domain.payments.payments import Payment, PaymentState, Refund, RefundState
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.port import Checkout, PaymentProvider
from bot.integrations.vendor import Event, VendorRefused
from bot.services.kit import signed_refs
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.inbox import Inbox
from bot.services.kit.intents import IntentRunner
from bot.services.kit.reaction import Reaction
from bot.services.kit.vendor_work import VendorWork
from bot.services.payments import orders_tx, payment_status, sales
from bot.services.payments.checkout_pages import CheckoutPages, Describe
from bot.services.payments.collected import event_of, page_of
from bot.services.payments.kept_cards.pay_by_card import PayByCard
from bot.services.payments.payment_events import ANSWER_S, PaymentEvents, look
from bot.services.payments.payment_status import HoldMoney, PayOutcome
from bot.services.payments.refunds.refunds import Refunds
from bot.services.payments.sales import Sale
from bot.services.payments.settle_payment import apply_checkout
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.journal import inbox, meters
from storage.notices import outbox
from storage.payments import disputes, orders, paid_for, payment_changes, payments, refunds

ASKED, ASK_AGAIN = "asked", timedelta(seconds=2)


class Payments:
    """`provider` None: payments are switched off. `describe` gives the words of a page, `public_url` its way back."""

    def __init__(
        self, storage: Storage, react: Reaction, provider: PaymentProvider | None, describe: Describe, public_url: str
    ) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider
        self._pages: CheckoutPages | None = None
        self._refunds: IntentRunner[Refund, None] | None = None
        self.work = VendorWork()
        self.by_card = PayByCard(storage, provider)
        if provider is not None:
            self._pages = CheckoutPages(storage, react, provider, describe, public_url)
            self._refunds = IntentRunner(storage, Refunds(provider))
            asking = IntentRunner(storage, self._pages, self._refund_refused)
            events = PaymentEvents(storage, react, provider)
            heard = Inbox(storage, provider, events.apply, self._refund_refused)
            self.work = VendorWork((asking, self._refunds), (heard,))

    @property
    def on(self) -> bool:
        return self._provider is not None

    async def ready(self, booking_id: int, now: datetime) -> Payment | None:
        """The payment of a standing hold with the address of its page (`checkout_url`), made now if need be.

        None while the provider is away: the hold stays, the page follows by itself and the hold's message is
        corrected. None also when there is nothing to pay for. Takes eight seconds at most.
        """
        return None if self._pages is None else await self._pages.ready(Subject("booking", booking_id), now)

    async def ready_order(self, order_id: int, now: datetime) -> Payment | None:
        """As `ready`, for an order that can be paid."""
        return None if self._pages is None else await self._pages.ready(Subject("order", order_id), now)

    async def sale(self, order_id: int) -> Sale | None:
        """An order with the sessions that it pays for; None when there is no such order."""
        return await self._storage.read(lambda tx: sales.about(tx, Subject("order", order_id)))

    async def asked_of(self, person_id: int) -> Sale | None:
        """What this person has not paid yet: one thing at a time, which may have ended since."""

        def work(tx: Tx) -> Sale | None:
            order = orders.open_of(tx, person_id)
            return None if order is None else sales.about(tx, order.about, order.id)

        return await self._storage.read(work)

    async def goes_on(self, order: Order) -> Subject | None:
        """What is paid for in place of this order, of whose sessions the practice cancelled some: see
        `rest_of_plan`."""

        def work(tx: Tx) -> Subject | None:
            there = bookings.find_many(tx, set(order.sessions))
            ids = {each.order_id for each in there if each.order_id not in (None, order.id)}
            found = orders.find(tx, max(ids)) if ids else None
            return None if found is None else found.about

        return await self._storage.read(work)

    async def give_up(self, act: Act, order_id: int) -> Done | Refusal:
        """Its client does not want to pay it any more: NOT_FOUND, CHANGED. One with a hold ends with that."""

        def work(tx: Tx) -> int | Refusal:
            tx.lock_client(act.person.id)  # its money may be coming at this moment
            sale = sales.about(tx, Subject("order", order_id))
            if sale is None or sale.person_id != act.person.id:
                return Refusal(Code.NOT_FOUND)
            if sale.holds or not sale.stands(act.now) or not sale.order.can_be_left:
                return Refusal(Code.CHANGED)
            orders_tx.end(tx, self._react, sale.order, act.cause)
            note(tx, act, "order.closed", sale.order.subject)
            return order_id

        return await once(self._storage, act, work)

    async def of_hold(self, subject: Subject) -> HoldMoney:
        """How paying for a hold, or for an order, stands. Asks nobody."""
        if self._provider is None:
            return HoldMoney()
        return await self._storage.read_one(lambda tx: payment_status.of_hold(tx, subject))

    async def ways_to_pay(self, subject: Subject, person_id: int, now: datetime) -> HoldMoney:
        """As `of_hold`, with the kept cards that this person, who pays, could use."""
        provider = self._provider
        if provider is None or provider.cards is None:
            return await self.of_hold(subject)
        mode = provider.cards.mode
        return await self._storage.read(lambda tx: payment_status.with_cards(tx, subject, person_id, mode, now))

    async def stray(self, event_id: int) -> Checkout | None:
        """The page of an event that brought money of no order of ours; None once the event is forgotten."""
        row = await self._storage.read_one(lambda tx: inbox.find(tx, event_id))
        if row is not None and row.provider == COLLECTED_IN_CHAT:
            money = event_of(Event(row.external_id, row.kind, row.payload))
            return None if money is None else page_of(money)
        if row is None or self._provider is None or row.provider != self._provider.name:
            return None
        try:
            found = self._provider.read(row.kind, row.payload)
        except VendorRefused:  # it is about no money that we understand
            return None
        return found if isinstance(found, Checkout) else None

    async def find(self, subject: Subject, payment_id: int) -> Payment | None:
        """One payment for this; None when there is no such payment."""
        return await self._storage.read_one(lambda tx: payments.find_for(tx, subject, payment_id))

    async def refund(self, subject: Subject, refund_id: int) -> Refund | None:
        """One refund of what was paid for this; None when there is no such refund."""
        found = await self._storage.read_one(lambda tx: refunds.find(tx, refund_id))
        return found if found is not None and found.subject == subject else None

    async def given_back_apart(self, booking: Booking) -> Money | None:
        """What went back of an accepted payment by hand, here or in the provider's own dashboard, whatever became of
        the booking."""
        if booking.credit is not None or booking.paid == booking.charged:
            return None

        def work(tx: Tx) -> Money | None:
            paid = {each.id for each in paid_for.every(tx, booking.subject)}
            made = [each for each in refunds.of_subject(tx, booking.subject) if each.payment_id in paid]
            apart = [each for each in made if each.is_apart and each.state is not RefundState.FAILED]
            total = sum(each.amount.amount for each in apart)
            return Money(total, booking.terms.price.currency) if total else None

        return await self._storage.read(work)

    async def at_the_bank(self, booking: Booking) -> bool:
        """Whether a client's bank has money that was paid for it, so that none of it goes back for now."""
        if booking.cover is not Cover.ORDER or booking.order_id is None or booking.hold_ends is not None:
            return False

        def work(tx: Tx) -> bool:
            return any(disputes.is_disputed(tx, each.id) for each in paid_for.every(tx, booking.subject))

        return await self._storage.read(work)

    async def not_accepted(self, subject: Subject, payment_id: int) -> tuple[Money, Refund | None] | None:
        """Money that came for this and was not accepted, and the newest refund of it. Of several sessions that were
        paid together, whose money was accepted: what goes back for this one."""

        def work(tx: Tx) -> tuple[Money, Refund | None] | None:
            payment = payments.find_for(tx, subject, payment_id)
            back = [] if payment is None else refunds.of_payment(tx, payment_id)
            if payment is not None and payment.state is PaymentState.REFUSED:
                return payment.amount, back[-1] if back else None
            of_it = [each for each in back if each.subject == subject]
            if payment is None or payment.subject == subject or not of_it:
                return None
            return of_it[-1].amount, of_it[-1]

        return await self._storage.read(work)

    async def record_return(self, checkout_ref: str, proof: str | None, now: datetime) -> PayOutcome | None:
        """What became of a payment whose browser came back: asks the provider itself, within ten seconds, but no
        more than once in `ASK_AGAIN` about one payment, whatever the number of visits and of processes.

        None for a page that is not ours. `proof` vouches for a page whose answer never reached us.
        """
        claimed = None if proof is None else signed_refs.unseal(self._storage.sealer, proof)
        known = await self._storage.read(lambda tx: _known(tx, checkout_ref, claimed))
        if known is None or self._provider is None:
            return None
        pending = False
        if known.state not in (PaymentState.ACCEPTED, PaymentState.REFUSED):
            number = known.id
            asked = await self._storage.write(lambda tx: meters.spend(tx, ASKED, number, 1, ASK_AGAIN, now))
            checkout = None
            if asked is None:
                checkout = await look(self._provider, checkout_ref, ANSWER_S, by_card=known.card_id is not None)
            pending = checkout is None or checkout.pending
            if checkout is not None:
                told = Cause(None, self._provider.name, now)
                settled = await self._storage.write(lambda tx: apply_checkout(tx, self._react, checkout, told))
                if settled is None:
                    return None
                known = settled
                await self._refund_refused([settled], now)
        payment_id, before = known.id, known
        if before.order_id is None:  # of before there were orders: a read makes none
            await self._storage.write(lambda tx: sales.of_payment(tx, before))
        return await self._storage.read(lambda tx: payment_status.outcome(tx, payment_id, now, pending=pending))

    async def mark_left(self, proof: str, now: datetime) -> PayOutcome | None:
        """Record that the client came back without paying, as the hold's message will say. None for a false proof."""
        payment_id = signed_refs.unseal(self._storage.sealer, proof)
        if payment_id is None:
            return None

        def work(tx: Tx) -> PayOutcome | None:
            found = payments.find(tx, payment_id)
            if found is not None and payment_changes.mark_left(tx, payment_id, now):
                outbox.ask_correction(tx, found.subject, now, HOLDS)
            return payment_status.outcome(tx, payment_id, now)

        return await self._storage.write(work)

    async def _refund_refused(self, touched: Sequence[Payment | None], now: datetime) -> None:
        """Money that was not accepted goes back at once."""
        refused = any(payment is not None and payment.state is PaymentState.REFUSED for payment in touched)
        if refused and self._refunds is not None:
            await self._refunds.due(now)


def _known(tx: Tx, checkout_ref: str, claimed: int | None) -> Payment | None:
    known = payments.by_ref(tx, checkout_ref)
    return known if known is not None or claimed is None else payments.find(tx, claimed)
