"""What a payment is for: its order, the sessions whose price that asks for, and a hold that waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.bookings.switch import is_as_told
from bot.domain.payments.money import Money
from bot.domain.payments.orders import Order
from bot.domain.payments.payments import Payment
from bot.domain.refusals import Code, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.permissions import NOT_FOUND
from storage.bookings import bookings, on_order
from storage.engine import Tx
from storage.payments import carried_orders, orders, payments


@dataclass(frozen=True)
class Sale:
    """`sessions` take place once it is paid. `waiting`: holds that something which is bought with it will cover.
    `moving`: the session that moves to another offer then, as it stands until that. `missed`: the session that a fee
    is for.
    """

    order: Order
    sessions: Sequence[Booking] = ()
    waiting: Sequence[Booking] = ()
    moving: Booking | None = None
    missed: Booking | None = None

    @property
    def person_id(self) -> int:
        return self.order.person_id

    @property
    def alone(self) -> Booking | None:
        """The session that is all that it is for, which is then spoken of in place of the order."""
        return self.sessions[0] if self.order.about != self.order.subject and self.sessions else None

    @property
    def holds(self) -> list[Booking]:
        return [*self.sessions, *self.waiting]

    def stands(self, now: datetime) -> bool:
        """Whether it can be paid: as long as it is unpaid, and its holds are held."""
        holds, move = self.holds, self.order.move
        if move is not None and not is_as_told(self.moving, move.terms or {}, now):
            return False
        if not holds:
            return self.order.can_be_paid(now)
        return self.order.is_unpaid and all(each.is_held(now) for each in holds)

    @property
    def ends(self) -> datetime:
        """Until when it can be paid."""
        return min((each.hold_ends for each in self.holds if each.hold_ends is not None), default=self.order.ends)

    def price_of(self, booking: Booking) -> Money:
        return self.order.amount if booking is self.alone else self.order.price_of(booking.subject)

    def is_confirmed(self) -> bool:
        return any(each.state is BookingState.CONFIRMED for each in self.sessions)


def lock(tx: Tx, subject: Subject | None) -> bool:
    """Guard all that a payment about this may change: its coaches, or its client where there is no session. False where
    there is nothing of that kind."""
    coach_id = bookings.coach_of(tx, subject)
    if coach_id is not None:
        tx.lock_coach(coach_id)
        return True
    order_id = None if subject is None else subject.number("order")
    payer = None if order_id is None else orders.payer(tx, order_id)
    if order_id is None or payer is None:
        return False
    moving = bookings.coach_of(tx, orders.moves(tx, order_id))
    for each in sorted({*on_order.coaches_of(tx, order_id), *([] if moving is None else [moving])}):
        tx.lock_coach(each)
    tx.lock_client(payer)
    return True


def own(tx: Tx, act: Act, subject: Subject) -> Sale | Refusal:
    """What this person is asked to pay, under the locks of all that it may change. NOT_FOUND; HOLD_OVER, or CHANGED
    without a hold, where it cannot be paid any more."""
    if not lock(tx, subject):
        return NOT_FOUND
    tx.lock_client(act.person.id)
    sale = about(tx, subject)
    if sale is None or sale.person_id != act.person.id:
        return NOT_FOUND
    if not sale.stands(act.now):
        return Refusal(Code.HOLD_OVER if sale.holds else Code.CHANGED)
    return sale


def of_payment(tx: Tx, payment: Payment) -> Sale | None:
    return about(tx, payment.subject, payment.order_id)


def payer(tx: Tx, payment: Payment) -> int | None:
    """Who pays it."""
    return None if payment.order_id is None else orders.payer(tx, payment.order_id)


def about(tx: Tx, subject: Subject, order_id: int | None = None) -> Sale | None:
    """By what is said to be paid for: a booking, or an order. None where no money is asked for it."""
    booking = bookings.about(tx, subject)
    if booking is not None and order_id is None:
        order_id = booking.order_id
        if order_id is None and booking.cover is Cover.ORDER:  # held by a process of before there were orders
            order_id = carried_orders.of_booking(tx, booking.id)
    order_id = order_id or subject.number("order")
    order = None if order_id is None else orders.find(tx, order_id)
    if order is None:
        return None
    if booking is not None and order.about == booking.subject:
        return Sale(order, (replace(booking, order_id=order.id),))
    if order.move is not None:
        return Sale(order, moving=bookings.about(tx, order.move.subject))
    if order.fee is not None:
        return Sale(order, missed=bookings.about(tx, order.fee.subject))
    there = on_order.of_order(tx, order.id)
    sold = set(order.sessions)
    sessions = tuple(each for each in there if each.id in sold)
    return Sale(order, sessions, tuple(each for each in there if each not in sessions))


def stands(tx: Tx, payment: Payment, now: datetime) -> bool:
    """Whether what this payment is for can be paid, and with a kept card still by this tap."""
    booking = bookings.about(tx, payment.subject)
    if booking is not None:
        return booking.is_held(now)
    sale = of_payment(tx, payment)
    in_time = payment.card_id is None or now < payment.expires_at
    return sale is not None and in_time and sale.stands(now)


def intend(tx: Tx, sale: Sale, now: datetime) -> int:
    """One more intent to charge what it asks for; the payment's id."""
    return payments.intend(tx, sale.order, sale.ends, now)
