"""Takes a coupon for what is to be paid: its order asks for the reduced price, and one use of the coupon is reserved.

A line of an order never changes, so the order is closed and another opened, with a page of its own and the same end.
Locks are taken in their order: the coaches', the client's, the coupon's.
"""

from dataclasses import dataclass, replace

from bot.domain.acts import Act
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderPaid, OrderState
from bot.domain.payments.provider import ProviderTerms
from bot.domain.practice.client_limits import Limit
from bot.domain.pricing.coupons import Coupon, NotCounted, as_code, is_for, not_counted, price_after
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, sales, tell_money
from bot.services.payments.receipts.issue_receipts import issue_free
from bot.services.payments.sales import Sale
from storage.bookings import changing, repriced
from storage.engine import CannotRead, Storage, Tx
from storage.notices import outbox
from storage.payments import orders, payments
from storage.payments.coupons import coupons, redemptions
from storage.practice import offers


@dataclass(frozen=True)
class CouponOfOrder:
    """What was asked for before, and the code of the coupon that made it less."""

    code: str
    before: Money


class CouponUse:
    """`provider`: which amounts can be charged; None while nobody charges anything. `fees_on`: whether the fees of a
    session are agreed to before it is booked for nothing."""

    def __init__(
        self, storage: Storage, react: Reaction, provider: ProviderTerms | None, *, fees_on: bool = False
    ) -> None:
        self._fees_on = fees_on
        self._storage = storage
        self._react = react
        self._provider = provider

    async def of_order(self, order_id: int | None) -> tuple[CouponOfOrder | None, bool]:
        """The coupon that counts for an order, and whether a code could be entered for it."""
        if order_id is None:
            return None, False

        def work(tx: Tx) -> tuple[CouponOfOrder | None, bool]:
            try:
                taken = redemptions.of_order(tx, order_id)
                if taken is None:
                    return None, coupons.any_active(tx)
                coupon = coupons.find(tx, taken.coupon_id)
            except CannotRead as met:  # the price stands with what is paid for, and so does the way to pay it
                tx.bad_rows.append(met.bad)
                return None, False
            return (None if coupon is None else CouponOfOrder(coupon.code, taken.price)), False

        return await self._storage.read(work)

    async def use(self, act: Act, subject: Subject, version: int, code: str) -> Done | Refusal:
        """Take it for a hold or an order of one's own, at the version that was seen. `{id}` is the booking, or the
        order that takes the place of that one. What is free then is booked and given, unless a fee is to be agreed to.

        COUPON with `reason`, a `NotCounted`. Each try counts before it is looked at: LIMIT after too many that led
        nowhere, also for a code that would not.
        """
        counted = await self._storage.write(lambda tx: limits.refusal(tx, act, Limit.WRONG_CODES))
        if counted is not None:
            return counted

        def work(tx: Tx) -> int | Refusal:
            sale = _own(tx, act, subject, version)
            taken = sale if isinstance(sale, Refusal) else self._take(tx, act, sale, as_code(code))
            if not isinstance(taken, Refusal):
                limits.clear(tx, act, Limit.WRONG_CODES)
            return taken

        return await once(self._storage, act, work)

    def _take(self, tx: Tx, act: Act, sale: Sale, code: str) -> int | Refusal:
        named = coupons.of_code(tx, code)
        coupon = None if named is None else coupons.lock(tx, named.id)
        if coupon is None:
            return _no(NotCounted.UNKNOWN)
        if redemptions.is_taken(tx, sale.order.id):
            return _no(NotCounted.ANOTHER)
        uses = redemptions.uses(tx, coupon.id, sale.person_id)
        reason = not_counted(coupon, sale.order.amount, uses, act.now, covered=_is_for(coupon, sale))
        return self._reprice(tx, act, sale, coupon) if reason is None else _no(reason)

    def _reprice(self, tx: Tx, act: Act, sale: Sale, coupon: Coupon) -> int | Refusal:
        order, price = sale.order, sale.order.amount
        chargeable = None if self._provider is None else self._provider.limits(price.currency)
        reduced = price_after(coupon, price, chargeable)
        orders_tx.end(tx, self._react, order, act.cause)
        lines = (replace(order.lines[0], amount=reduced),)
        opened = orders.open_new(tx, sale.person_id, lines, order.created_at)
        after = _moved(tx, sale, replace(opened, coupon_id=coupon.id))
        redemptions.reserve(tx, coupon.id, sale.person_id, after.order.id, price, reduced, act.now)
        told = ({"price": each.amount, "currency": each.currency} for each in (price, reduced))
        note(tx, act, "coupon.reserved", Subject("coupon", coupon.id), *told)
        waits = self._asks_for_fees(tx, after)
        if not reduced and not waits and not has_it(tx, self._react, after, act.cause):
            return Refusal(Code.CHANGED)
        if reduced or waits:
            if reduced:
                payments.intend(tx, after.order, after.ends, act.now, instead_of=order.id)
            if after.alone is None:
                tell_money.say_order(tx, after.order, act.now)
            else:
                outbox.ask_correction(tx, after.alone.subject, act.now, HOLDS)
        return after.order.id if after.alone is None else after.alone.id

    def _asks_for_fees(self, tx: Tx, sale: Sale) -> bool:
        offer = None if sale.alone is None or not self._fees_on else offers.find(tx, sale.alone.offer_id)
        return offer is not None and bool(offer.fees_for(sale.order.amount))


