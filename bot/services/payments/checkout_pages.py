"""Makes payment pages from frozen parameters, and says what the provider is to be asked about each payment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.people.people import Person
from bot.integrations.payments.port import Order, PaymentProvider
from bot.services.kit import signed_refs
from bot.services.kit.intents import LEASE_S, Intent, attempt
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx
from bot.services.payments.payment_intents import STALE, AskFee, AskPage, MakePage, drop_page
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.payments import payments
from storage.people import people

PAGE_LIFE = timedelta(minutes=35)
"""The provider's least is 30 minutes, counted from when it hears of the page."""


@dataclass(frozen=True)
class OrderWords:
    """What the page says of the order, in `language`."""

    name: str
    description: str
    language: str


Describe = Callable[[Booking, Person], OrderWords]
"""Words for a held booking as its client reads them. Words are given above the services."""


class CheckoutPages:
    """The intents of the payments table (an `IntentKind`): pages to make, to ask about and to close, fees to fetch.

    `public_url` is where the client's browser comes back to.
    """

    name = "payments"
    seconds = 5.0
    """Each payment says itself when it is to be asked about, 30 s after the last question: one whose message was lost
    is found within a minute."""

    def __init__(
        self, storage: Storage, react: Reaction, provider: PaymentProvider, describe: Describe, public_url: str
    ) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider
        self._describe = describe
        self._public_url = public_url

    async def ready(self, booking_id: int, now: datetime) -> Payment | None:
        """The payment with its page, made now if need be; None when there is none to be had (yet)."""
        for _attempt in range(2):
            found = await self._storage.write(lambda tx: self._prepare(tx, booking_id, now))
            if not isinstance(found, MakePage):
                return found
            opened = await attempt(self._storage, found, now)
            if opened is None:
                return None
            if opened.state is not PaymentState.CLOSED:
                return opened if opened.state is PaymentState.OPEN else None
            if opened.expires_at - now >= STALE:  # the parameters are no older than the question: no use to ask again
                return None
        return None

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Payment]:
        return payments.claim(tx, now, limit, lease_s)

    async def intent(self, row: Payment, now: datetime) -> Intent[Payment | None] | None:
        if row.state is PaymentState.CLOSED:
            await self._storage.write(lambda tx: payments.ask_at(tx, row.id, None))
            return None
        if row.state in (PaymentState.ACCEPTED, PaymentState.REFUSED):
            return AskFee(row, self._provider, self._react)
        booking = await self._storage.read_one(lambda tx: bookings.about(tx, row.subject))
        standing = booking is not None and booking.is_held(now)
        if booking is not None and row.state is PaymentState.INTENDED and standing:
            await self.ready(booking.id, now)
            return None
        payment = row if row.checkout_ref is not None else await self._heard_of(row, now)
        if payment is None or payment.checkout_ref is None:
            return None
        return AskPage(payment, self._provider, self._react, payment.checkout_ref, standing)

    async def _heard_of(self, payment: Payment, now: datetime) -> Payment | None:
        """Close a page whose address may never have reached us: asking with the same key returns it."""
        frozen = await self._storage.read_one(lambda tx: payments.parameters(tx, payment.id))
        if not frozen:
            return await self._storage.write(lambda tx: drop_page(tx, payment.id))
        return await attempt(self._storage, MakePage(payment, self._provider, self._react, frozen), now)

    def _prepare(self, tx: Tx, booking_id: int, now: datetime) -> Payment | MakePage | None:
        booking = bookings.find(tx, booking_id)
        if booking is None or not booking.is_held(now) or booking.terms.price.amount == 0:
            return None
        payment = payments.live(tx, booking.subject)
        if payment is None:
            tx.lock_coach(booking.coach_id)  # two who ask at once must not both begin another attempt
            payment = payments.live(tx, booking.subject) or self._another(tx, booking, now)
        client = people.find(tx, booking.person_id)
        if payment is None or client is None:
            return None
        if payment.state is PaymentState.OPEN:
            return payment
        expires_at = now + PAGE_LIFE
        order = self._order(payment, booking, self._describe(booking, client), expires_at)
        frozen = payments.freeze(tx, payment.id, self._provider.draft(order), expires_at, now)
        payments.ask_at(tx, payment.id, now + timedelta(seconds=LEASE_S), payment.failures)
        asked = payments.find(tx, payment.id)
        assert asked is not None
        return MakePage(asked, self._provider, self._react, frozen, awaited=True)

    def _another(self, tx: Tx, booking: Booking, now: datetime) -> Payment | None:
        """Another attempt; None where the one before shows that it would be in vain."""
        before = next(iter(payments.of_subject(tx, booking.subject)), None)
        if before is not None and (before.reference is not None or before.state is PaymentState.REFUSED):
            return None
        return payments.find(tx, orders_tx.intend_again(tx, booking, now))

    def _order(self, payment: Payment, booking: Booking, words: OrderWords, expires_at: datetime) -> Order:
        proof = signed_refs.seal(self._storage.sealer, payment.id)
        return Order(
            payment_id=payment.id,
            subject=payment.subject,
            amount=payment.amount,
            name=words.name,
            description=words.description,
            language=words.language,
            expires_at=expires_at,
            success_url=f"{self._public_url}/pay/return?session_id={{CHECKOUT_SESSION_ID}}&p={proof}",
            cancel_url=f"{self._public_url}/pay/left?p={proof}",
        )
