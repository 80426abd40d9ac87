"""Sentences about kept cards, and the ways to pay that they add to a page on which something is to be paid."""

from bot.chat import tell
from bot.chat.address import Segment, address
from bot.chat.screen import Button, Line, Link, Row, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.cards import BRANDS, Card
from bot.domain.payments.money import Money
from bot.handlers.kit import phrases
from bot.services.desk import Desk
from bot.services.payments.payment_status import HoldMoney

MOST = 3
"""So many of the cards are offered beside the page."""

_CHECKS = {"authentication_required", "payment_intent_authentication_failure"}


def short(card: Card) -> str:
    """`Visa ··42`."""
    return _("{brand} ··{digits}", brand=_brand(card), digits=card.last4[-2:])


def whole(card: Card) -> str:
    """`Visa ···· 4242, good until 12/2034`."""
    until = f"{card.exp_month:02}/{card.exp_year}"
    return _("{brand} ···· {digits}, good until {until}", brand=_brand(card), digits=card.last4, until=until)


def _brand(card: Card) -> str:
    return BRANDS.get(card.brand, _("Card"))


def agreement(desk: Desk) -> str:
    """What somebody agrees to who lets a card be kept: these words are stored with the date."""
    return _(
        "{provider} keeps your card. I learn its kind, its last four digits and its end, never its number. It is "
        "charged only when you tap “Pay with”, and for a fee that you agreed to. You can remove it at any time: "
        "/settings, Cards.",
        provider=phrases.provider(desk),
    )


def beside_page(turn: Turn, money: HoldMoney, here: tuple[Segment, ...], version: int) -> list[Row]:
    """Beside the link to the card page: to pay with a kept card, and to have the card kept that pays there. `here` is
    the address of what is to be paid."""
    if money.cards is None:
        return []
    facts = (version, money.attempt)
    rows: list[Row] = [
        (Button(_("Pay with {card}", card=short(card)), turn.do(*here, "card", card.id, stated=facts)),)
        for card in money.cards[:MOST]
    ]
    if money.page is not None and money.page.keep_card:
        return [*rows, (Button(_("Do not keep my card"), turn.do(*here, "page", stated=facts)),)]
    return rows if money.cards else [(Button(_("Keep my card for next time"), address(*here, "keep")),)]


def with_tax(money: HoldMoney, price: Money) -> list[Line]:
    """What a kept card pays, where tax comes on top of the price."""
    if not money.cards or money.total is None or money.total == price:
        return []
    card, total = _named(money), tell.amount(money.total)
    return [Line(_("With {card} you pay {total}: the tax is in it.", card=card, total=total))]


def _named(money: HoldMoney) -> str:
    return short(money.cards[0]) if money.cards and len(money.cards) == 1 else _("a kept card")


def kept_by_page(money: HoldMoney) -> list[Line]:
    if money.page is None or not money.page.keep_card:
        return []
    return [Line(_("The card that you pay with is kept for next time."), Tone.QUIET)]


def being_charged(
    turn: Turn, money: HoldMoney, here: tuple[Segment, ...], version: int
) -> tuple[list[Line], list[Row]]:
    """While a kept card is charged: the bank's own question, where it has one, and the way to pay otherwise."""
    card = _("your card") if money.charged is None else short(money.charged)
    otherwise = Button(_("Pay another way"), turn.do(*here, "page", stated=(version, money.attempt)))
    if money.page is not None and money.page.checkout_url:
        words = _("Your bank asks you to confirm this on its own page before it pays with {card}.", card=card)
        confirm = Link(_("Confirm at your bank"), money.page.checkout_url, Style.SUCCESS)
        return [Line(words), Line(_("Nothing was charged so far."))], [(confirm,), (otherwise,)]
    look = Button(_("Look again"), address(*here))
    return [Line(_("I am asking the bank for the money, with {card}.", card=card))], [(look, otherwise)]


def declined(money: HoldMoney) -> list[Line]:
    """Why a kept card could not be charged, beside the page that takes its place."""
    if money.declined is None:
        return []
    card, code = _("your card") if money.charged is None else short(money.charged), money.declined.declined
    if code in _CHECKS:
        words = _("Your bank did not let {card} pay without a confirmation of yours.", card=card)
    elif code == "insufficient_funds":
        words = _("Your bank says that there is not enough money for {card}.", card=card)
    elif code == "expired_card":
        words = _("Your bank says that {card} has expired.", card=card)
    else:
        words = _("Your bank did not accept {card}.", card=card)
    return [Line(words, Tone.STRONG), Line(_("Nothing was charged. You can pay with this or another card here."))]