def has_it(tx: Tx, react: Reaction, sale: Sale, cause: Cause) -> bool:
    """Nothing is left to pay: what was asked for is booked and given. False where its time is lost."""
    orders.pay(tx, sale.order, cause.now)
    paid = replace(sale.order, state=OrderState.PAID, paid_at=cause.now, version=sale.order.version + 1)
    react(tx, OrderPaid(paid, None, cause))
    if not all(booking_changes.confirm(tx, react, each, cause) is not None for each in sale.holds):
        return False
    issue_free(tx, sale, cause)
    return True


def paid_before(tx: Tx, react: Reaction, sale: Sale, cause: Cause) -> Sale:
    """Somebody paid on a page of before another order took the place of this one. The whole price, and not that with a
    coupon: that is what it costs, and the coupon is free again. All of several sessions, of which one is gone: the
    others are paid with it.
    """
    if sale.order.state is not OrderState.CLOSED:
        return sale
    opened = orders.open_of(tx, sale.person_id)
    if opened is None or not (_is_with_coupon(tx, opened, sale.order) or _is_rest(opened, sale.order)):
        return sale
    instead = sales.about(tx, opened.about)
    if instead is None:
        return sale
    back = _moved(tx, instead, sale.order)
    orders_tx.end(tx, react, opened, cause)
    return back if len(back.sessions) == len(sale.order.sessions) else sales.about(tx, sale.order.subject) or back


def _is_with_coupon(tx: Tx, opened: Order, order: Order) -> bool:
    return _sold(opened) == _sold(order) and redemptions.is_taken(tx, opened.id)


def _is_rest(opened: Order, order: Order) -> bool:
    return bool(opened.sessions) and set(opened.sessions) < set(order.sessions)


def _own(tx: Tx, act: Act, subject: Subject, version: int) -> Sale | Refusal:
    sale = sales.own(tx, act, subject)
    if isinstance(sale, Refusal):
        return sale
    seen = sale.order.version if sale.alone is None else sale.alone.version
    return sale if seen == version else Refusal(Code.CHANGED)


def _is_for(coupon: Coupon, sale: Sale) -> bool:
    if not sale.order.may_have_coupon:
        return False
    if sale.alone is not None:
        return is_for(coupon.offer_ids, sale.alone.offer_id)
    sold = sale.order.lines[0].subject
    package_id = None if sold is None else sold.number("package")
    return package_id is not None and is_for(coupon.package_ids, package_id)


def _moved(tx: Tx, sale: Sale, order: Order) -> Sale:
    """This order asks for it from now on, and what is held waits for that."""
    sessions = tuple(repriced.reprice(tx, each, order.price_of(each.subject), order.id) for each in sale.sessions)
    waiting = tuple(changing.put_on_order(tx, each, order.id, each.cover) for each in sale.waiting)
    return Sale(order, sessions, waiting)


def _sold(order: Order) -> list[tuple[LineKind, Subject | None]]:
    return [(line.kind, line.subject) for line in order.lines]


def _no(reason: NotCounted) -> Refusal:
    return Refusal(Code.COUPON, reason)
