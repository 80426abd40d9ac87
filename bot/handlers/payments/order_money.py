"""Messages about the money of an order: what was not accepted, and what goes back of it or could not."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments import payments
from bot.domain.payments.payments import Payment, Refund
from bot.handlers.kit import credit_words, endings, failures, phrases
from bot.handlers.payments import failed_refunds, late_money, orders
from bot.handlers.payments.giving_back import give_back_words
from bot.services.desk import Desk
from bot.services.payments.sales import Sale


async def money(turn: Turn, desk: Desk, order: int, payment: int) -> Screen | Redirect:
    """Tells of money that was not accepted, or owners that nobody can pay."""
    sale = await orders.seen(turn, desk, order)
    found = None if sale is None else await desk.payments.find(sale.order.subject, payment)
    if sale is None or found is None:
        return failures.missing()
    if found.reference is not None:
        return _page_refused(turn, desk, sale, found) if sale.person_id != turn.person.id else failures.missing()
    came = await desk.payments.not_accepted(sale.order.subject, payment)
    if came is None:
        return Redirect("gone")
    _came, refund = came
    amount, asked = tell.amount(found.amount), tell.amount(sale.order.amount)
    match None if refund is None else refund.reason:
        case payments.LATE | payments.AS_CREDIT:
            return await _late(turn, desk, sale, found, refund)
        case "amount":
            title = _("Another amount came")
            words = _("{amount} came for this, and {asked} was asked for.", amount=amount, asked=asked)
        case _:
            title, words = _("Paid twice"), _("{amount} was paid a second time for this.", amount=amount)
    return _told(turn, sale, title, words, _goes(turn, sale, amount, refund))


def _goes(turn: Turn, sale: Sale, amount: str, refund: Refund | None) -> str:
    """What becomes of money that was not accepted, to who paid it or to an owner."""
    if sale.person_id == turn.person.id:
        return endings.returns(amount, refund)
    return give_back_words.what_became_of_it(refund)


async def _late(turn: Turn, desk: Desk, sale: Sale, payment: Payment, refund: Refund | None) -> Screen:
    """With the choice, while its client has one."""
    amount, own = tell.amount(payment.amount), sale.person_id == turn.person.id
    title, words = _("Paid too late"), _("{amount} came when it could not be had any more.", amount=amount)
    choice = await desk.exchanges.late_money.choice(sale.order.subject, payment.id, turn.now) if own else None
    if choice is not None:
        lines, rows = late_money.to_choose(turn, sale.order.subject, payment.id, choice)
        return Screen(title, (Line(orders.title_of(turn, sale)), Line(words), *lines), rows)
    if refund is None or refund.how != payments.AS_CREDIT:
        return _told(turn, sale, title, words, _goes(turn, sale, amount, refund))
    instead = _("The client took sessions on credit in its place.")
    if own:
        instead = _("In place of the money you have sessions on credit. /packages shows it.")
    return _told(turn, sale, title, words, instead)


async def refunded(turn: Turn, desk: Desk, order: int, refund: int) -> Screen | Redirect:
    sale, found = await orders.seen(turn, desk, order), await _refund(desk, order, refund)
    if sale is None or found is None:
        return failures.missing()
    gift = await desk.gifts.of_order(order)
    left = []
    if gift is not None and gift.can_be_taken(turn.now):
        left = credit_words.of_gift(gift, await desk.gifts.left_of(gift))
    return _told(turn, sale, _("Money goes back"), endings.returns(tell.amount(found.amount), found), *left)


async def refund_failed(turn: Turn, desk: Desk, order: int, refund: int) -> Screen | Redirect:
    sale, found = await orders.seen(turn, desk, order), await _refund(desk, order, refund)
    if sale is None or found is None:
        return failures.missing()
    if sale.person_id == turn.person.id:
        return _told(turn, sale, _("The refund takes longer"), *failed_refunds.for_client(found))
    whose = await desk.people.find(sale.person_id)
    name = "" if whose is None else whose.name
    lines = failed_refunds.for_owner(found, name, phrases.provider(desk))
    screen = _told(turn, sale, _("A refund failed"), *lines)
    bought = await desk.balances.of_order(order)
    return replace(screen, buttons=(*await orders.ways_to_give_back(desk, order, bought), *screen.buttons))


async def _refund(desk: Desk, order: int, refund: int) -> Refund | None:
    sale = await desk.payments.sale(order)
    return None if sale is None else await desk.payments.refund(sale.order.subject, refund)


def _page_refused(turn: Turn, desk: Desk, sale: Sale, payment: Payment) -> Screen:
    provider = phrases.provider(desk)
    what = _("{provider} does not take {amount} for this: it cannot be paid.")
    amount = tell.amount(payment.amount)
    more = _("More: rapport trace {reference}", reference=payment.reference or "")
    return _told(turn, sale, _("A payment is refused"), what.format(provider=provider, amount=amount), more)


def _told(turn: Turn, sale: Sale, title: str, *words: str) -> Screen:
    lines = (Line(orders.title_of(turn, sale)), *map(Line, words))
    return Screen(title, lines, ((Button(_("Show it"), address("order", sale.order.id)), Button(_("Start"), "start")),))
