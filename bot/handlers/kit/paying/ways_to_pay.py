"""How an order or a hold can be paid now, and what is said where it cannot."""

from bot.chat import tell
from bot.chat.screen import Button, Line, Link, Row, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.subjects import Subject
from bot.handlers.kit import card_words, endings, phrases
from bot.handlers.kit.paying import chat_payment
from bot.services.desk import Desk
from bot.services.payments.payment_status import HoldMoney


async def offered(
    turn: Turn, desk: Desk, here: tuple[str, int], what: tuple[Subject, int, Money], away: str, again: str
) -> tuple[list[Line], list[Row]]:
    """For who pays. `here` is the address of what is to be paid, `what` that with its version and price. `away` is
    said, and `again` is the act that tries once more, while the provider makes no page."""
    subject, version, price = what
    money = await desk.payments.ways_to_pay(subject, turn.person.id, turn.now)
    if money.by_card is not None:
        return card_words.being_charged(turn, money, here, version)
    if money.page is not None and money.page.checkout_url:
        left = [Line(_("Not paid yet. Nothing was charged so far."))] if money.page.left else []
        if money.tax_on_top:
            left.insert(0, phrases.tax_on_top())
        pay = _("Pay {price}", price=tell.money(price))
        said = [*card_words.declined(money), *left, *card_words.with_tax(money, price)]
        said += card_words.kept_by_page(money)
        in_chat = await chat_payment.way(turn, desk, subject, price)
        beside = card_words.beside_page(turn, money, here, version)
        return said, [(Link(pay, money.page.checkout_url, Style.SUCCESS),), *in_chat, *beside]
    if money.refused is not None or money.came is not None:
        return await _cannot_be_paid(desk, subject, price, money), []
    if money.unread:
        return [Line(not_known()), Line(_("Please do not pay again."))], []
    in_chat = await chat_payment.way(turn, desk, subject, price)
    return [Line(away)], [(Button(_("Try the card page again"), again),), *in_chat]


async def goes_back(desk: Desk, subject: Subject, came: Payment) -> str:
    """What becomes of money that came and was not accepted."""
    found = await desk.payments.not_accepted(subject, came.id)
    return endings.returns(tell.amount(came.amount), None if found is None else found[1])


def not_known() -> str:
    return _("I cannot read whether this was paid. The practice is told.")


async def _cannot_be_paid(desk: Desk, subject: Subject, price: Money, money: HoldMoney) -> list[Line]:
    """There is no way to pay for this, and none will come: what is safe, and whom to ask."""
    practice = await desk.practice.get()
    asked = tell.amount(price)
    lines = []
    if money.came is not None:
        came = tell.amount(money.came.amount)
        lines.append(_("{came} came in place of {price}.", came=came, price=asked))
        lines.append(await goes_back(desk, subject, money.came))
    if money.refused is not None:
        provider = phrases.provider(desk)
        words = _("{provider} does not take this payment, so no link to pay comes. Nothing was charged.")
        lines.append(words.format(provider=provider))
    lines.append(_("The practice was told. It can tell you how to pay."))
    if money.refused is not None:
        lines.append(_("The reference is {reference}.", reference=money.refused.reference))
    return [*map(Line, lines), *phrases.question_to(practice.contact)]
