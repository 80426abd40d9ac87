"""The page of an order that is no single session: what is asked for, the way to pay it, and how it ended."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import tell
from bot.chat.address import Pattern, address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Kept, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.orders import LineKind, OrderState
from bot.domain.people.permissions import Permission
from bot.domain.subjects import Subject
from bot.handlers.bookings import booking_page, hold_page, nearest_times
from bot.handlers.kit import failures, package_words, phrases, plan_button, refusals
from bot.handlers.kit.paying import chat_payment, ways_to_pay
from bot.handlers.payments import order_words
from bot.services.credits.balances import Balance
from bot.services.desk import Desk
from bot.services.payments.sales import Sale

PAGE = "order/{order:id}"


async def page(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    sale = await seen(turn, desk, order)
    if sale is None:
        return failures.missing()
    if sale.order.state is OrderState.PAID:
        return await _paid(turn, desk, sale)
    if sale.order.fee is not None:
        return Redirect(address("fee", order))
    if sale.stands(turn.now) and sale.person_id == turn.person.id:
        return await _open(turn, desk, sale)
    after = await _goes_on(desk, sale)
    return await _over(turn, desk, sale) if after is None else Redirect(after)


async def _goes_on(desk: Desk, sale: Sale) -> str | None:
    """Where the rest of it is paid, of which the practice cancelled a part."""
    if sale.order.state is not OrderState.CLOSED or len(sale.sessions) == len(sale.order.sessions):
        return None
    about = await desk.payments.goes_on(sale.order)
    if about is None:
        return None
    order = about.number("order")
    return address("hold", about.number("booking") or 0) if order is None else address("order", order)


async def asked(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    """The message that asks for its price, which is edited when it is paid, and at its end."""
    sale = await seen(turn, desk, order)
    if sale is None or sale.person_id != turn.person.id:
        return Redirect("gone")
    if sale.order.state is OrderState.PAID:  # a message of its own says so
        row = (Button(_("Show it"), address("order", order)),)
        return Screen(_("This order continues below."), (), (row,), over=True)
    if sale.stands(turn.now):
        return await _open(turn, desk, sale)
    after = await _goes_on(desk, sale)
    if after is not None:
        row = (Button(_("Show it"), after),)
        return Screen(_("This order continues below."), (), (row,), over=True)
    return replace(await _over(turn, desk, sale), over=True)


async def paid(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    """The confirmation. Where it answers the payer's own act, that answer is the one message that says so."""
    sale = await seen(turn, desk, order)
    if sale is None:
        return failures.missing()
    screen = await _paid(turn, desk, sale)
    own = sale.person_id == turn.person.id
    return replace(screen, kept=Kept(NoticeKind.ORDER_PAID, sale.order.subject)) if own else screen


