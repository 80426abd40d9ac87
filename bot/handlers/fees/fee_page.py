"""The page of a fee: what it is for, how it stands, the way to pay it, and for the practice the way to let it go."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.subjects import Subject
from bot.handlers.bookings import booking_page
from bot.handlers.kit import card_words, failures, fee_words, phrases, refusals
from bot.handlers.kit.paying import ways_to_pay
from bot.services.desk import Desk
from bot.services.fees.fees import ChargedFee

PAGE = "fee/{order:id}"


async def page(turn: Turn, desk: Desk, order: int) -> Screen:
    fee = await _seen(turn, desk, order)
    return failures.missing() if fee is None else await _page(turn, desk, fee, fee_words.name(fee.kind))


async def told_owed(turn: Turn, desk: Desk, order: int, payment: int) -> Screen:
    fee = await _seen(turn, desk, order)
    if fee is None:
        return failures.missing()
    if not fee.is_owed:
        return await _page(turn, desk, fee, fee_words.name(fee.kind))
    own = fee.person_id == turn.person.id
    title = _("A fee could not be charged") if own else _("{name} owes a fee", name=fee.booking.client_name)
    return await _page(turn, desk, fee, title)


async def told_returned(turn: Turn, desk: Desk, order: int) -> Screen:
    fee = await _seen(turn, desk, order)
    if fee is None:
        return failures.missing()
    return await _page(turn, desk, fee, _("The fee is not due any more"))


async def _seen(turn: Turn, desk: Desk, order: int) -> ChargedFee | None:
    """What its client, the coach and the owners may see."""
    fee = await desk.fees.of_order(order)
    if fee is None or fee.person_id == turn.person.id:
        return fee
    gives = fee.booking.is_given_by(turn.person.id, turn.now)
    return fee if gives or turn.may(Permission.KEEP_EVERY_BOOKING) else None


async def _page(turn: Turn, desk: Desk, fee: ChargedFee, title: str) -> Screen:
    own, booking = fee.person_id == turn.person.id, fee.booking
    zone = turn.person.zone
    when = phrases.when_for_client(booking, zone) if own else phrases.when_for_coach(booking, zone)
    lines = [
        Line(_("{what}: {price}", what=fee_words.name(fee.kind), price=tell.amount(fee.amount)), Tone.STRONG),
        Line(phrases.with_coach(booking) if own else phrases.session(booking, turn.person)),
        Line(when),
        *map(Line, fee_words.state(fee, own=own)),
    ]
    said, rows = await _to_pay(turn, desk, fee) if own else _to_let_off(turn, fee)
    lines += said
    if own:
        rows += await booking_page.receipts_of(desk, Subject("order", fee.order_id))
    rows.append((Button(_("The session"), address("booking", booking.id)), Button(_("Start"), "start")))
    return Screen(title, tuple(lines), tuple(rows))


async def _to_pay(turn: Turn, desk: Desk, fee: ChargedFee) -> tuple[list[Line], list[Row]]:
    """Until its client chooses how, no page is made; from then on as anything that is to be paid."""
    if not fee.is_owed or (fee.tries_again and fee.declined is None):
        return [], []
    here, subject = ("order", fee.order_id), Subject("order", fee.order_id)
    if fee.in_hand:
        away = _("Card payments cannot be taken right now. The link comes as soon as they can.")
        again = turn.do(*here, "pay", stated=(fee.version,))
        return await ways_to_pay.offered(turn, desk, here, (subject, fee.version, fee.amount), away, again)
    money = await desk.payments.ways_to_pay(subject, turn.person.id, turn.now)
    to = turn.do(*here, "page", stated=(fee.version, fee.attempt))
    page = Button(_("Pay {price}", price=tell.money(fee.amount)), to, Style.PRIMARY)
    return [], [(page,), *card_words.beside_page(turn, money, here, fee.version)]


def _to_let_off(turn: Turn, fee: ChargedFee) -> tuple[list[Line], list[Row]]:
    if fee.booking.fee is None or not turn.may(Permission.GIVE_BACK):
        return [], []
    name = fee.booking.client_name
    words = _("You can let {name} off: then it is not owed, and what was paid of it goes back.", name=name)
    to = turn.do("fee", fee.order_id, "let-off", stated=(fee.version,))
    button = Button(_("Let off the fee"), to, Style.DANGER, label=_("Let {name} off the fee", name=name))
    return [Line(words, Tone.QUIET)], [(button,)]


async def let_off(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    fee = await _seen(turn, desk, order)
    if fee is None:
        return failures.missing()
    turn.require(fee.version)
    outcome = await desk.fees.let_off(turn.act(address("fee", order)), order, fee.version)
    said = _("Done: I am letting {name} know.", name=fee.booking.client_name)
    return refusals.or_next(turn, outcome, address("fee", order), said)


ROUTES: tuple[Route, ...] = (
    show(PAGE, page),
    do("fee/{order:id}/let-off", let_off, back=PAGE),
)
