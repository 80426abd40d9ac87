"""Keeps a card on a page in mode setup, where nothing is paid."""

from typing import Any

from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.cards import APPROVED, CARDS, CHECK, declined
from bot.sandbox.stripe.customers import customers, methods
from bot.sandbox.stripe.customers.objects import SetupIntent
from bot.sandbox.stripe.objects import COMPLETE, OPEN, Session, new_id
from bot.sandbox.stripe.refusals import Refused

NOT_AUTHENTICATED = {
    "code": "setup_intent_authentication_failure",
    "message": "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again.",
    "type": "invalid_request_error",
}


def start(account: Account, session: Session) -> SetupIntent:
    """Made with its page."""
    asked = session.asked.get("setup_intent_data", {})
    setup = SetupIntent(new_id("seti_1"), session.id, account.now(), asked, session.methods, session.customer)
    account.setups[setup.id] = setup
    session.setup_intent = setup.id
    account.emit("setup_intent.created", setup)
    return setup


def try_card(account: Account, session: Session, way: str) -> None:
    """`way` is a key of CARDS."""
    card = CARDS.get(way)
    if card is None:
        raise Refused("This payment method is not offered.", param="way")
    setup = account.setups[session.setup_intent or ""]
    method = methods.make(account, card, session.email)
    setup.method, says = method.id, card.setup or card.now
    if says == CHECK:
        setup.status, setup.last_error = "requires_action", None
        account.emit("setup_intent.requires_action", setup)
    elif says == APPROVED:
        _succeed(account, session, setup)
    else:
        _fail(account, setup, declined(says))


def answer(account: Account, session: Session, approved: bool) -> None:
    """The bank's page was answered; without an open challenge nothing happens."""
    setup = account.setups[session.setup_intent or ""]
    if session.status != OPEN or setup.status != "requires_action":
        return
    if approved:
        _succeed(account, session, setup)
    else:
        _fail(account, setup, NOT_AUTHENTICATED)


def _succeed(account: Account, session: Session, setup: SetupIntent) -> None:
    if session.customer is None:
        session.customer = setup.customer = customers.of_page(account, session).id
    setup.status, setup.last_error = "succeeded", None
    methods.keep(account, account.methods[setup.method or ""], session.customer, "limited")
    account.emit("setup_intent.succeeded", setup)
    session.status, session.payment_status = COMPLETE, "no_payment_required"
    account.emit("checkout.session.completed", session)


def _fail(account: Account, setup: SetupIntent, error: dict[str, Any]) -> None:
    named = {"payment_method": shown(account.methods[setup.method or ""])}
    setup.status, setup.last_error = "requires_payment_method", error | named
    account.emit("setup_intent.setup_failed", setup)