async def try_card_page(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    sale = await seen(turn, desk, order)
    if sale is None or sale.person_id != turn.person.id:
        return failures.missing()
    turn.require(sale.order.version)
    return Redirect(address("order", order))


def at(to: str) -> int | None:
    """The order whose page this address is."""
    found = Pattern(PAGE).match(to.split("/"))
    order = None if found is None else found["order"]
    return order if isinstance(order, int) else None


async def make_card_page(turn: Turn, desk: Desk, to: str) -> bool:
    """As that of a hold: made by the act that asks for money, so that the link stands in its answer."""
    order = at(to)
    if order is None:
        return False
    async with turn.slowly(_("Preparing the card page…")):
        await desk.payments.ready_order(order, turn.now)
        await chat_payment.make(turn, desk, Subject("order", order))
    return True


async def give_up(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    sale = await seen(turn, desk, order)
    if sale is None or sale.person_id != turn.person.id:
        return failures.missing()
    turn.require(sale.order.version)
    outcome = await desk.payments.give_up(turn.act(address("order", order)), order)
    return refusals.or_next(turn, outcome, address("order", order))


async def seen(turn: Turn, desk: Desk, order: int) -> Sale | None:
    """What its payer and the owners may see; nobody else learns that there is one."""
    sale = await desk.payments.sale(order)
    if sale is None or (sale.person_id != turn.person.id and not turn.may(Permission.SET_UP)):
        return None
    return sale


async def _open(turn: Turn, desk: Desk, sale: Sale) -> Screen:
    order = sale.order
    until = tell.moment(sale.ends, order_words.zone_of(sale, turn.person, turn.zone))
    away = _("Card payments cannot be taken right now. The link comes as soon as they can.")
    again = turn.do("order", order.id, "pay", stated=(order.version,))
    what = (order.subject, order.version, order.amount)
    said, rows = await ways_to_pay.offered(turn, desk, ("order", order.id), what, away, again)
    coupon, takes_code = await desk.coupon_use.of_order(order.id)
    if takes_code and order.may_have_coupon:
        rows.append((Button(_("Enter a code"), address("order", order.id, "code")),))
    if not sale.holds:
        rows.append((Button(_("Leave it"), turn.do("order", order.id, "leave", stated=(order.version,))),))
    for each in [*sale.waiting, *(sale.sessions[:1] if len(sale.sessions) > 1 else ())]:  # all go with the first
        release = turn.do("hold", each.id, "release", stated=(each.version,))
        rows.append((Button(_("Let it go"), release, Style.DANGER),))
    priced = (*_lines(turn, sale), *hold_page.instead_of(coupon), *_waiting(turn, sale))
    ends = (Line(_("It can be paid until {until}.", until=until)), *hold_page.few_left(sale.ends - turn.now))
    lines = (*priced, *ends, *said)
    return Screen(title_of(turn, sale), lines, tuple(rows), kept=Kept(NoticeKind.ORDER, order.subject))


async def _paid(turn: Turn, desk: Desk, sale: Sale) -> Screen:
    """With what was bought, and the way to use it; owners read who paid."""
    title, bought = _("Paid: {what}", what=title_of(turn, sale)), await desk.balances.of_order(sale.order.id)
    if sale.person_id == turn.person.id:  # what became of a gift is told to who took it
        bought = [each for each in bought if each.holding.grant.person_id == turn.person.id]
    lines = (
        *_lines(turn, sale),
        *_missed(turn, sale),
        *_waiting(turn, sale),
        *(line for each in bought for line in package_words.balance(each, turn.zone)),
    )
    if sale.person_id != turn.person.id:
        payer = await desk.people.find(sale.person_id)
        lines = (Line(_("From {name}", name="" if payer is None else payer.name)), *lines)
        onward = (Button(_("Clients"), "clients"), Button(_("Start"), "start"))
        back = await ways_to_give_back(desk, sale.order.id, bought)
        return Screen(title, lines, (*back, *_session_of(sale), onward))
    rows: tuple[Row, ...] = ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),)
    if sale.sessions:
        rows = ((Button(_("My sessions"), "sessions", Style.PRIMARY), Button(_("Start"), "start")),)
    if bought:
        book = Button(_("Book a session"), "book", Style.PRIMARY)
        rows = (*plan_button.first_of(bought), (book, Button(_("My packages"), "packages")), *rows)
    gift = await desk.gifts.of_order(sale.order.id) if sale.order.of_kind(LineKind.GIFT) else None
    if gift is not None:
        rows = ((Button(_("The code and the link"), address("gift", gift.id), Style.PRIMARY),), *rows)
    times, instead = await _instead(turn, desk, sale)
    lines, rows = (*lines, *times), (*instead, *rows)
    rows = (*await booking_page.receipts_of(desk, sale.order.subject), *_session_of(sale), *rows)
    return Screen(title, lines, rows)


def _missed(turn: Turn, sale: Sale) -> list[Line]:
    """The session that a fee is for."""
    if sale.missed is None:
        return []
    own = sale.person_id == turn.person.id
    when = (phrases.when_for_client if own else phrases.when_for_coach)(sale.missed, turn.person.zone)
    return [Line(_("{what}, {when}", what=phrases.session(sale.missed, turn.person), when=when))]


def _session_of(sale: Sale) -> list[Row]:
    """The way to it."""
    return [] if sale.missed is None else [(Button(_("The session"), address("booking", sale.missed.id)),)]


async def ways_to_give_back(desk: Desk, order: int, bought: Sequence[Balance]) -> list[Row]:
    """For the owners: where the credits are, or where what is owed for a gift that was taken back is settled."""
    owed = await desk.owed_gifts.of_order(order)
    if owed is not None:
        return [(Button(_("Give money back"), address("gift", owed.gift.id, "owed")),)] if owed.owed else []
    return [(Button(_("Credits"), address("grant", each.holding.grant.id)),) for each in bought[:1]]


