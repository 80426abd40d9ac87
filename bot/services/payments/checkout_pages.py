"""Makes payment pages from frozen parameters, asks the provider about them, and closes them when the hold is over."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.payments import Parameters, Payment, PaymentState
from bot.domain.people.people import Person
from bot.domain.records import Cause
from bot.integrations.payments.port import Checkout, Order, PaymentProvider, PaymentsAway, PaymentsRefused
from bot.services.kit import backoff, signed_refs
from bot.services.kit.reaction import Reaction
from bot.services.payments.settle_payment import apply_checkout
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import payment_changes, payments
from storage.people import people

log = logging.getLogger(__name__)

PAGE_LIFE = timedelta(minutes=35)
"""The provider's least is 30 minutes, counted from when it hears of the page."""

STALE = timedelta(minutes=31)
ANSWER_S = 8
"""A person waits for the answer: beyond this the link follows by itself."""

LEASE = timedelta(seconds=40)
SILENCE = timedelta(seconds=30)
"""How long after the last question a page that stayed silent is asked about."""

FIRST_WAIT, LONGEST_WAIT, LONGEST_CLOSING = timedelta(seconds=10), timedelta(seconds=45), timedelta(minutes=10)


@dataclass(frozen=True)
class OrderWords:
    """What the page says of the order, in `language`."""

    name: str
    description: str
    language: str


Describe = Callable[[Booking, Person], OrderWords]
"""Words for a held booking as its client reads them. Words are given above the services."""


@dataclass(frozen=True)
class _Asking:
    payment: Payment
    parameters: Parameters

    @property
    def key(self) -> str:
        """Ours, and of these very parameters: another database that asks the same account counts from one as well."""
        frozen = json.dumps(self.parameters, sort_keys=True).encode()
        return f"{self.payment.idempotency_key}:{hashlib.sha256(frozen).hexdigest()[:16]}"


class CheckoutPages:
    """`public_url` is where the client's browser comes back to."""

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
            if not isinstance(found, _Asking):
                return found
            opened = await self._open(found, now)
            if opened is None:
                return None
            if opened.state is not PaymentState.CLOSED:
                return opened if opened.state is PaymentState.OPEN else None
            if opened.expires_at - now >= STALE:  # the parameters are no older than the question: no use to ask again
                return None
        return None

    async def ask(self, payment: Payment, now: datetime) -> Payment | None:
        """Ask how the page of a claimed payment stands, and apply the answer; None when nobody answered."""
        booking = await self._storage.read_one(lambda tx: bookings.about(tx, payment.subject))
        standing = stands(booking, now)
        if booking is not None and payment.state is PaymentState.INTENDED and standing:
            return await self.ready(booking.id, now)
        if payment.checkout_ref is None:
            return await self._close_unheard(payment, now)
        try:
            async with asyncio.timeout(ANSWER_S):
                find = self._provider.find if standing else self._provider.close
                checkout = await find(payment.checkout_ref)
        except (PaymentsAway, PaymentsRefused, TimeoutError) as away:
            await self._put_off(payment, away, now)
            return None
        if checkout is None:
            log.error("page.unknown", extra={"ids": {"payment": payment.id}})
            dropped = await self._storage.write(lambda tx: _drop(tx, payment.id))
            return await self.ready(booking.id, now) if booking is not None and standing else dropped
        return await self._storage.write(lambda tx: apply_checkout(tx, self._react, checkout, self._told(now)))

    def _told(self, now: datetime) -> Cause:
        return Cause(None, self._provider.name, now)

    def _prepare(self, tx: Tx, booking_id: int, now: datetime) -> Payment | _Asking | None:
        booking = bookings.find(tx, booking_id)
        if booking is None or not stands(booking, now) or booking.terms.price.amount == 0:
            return None
        payment = payments.live(tx, booking.subject)
        if payment is None:
            tx.lock_coach(booking.coach_id)  # two who ask at once must not both begin another attempt
            payment = payments.live(tx, booking.subject) or payments.find(tx, payments.intend(tx, booking, now))
        client = people.find(tx, booking.person_id)
        if payment is None or client is None:
            return None
        if payment.state is PaymentState.OPEN:
            return payment
        expires_at = now + PAGE_LIFE
        order = self._order(payment, booking, self._describe(booking, client), expires_at)
        frozen = payments.freeze(tx, payment.id, self._provider.draft(order), expires_at, now)
        payments.ask_at(tx, payment.id, now + LEASE, payment.failures)
        asked = payments.find(tx, payment.id)
        assert asked is not None
        return _Asking(asked, frozen)

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

    async def _open(self, asking: _Asking, now: datetime) -> Payment | None:
        """None when nobody answered; the payment is closed when it was refused."""
        payment = asking.payment
        try:
            async with asyncio.timeout(ANSWER_S):
                checkout = await self._provider.open(asking.parameters, asking.key)
        except (PaymentsAway, TimeoutError) as away:
            await self._put_off(payment, away, now)
            return None
        except PaymentsRefused as refused:
            log.warning("page.refused", extra={"ids": {"payment": payment.id, "code": refused.code}})
            return await self._storage.write(lambda tx: _drop(tx, payment.id))
        log.info("page.made", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        return await self._storage.write(lambda tx: _opened(tx, payment, checkout, now))

    async def _close_unheard(self, payment: Payment, now: datetime) -> Payment | None:
        """There may be a page whose address never reached us: the same question gives it again."""
        frozen = await self._storage.read_one(lambda tx: payments.parameters(tx, payment.id))
        if not frozen:
            return await self._storage.write(lambda tx: _drop(tx, payment.id))
        opened = await self._open(_Asking(payment, frozen), now)
        if opened is None or opened.checkout_ref is None:
            return opened
        return await self.ask(opened, now)

    async def _put_off(self, payment: Payment, away: Exception, now: datetime) -> None:
        closing = payment.state not in payments.LIVE
        wait = backoff.wait(payment.failures, FIRST_WAIT, LONGEST_CLOSING if closing else LONGEST_WAIT)
        if isinstance(away, PaymentsAway) and away.seconds is not None:
            wait = max(wait, timedelta(seconds=away.seconds))
        log.warning("provider.away", extra={"ids": {"payment": payment.id, "wait_s": wait.total_seconds()}})
        await self._storage.write(lambda tx: payments.ask_at(tx, payment.id, now + wait, payment.failures + 1))


def stands(booking: Booking | None, now: datetime) -> bool:
    """Whether its hold can be paid for."""
    if booking is None or booking.state is not BookingState.HELD:
        return False
    return booking.hold_ends is not None and booking.hold_ends > now


def _opened(tx: Tx, payment: Payment, checkout: Checkout, now: datetime) -> Payment | None:
    if payment_changes.open_page(tx, payment.id, checkout.ref, checkout.url, now + SILENCE):
        outbox.ask_correction(tx, payment.subject, now, {NoticeKind.HOLD})
    else:  # its hold ended while we asked
        payment_changes.keep_page_to_close(tx, payment.id, checkout.ref, checkout.url, now)
    return payments.find(tx, payment.id)


def _drop(tx: Tx, payment_id: int) -> Payment | None:
    """There is no page."""
    payment_changes.close(tx, payment_id)
    return payments.find(tx, payment_id)
