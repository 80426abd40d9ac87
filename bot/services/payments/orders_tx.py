"""Opens and closes orders inside a transaction. That money came for one is written down by `accept_money`."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.cover import Cover
from bot.domain.payments.orders import Order, OrderClosed, OrderLine, OrderState
from bot.domain.records import Cause
from bot.domain.refusals import Code, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.reaction import Reaction
from bot.services.payments import tell_money
from storage.bookings import bookings, changing
from storage.engine import CannotRead, Tx
from storage.payments import orders, payments


def open_order(
    tx: Tx, react: Reaction, person_id: int, lines: Sequence[OrderLine], cause: Cause, *, hold: Booking | None = None
) -> Order | Refusal:
    """Ask this person for what the lines cost, and intend the payment: an order is open until it is paid or too old.

    Somebody is asked for one thing at a time: an order that was open is closed. `hold` is their own, which waits for
    this to be paid from now on and ends the order when it ends. Somebody who holds a time otherwise pays for that, or
    lets it go, first (`YOURS`).
    """
    tx.lock_client(person_id)
    held = bookings.open_hold(tx, person_id)
    if held is not None and held.is_held(cause.now) and (hold is None or hold.id != held.id):
        return Refusal(Code.YOURS, missing=(held.id,))
    before = orders.open_of(tx, person_id)
    if before is not None:
        end(tx, react, before, cause)
    order = orders.open_new(tx, person_id, lines, cause.now)
    ends = order.ends if hold is None or hold.hold_ends is None else hold.hold_ends
    if hold is not None:
        changing.put_on_order(tx, hold, order.id, Cover.CREDIT)
    payments.intend(tx, order, ends, cause.now)
    tell_money.say_order(tx, order, cause.now)
    return order


def end(tx: Tx, react: Reaction, order: Order, cause: Cause) -> None:
    """It can be paid no longer: its page is closed, and whatever follows from that."""
    closed = give_up(tx, order.id, cause)
    if closed is not None:
        react(tx, closed)


def give_up(tx: Tx, order_id: int, cause: Cause) -> OrderClosed | None:
    """As `close`, and its page is closed."""
    payments.close(tx, Subject("order", order_id), cause.now)
    return close(tx, order_id, cause)


def close(tx: Tx, order_id: int, cause: Cause) -> OrderClosed | None:
    """Nobody is to pay it any more. None when it is open no more, or cannot be read."""
    try:
        order = orders.find(tx, order_id)
    except CannotRead as met:  # what it was for must not keep a time from its next client
        tx.bad_rows.append(met.bad)
        orders.close(tx, order_id, None)
        return None
    if order is None or order.state is not OrderState.OPEN:
        return None
    orders.close(tx, order_id, order.version)
    return OrderClosed(replace(order, state=OrderState.CLOSED, version=order.version + 1), cause)