async def _over(turn: Turn, desk: Desk, sale: Sale) -> Screen:
    found = await desk.payments.of_hold(sale.order.subject)
    again = [Button(_("Plan again"), "plan")] if len(sale.sessions) > 1 else []
    lines = [Line(_("It can no longer be paid. Nothing was charged."))]
    if any(each.is_hold_over(turn.now) for each in sale.holds):
        lines = [Line(_("It can no longer be paid.")), Line(hold_page.under_way())]
    if found.unread:
        lines = [Line(_("It can no longer be paid.")), Line(ways_to_pay.not_known())]
    elif found.came is not None:
        lines = [Line(_("It can no longer be paid."))]
        if await desk.exchanges.late_money.choice(sale.order.subject, found.came.id, turn.now) is None:
            lines.append(Line(await ways_to_pay.goes_back(desk, sale.order.subject, found.came)))
        elif sale.person_id == turn.person.id:
            amount = tell.amount(found.came.amount)
            lines.append(Line(_("{amount} came after that. You can say what becomes of it.", amount=amount)))
            choose = address_of(NoticeKind.ORDER_MONEY, sale.order.id, found.came.id)
            again = [Button(_("Keep it or send it back"), choose, Style.PRIMARY)]
    moving = [] if sale.moving is None else _of_move(turn, sale, sale.moving)
    rows = ((*again, Button(_("Start"), "start")),)
    return Screen(title_of(turn, sale), (*_lines(turn, sale), *lines, *moving), rows)


def title_of(turn: Turn, sale: Sale) -> str:
    if len(sale.sessions) > 1:
        return order_words.several(sale.sessions)
    named = order_words.names(sale, turn.person)
    return named[0] if len(named) == 1 else _("{n} things", n=len(named))


def _waiting(turn: Turn, sale: Sale) -> list[Line]:
    """Times that are held until it is paid, and what became of them."""
    lines = [] if sale.moving is None else _of_move(turn, sale, sale.moving)
    for each in sale.waiting:
        session = _(
            "{what}, {when}", what=phrases.with_coach(each), when=phrases.when_for_client(each, turn.person.zone)
        )
        match each.state:
            case BookingState.HELD:
                words = _("Held: {session}. It is booked as soon as this is paid.", session=session)
            case BookingState.CONFIRMED:
                words = _("Booked: {session}", session=session)
            case _:
                words = _("Not booked: {session}. Nothing was used for it.", session=session)
        lines.append(Line(words))
    return lines


def _of_move(turn: Turn, sale: Sale, moving: Booking) -> list[Line]:
    """The session of a move to another offer, before the difference is paid and after."""
    session = _(
        "{what}, {when}", what=phrases.with_coach(moving), when=phrases.when_for_client(moving, turn.person.zone)
    )
    if sale.order.state is OrderState.PAID:
        return [Line(_("Your session: {session}", session=session))]
    if sale.stands(turn.now):
        return [Line(_("It moves as soon as this is paid. Until then it is: {session}", session=session))]
    return [Line(_("Your session stays as it is: {session}", session=session))]


async def _instead(turn: Turn, desk: Desk, sale: Sale) -> tuple[list[Line], list[Row]]:
    """The next free times, where the one that waited was lost: the package stands, and books one of them."""
    lost = [each for each in sale.waiting if each.state not in (BookingState.HELD, BookingState.CONFIRMED)]
    return await nearest_times.offer(turn, desk, lost[0]) if lost and sale.moving is None else ([], [])


def _lines(turn: Turn, sale: Sale) -> tuple[Line, ...]:
    """Each with its price, and what they cost together."""
    order, named = sale.order, order_words.names(sale, turn.person)
    each = [
        Line(_("{what}: {price}", what=name, price=tell.amount(line.amount)))
        for name, line in zip(named, order.lines, strict=True)
    ]
    total = Line(_("{price} in all", price=tell.amount(order.amount)), Tone.STRONG)
    return (*each, total) if len(each) > 1 else (Line(tell.amount(order.amount), Tone.STRONG),)


ROUTES: tuple[Route, ...] = (
    show(PAGE, page),
    do("order/{order:id}/pay", try_card_page, back=PAGE, changes_person=False, finish=make_card_page),
    do("order/{order:id}/leave", give_up, back=PAGE),
)
