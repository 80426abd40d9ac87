"""Takes a coupon for a held time: the order asks for the reduced price, and one use of the coupon is reserved with it.

A line of an order never changes, so the order is closed and another opened, with a page of its own. Locks are taken in
their order: the coach's, the client's, the coupon's.
"""

from dataclasses import dataclass, replace

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.changes import Change, Ended
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine, OrderState
from bot.domain.payments.provider import ProviderTerms
from bot.domain.practice.client_limits import Limit
from bot.domain.pricing.coupons import (
    Coupon,
    NotCounted,
    as_code,
    is_for,
    not_counted,
    price_after,
)
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, sales
from bot.services.payments.sales import Sale
from storage.bookings import bookings, repriced
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import coupons, orders, payments, redemptions


@dataclass(frozen=True)
class CouponOfHold:
    """What was asked for before, and the coupon that made it less."""

    code: str
    before: Money


class CouponUse:
    """`provider`: which amounts can be charged; None while nobody charges anything."""

    def __init__(self, storage: Storage, react: Reaction, provider: ProviderTerms | None) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider

    async def of_hold(self, booking: Booking) -> tuple[CouponOfHold | None, bool]:
        """The coupon that counts for a hold, and whether a code could be entered for it."""
        order_id = booking.order_id
        if order_id is None:
            return None, False

        def work(tx: Tx) -> tuple[CouponOfHold | None, bool]:
            taken = redemptions.of_order(tx, order_id)
            if taken is None:
                return None, coupons.any_active(tx)
            coupon = coupons.find(tx, taken.coupon_id)
            return (None if coupon is None else CouponOfHold(coupon.code, taken.price)), False

        return await self._storage.read(work)

    async def use(self, act: Act, booking_id: int, version: int, code: str) -> Done | Refusal:
        """Take it for a hold of one's own, at the version that was seen. `{id}` is the booking: what is free then is
        confirmed.

        COUPON with `reason`, a `NotCounted`. Each try counts before it is looked at: LIMIT after too many that led
        nowhere, also for a code that would not.
        """
        counted = await self._storage.write(lambda tx: limits.refusal(tx, act, Limit.WRONG_CODES))
        if counted is not None:
            return counted

        def work(tx: Tx) -> int | Refusal:
            booking = self._own_hold(tx, act, booking_id, version)
            if isinstance(booking, Refusal):
                return booking
            taken = self._take(tx, act, booking, as_code(code))
            if not isinstance(taken, Refusal):
                limits.clear(tx, act, Limit.WRONG_CODES)
            return taken

        return await once(self._storage, act, work)

    def _own_hold(self, tx: Tx, act: Act, booking_id: int, version: int) -> Booking | Refusal:
        coach_id = bookings.coach_of(tx, Subject("booking", booking_id))
        if coach_id is None:
            return NOT_FOUND
        tx.lock_coach(coach_id)
        tx.lock_client(act.person.id)
        booking = bookings.find(tx, booking_id)
        if booking is None or booking.person_id != act.person.id:
            return NOT_FOUND
        if not booking.is_held(act.now):
            return Refusal(Code.HOLD_OVER)
        return booking if booking.version == version else Refusal(Code.CHANGED)

    def _take(self, tx: Tx, act: Act, booking: Booking, code: str) -> int | Refusal:
        sale, named = sales.about(tx, booking.subject), coupons.of_code(tx, code)
        coupon = None if named is None else coupons.lock(tx, named.id)
        if coupon is None:
            return _no(NotCounted.UNKNOWN)
        if sale is None or sale.order.state is not OrderState.OPEN:
            return _no(NotCounted.FREE)
        if redemptions.of_order(tx, sale.order.id) is not None:
            return _no(NotCounted.ANOTHER)
        uses = redemptions.uses(tx, coupon.id, booking.person_id)
        covered = is_for(coupon.offer_ids, booking.offer_id)
        reason = not_counted(coupon, booking.terms.price, uses, act.now, covered=covered)
        return self._reprice(tx, act, booking, sale.order, coupon) if reason is None else _no(reason)

    def _reprice(self, tx: Tx, act: Act, booking: Booking, order: Order, coupon: Coupon) -> int | Refusal:
        price = booking.terms.price
        limits_of = None if self._provider is None else self._provider.limits(price.currency)
        reduced = price_after(coupon, price, limits_of)
        _give_up(tx, self._react, order.id, act.cause)
        line = OrderLine(LineKind.SESSION, reduced, booking.subject)
        opened = orders.open_new(tx, booking.person_id, (line,), act.now)
        after = repriced.reprice(tx, booking, reduced, opened.id)
        assert booking.hold_ends is not None
        redemptions.reserve(tx, coupon.id, booking.person_id, opened.id, price, reduced, act.now)
        told = ({"price": each.amount, "currency": each.currency} for each in (price, reduced))
        note(tx, act, "coupon.reserved", Subject("coupon", coupon.id), *told)
        if reduced:
            payments.intend(tx, opened, booking.hold_ends, act.now)
            outbox.ask_correction(tx, booking.subject, act.now, HOLDS)
            return booking.id
        orders.pay(tx, opened.id, act.now)
        confirmed = booking_changes.confirm(tx, self._react, after, act.cause)
        return Refusal(Code.CHANGED) if confirmed is None else booking.id


def paid_before(tx: Tx, react: Reaction, sale: Sale, cause: Cause) -> Sale:
    """Somebody paid the whole price, on a page of before the coupon: that is what the session costs, and the coupon is
    free again."""
    alone = sale.alone
    booking = None if alone is None or alone.terms.price == sale.order.amount else bookings.find(tx, alone.id)
    if booking is None or booking.order_id in (None, sale.order.id):
        return sale
    assert booking.order_id is not None
    back = repriced.reprice(tx, booking, sale.order.amount, sale.order.id)
    _give_up(tx, react, booking.order_id, cause)
    return replace(sale, sessions=(back,))


def free_coupon(tx: Tx, change: Change) -> None:
    """What the practice cancels takes no use of a coupon; what the client cancels does."""
    if isinstance(change, Ended) and change.after.practice_cancelled and change.before.order_id is not None:
        redemptions.free(tx, change.before.order_id, change.ending.cause.now)


def _give_up(tx: Tx, react: Reaction, order_id: int, cause: Cause) -> None:
    closed = orders_tx.give_up(tx, order_id, cause)
    if closed is not None:
        react(tx, closed)


def _no(reason: NotCounted) -> Refusal:
    return Refusal(Code.COUPON, reason)
