"""A client says what becomes of money that came too late for sessions: as many on credit, or back at once."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.subjects import Subject
from bot.handlers.bookings import hold_page
from bot.handlers.kit import credit_words, failures, refusals
from bot.services.desk import Desk
from bot.services.exchanges.late_money import Choice

OF_ORDER = "late-money/order"


def to_choose(turn: Turn, about: Subject, payment: int, choice: Choice) -> tuple[tuple[Line, ...], tuple[Row, ...]]:
    """Both ways, and what happens without a word."""
    zone, instead = turn.person.zone or choice.first.client_zone, choice.instead
    amount = tell.amount(instead.amount)
    end, due = credit_words.last_moment(instead.until, choice.first.coach_zone), tell.moment(choice.due, zone)
    both = ngettext(
        "{n} session of {offer} on credit, valid until {end}; or all of it back.",
        "{n} sessions of {offer} on credit, valid until {end}; or all of it back.",
        instead.sessions,
        offer=instead.offer_name,
        end=end,
    )
    lines = (
        Line(_("{amount} of yours is here. Choose what becomes of it:", amount=amount), Tone.STRONG),
        Line(both),
        Line(_("If you choose nothing, it goes back to the card on {when}.", when=due)),
    )
    keep = turn.do(*_segments(about, payment), "credit", stated=instead.facts)
    back = turn.do(*_segments(about, payment), "back", stated=(instead.version,))
    return lines, ((Button(_("Keep it as a credit"), keep, Style.SUCCESS),), (Button(_("Send it back"), back),))


def _segments(about: Subject, payment: int) -> tuple[str | int, ...]:
    number = about.number("order")
    if number is not None:
        return (*OF_ORDER.split("/"), number, payment)
    return ("late-money", about.number("booking") or 0, payment)


async def keep(turn: Turn, desk: Desk, about: Subject, payment: int) -> Screen | Redirect:
    if not await _is_own(turn, desk, about):
        return failures.missing()
    choice, page = await desk.exchanges.late_money.choice(about, payment, turn.now), _page(about, payment)
    if choice is None:
        return Redirect(page, _("That is decided already."))
    turn.require(*choice.instead.facts)
    outcome = await desk.exchanges.late_money.take_credit(turn.act("packages"), about, payment, choice.instead)
    said = ngettext(
        "Kept: you have {n} session of {offer} on credit.",
        "Kept: you have {n} sessions of {offer} on credit.",
        choice.instead.sessions,
        offer=choice.instead.offer_name,
    )
    return refusals.or_next(turn, outcome, page, said)


async def back(turn: Turn, desk: Desk, about: Subject, payment: int) -> Screen | Redirect:
    if not await _is_own(turn, desk, about):
        return failures.missing()
    choice, page = await desk.exchanges.late_money.choice(about, payment, turn.now), _page(about, payment)
    if choice is None:
        return Redirect(page, _("That is decided already."))
    turn.require(choice.instead.version)
    outcome = await desk.exchanges.late_money.send_back(turn.act(page), about, payment)
    return refusals.or_next(turn, outcome, page)


async def _is_own(turn: Turn, desk: Desk, about: Subject) -> bool:
    booking, order = about.number("booking"), about.number("order")
    if booking is not None:
        return await hold_page.own(turn, desk, booking) is not None
    sale = None if order is None else await desk.payments.sale(order)
    return sale is not None and sale.person_id == turn.person.id


def _page(about: Subject, payment: int) -> str:
    order = about.number("order")
    if order is not None:
        return address_of(NoticeKind.ORDER_MONEY, order, payment)
    return address("notice", "paid-late", about.number("booking") or 0, payment)


async def keep_of_booking(turn: Turn, desk: Desk, booking: int, payment: int) -> Screen | Redirect:
    return await keep(turn, desk, Subject("booking", booking), payment)


async def back_of_booking(turn: Turn, desk: Desk, booking: int, payment: int) -> Screen | Redirect:
    return await back(turn, desk, Subject("booking", booking), payment)


async def keep_of_order(turn: Turn, desk: Desk, order: int, payment: int) -> Screen | Redirect:
    return await keep(turn, desk, Subject("order", order), payment)


async def back_of_order(turn: Turn, desk: Desk, order: int, payment: int) -> Screen | Redirect:
    return await back(turn, desk, Subject("order", order), payment)


_OF_BOOKING, _PAGE = "late-money/{booking:id}/{payment:id}", "notice/paid-late/{booking:id}/{payment:id}"
_OF_ORDER, _ORDER_PAGE = OF_ORDER + "/{order:id}/{payment:id}", "notice/order-money/{order:id}/{payment:id}"
ROUTES: tuple[Route, ...] = (
    do(f"{_OF_BOOKING}/credit", keep_of_booking, back=_PAGE),
    do(f"{_OF_BOOKING}/back", back_of_booking, back=_PAGE),
    do(f"{_OF_ORDER}/credit", keep_of_order, back=_ORDER_PAGE),
    do(f"{_OF_ORDER}/back", back_of_order, back=_ORDER_PAGE),
)
