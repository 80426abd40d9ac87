"""To pay for a held time or an order with a kept card, and to have the card kept that pays: each is a new attempt."""

from bot.chat import tell
from bot.chat.address import Pattern, Segment, address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import BookingState
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderState
from bot.domain.refusals import Done, Refusal
from bot.domain.subjects import Subject
from bot.handlers.bookings import hold_page
from bot.handlers.kit import card_words, failures, phrases, refusals
from bot.handlers.payments import order_words, orders
from bot.services.desk import Desk

ToPay = tuple[Subject, int, Money, str]
"""What is to be paid, its version, its price, and how it is called."""

PAYING, PAYING_ORDER = "hold/{booking:id}/paying", "order/{order:id}/paying"


async def keep_for_hold(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    return await _keep(turn, desk, await _hold(turn, desk, booking), "hold", booking)


async def keep_for_order(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    return await _keep(turn, desk, await _order(turn, desk, order), "order", order)


async def _keep(turn: Turn, desk: Desk, what: ToPay | None, *here: Segment) -> Screen | Redirect:
    """Asks whether the card that pays is to be kept, with the words that are agreed to."""
    if what is None or not desk.cards.on:
        return Redirect(address(*here))
    subject, version, price, name = what
    money = await desk.payments.ways_to_pay(subject, turn.person.id, turn.now)
    to = turn.do(*here, "kept", stated=(version, money.attempt, card_words.agreement(desk)))
    lines = (
        Line(_("{what}: {price}", what=name, price=tell.amount(price))),
        Line(card_words.agreement(desk), Tone.TERMS),
    )
    rows = ((Button(_("Keep it"), to, Style.PRIMARY), Button(_("Back"), address(*here))),)
    return Screen(_("Keep your card for next time?"), lines, rows)


async def kept_for_hold(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    return await _on_page(turn, desk, await _hold(turn, desk, booking), "hold", booking, keep=True)


async def kept_for_order(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    return await _on_page(turn, desk, await _order(turn, desk, order), "order", order, keep=True)


async def page_for_hold(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    return await _on_page(turn, desk, await _hold(turn, desk, booking), "hold", booking, keep=False)


async def page_for_order(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    return await _on_page(turn, desk, await _order(turn, desk, order), "order", order, keep=False)


async def _on_page(turn: Turn, desk: Desk, what: ToPay | None, *here: Segment, keep: bool) -> Screen | Redirect:
    if what is None:
        return failures.missing()
    subject, version, _price, _name = what
    money, words = await desk.payments.ways_to_pay(subject, turn.person.id, turn.now), card_words.agreement(desk)
    turn.require(*(version, money.attempt, words) if keep else (version, money.attempt))
    act = turn.act(address(*here))
    outcome = await desk.payments.by_card.on_page(act, subject, money.attempt, words if keep else None)
    return _or_next(turn, outcome, *here)


async def pay_hold(turn: Turn, desk: Desk, booking: int, card: int) -> Screen | Redirect:
    next_address = address("hold", booking, "paying")
    return await _pay(turn, desk, await _hold(turn, desk, booking), card, next_address, "hold", booking)


async def pay_order(turn: Turn, desk: Desk, order: int, card: int) -> Screen | Redirect:
    next_address = address("order", order, "paying")
    return await _pay(turn, desk, await _order(turn, desk, order), card, next_address, "order", order)


async def _pay(
    turn: Turn, desk: Desk, what: ToPay | None, card: int, next_address: str, *here: Segment
) -> Screen | Redirect:
    if what is None:
        return failures.missing()
    subject, version, _price, _name = what
    money = await desk.payments.ways_to_pay(subject, turn.person.id, turn.now)
    turn.require(version, money.attempt)
    outcome = await desk.payments.by_card.pay(turn.act(next_address), subject, money.attempt, card)
    return _or_next(turn, outcome, *here)


def _or_next(turn: Turn, outcome: Done | Refusal, *here: Segment) -> Screen | Redirect:
    return refusals.or_next(turn, outcome, address(*here))


async def paying(_turn: Turn, desk: Desk, booking: int) -> Redirect:
    """Where a tap on a kept card leads: to the confirmation, or to what stands between."""
    found = await desk.bookings.find(_turn.person, booking, _turn.now)
    if found is not None and found.state is BookingState.CONFIRMED:
        return Redirect(address("notice", "booked", booking))
    return Redirect(address("hold", booking))


async def paying_order(turn: Turn, desk: Desk, order: int) -> Redirect:
    """As `paying`: where a message would say that it is paid, the answer is that message."""
    sale = await desk.payments.sale(order)
    if sale is None or sale.person_id != turn.person.id or sale.order.state is not OrderState.PAID:
        return Redirect(address("order", order))
    told = sale.order.is_told_apart
    return Redirect(address_of(NoticeKind.ORDER_PAID, order) if told else address("order", order))


async def charge(turn: Turn, desk: Desk, to: str) -> bool:
    """Charges the card before the answer is shown: who taps reads what became of it."""
    if (found := Pattern(PAYING).match(to.split("/"))) is not None:
        return await hold_page.make_card_page(turn, desk, address("hold", found["booking"]))
    found = Pattern(PAYING_ORDER).match(to.split("/"))
    return await orders.make_card_page(turn, desk, to if found is None else address("order", found["order"]))


async def _hold(turn: Turn, desk: Desk, booking: int) -> ToPay | None:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or found.person_id != turn.person.id or not found.is_held(turn.now):
        return None
    return found.subject, found.version, found.terms.price, phrases.with_coach(found)


async def _order(turn: Turn, desk: Desk, order: int) -> ToPay | None:
    sale = await desk.payments.sale(order)
    if sale is None or sale.person_id != turn.person.id or not sale.stands(turn.now):
        return None
    return sale.order.subject, sale.order.version, sale.order.amount, ", ".join(order_words.names(sale, turn.person))


_HOLD, _ORDER = "hold/{booking:id}", "order/{order:id}"

ROUTES: tuple[Route, ...] = (
    show(f"{_HOLD}/keep", keep_for_hold),
    do(f"{_HOLD}/kept", kept_for_hold, back=_HOLD, finish=hold_page.make_card_page),
    do(f"{_HOLD}/page", page_for_hold, back=_HOLD, finish=hold_page.make_card_page),
    do(f"{_HOLD}/card/{{card:id}}", pay_hold, back=_HOLD, finish=charge),
    show(PAYING, paying),
    show(PAYING_ORDER, paying_order),
    show(f"{_ORDER}/keep", keep_for_order),
    do(f"{_ORDER}/kept", kept_for_order, back=_ORDER, finish=orders.make_card_page),
    do(f"{_ORDER}/page", page_for_order, back=_ORDER, finish=orders.make_card_page),
    do(f"{_ORDER}/card/{{card:id}}", pay_order, back=_ORDER, finish=charge),
)
