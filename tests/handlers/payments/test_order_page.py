"""The page of an order that is no session: it is paid, left, or over, and its messages say what its payment became."""

from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa

from bot.chat.screen import Link
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine
from bot.domain.people.people import Platform, Profile
from bot.domain.records import Cause
from bot.services.payments import orders_tx
from bot.services.reactions import react
from storage import tables
from storage.payments import payments
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", zone="Europe/Berlin", language="en")
ANOTHER = Profile(Platform.TELEGRAM, "", "7003", "7003", "Max", language="en")
FIVE = OrderLine(LineKind.PACKAGE, Money(20000, "EUR"), name="5 sessions")


async def asked(chat: BareChat) -> Order:
    person, cause = await chat.practice.meet(IVA, chat.practice.now()), Cause(None, "telegram", chat.practice.now())
    work = chat.practice.storage.write(lambda tx: orders_tx.open_order(tx, react, person.id, [FIVE], cause))
    order = await work
    assert isinstance(order, Order)
    return order


async def test_an_order_is_paid_from_its_page_and_told(chat: BareChat) -> None:
    order = await asked(chat)
    iva = Somebody(chat, IVA)
    assert "The link comes as soon as they can" in as_text(await iva.goes(f"order/{order.id}"))
    await chat.practice.payments.ready_order(order.id, chat.practice.now())
    seen = await iva.goes(f"order/{order.id}")
    assert (seen.title, "€200.00" in as_text(seen)) == ("5 sessions", True)
    [link] = [each for row in seen.buttons for each in row if isinstance(each, Link)]
    assert link.text == "Pay €200.00"
    page = await chat.practice.payments.ready_order(order.id, chat.practice.now())
    assert page is not None
    await chat.practice.pays(page)
    await chat.practice.heard()
    assert "Paid: 5 sessions" in as_text(await iva.goes(f"order/{order.id}"))
    assert "Paid: 5 sessions" in await chat.reads(IVA, f"notice/order-paid/{order.id}")


async def test_once_it_is_paid_the_message_that_asked_for_it_only_leads_on(chat: BareChat) -> None:
    order = await asked(chat)
    address = f"notice/order/{order.id}"
    page = await chat.practice.payments.ready_order(order.id, chat.practice.now())
    assert page is not None
    assert "Pay €200.00" in await chat.reads(IVA, address)
    assert await chat.notice(OWNER, address) is None
    await chat.practice.pays(page)
    await chat.practice.heard()
    after = await chat.notice(IVA, address)
    assert after is not None
    assert (as_text(after), after.over) == ("\nThis order continues below.\n[Show it]", True)


async def test_one_that_was_left_says_so_in_the_message_that_asked_for_it(chat: BareChat) -> None:
    order = await asked(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"order/{order.id}")
    await iva.taps("Leave it")
    assert "It can no longer be paid. Nothing was charged." in await chat.reads(IVA, f"notice/order/{order.id}")


async def test_nobody_else_sees_it_but_the_owners(chat: BareChat) -> None:
    order = await asked(chat)
    assert "no longer here" in as_text(await Somebody(chat, ANOTHER).goes(f"order/{order.id}"))
    assert "5 sessions" in as_text(await Somebody(chat, OWNER).goes(f"order/{order.id}"))


async def test_it_can_be_left_without_paying(chat: BareChat) -> None:
    order = await asked(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"order/{order.id}")
    left = await iva.taps("Leave it")
    assert "It can no longer be paid. Nothing was charged." in as_text(left)


async def test_money_that_is_not_accepted_is_told_with_its_own_amount(chat: BareChat) -> None:
    order = await asked(chat)
    page = await chat.practice.payments.ready_order(order.id, chat.practice.now())
    assert page is not None
    parameters = await chat.practice.storage.read(lambda tx: payments.parameters(tx, page.id))
    second = await chat.practice.provider.open(parameters, "another key")
    await chat.practice.pays(page)
    await chat.practice.heard()  # or Stripe may tell of the second page first
    await chat.practice.control("pay", session=second.ref)
    await chat.practice.heard()
    addresses = {address for _who, address, _state in await chat.practice.notices("order-money")}
    [address] = addresses
    assert "€200.00 was paid a second time" in await chat.reads(IVA, address)
    assert "Paid twice" in await chat.reads(OWNER, address)
    fails = sa.update(tables.refunds).values(state="failed", failure="bank")
    await chat.practice.storage.write(lambda tx: tx.execute(fails))
    assert "It is still yours" in await chat.reads(IVA, address)
    seen = await chat.reads(OWNER, address)
    assert "It could not go back: a message of its own says why." in seen
    assert "yours" not in seen, "the money is the client's"


async def test_refunds_of_it_are_told_to_the_client_and_failed_ones_to_the_owners_too(chat: BareChat) -> None:
    order = await asked(chat)
    page = await chat.practice.payments.ready_order(order.id, chat.practice.now())
    assert page is not None
    await chat.practice.pays(page)
    await chat.practice.heard()
    intent = (await chat.practice.payment(page.id)).intent_ref
    await chat.practice.control("refund", payment_intent=intent, amount=5000)
    await chat.practice.heard()
    [(_who, address, _state)] = await chat.practice.notices("order-refund")
    assert "€50.00 goes back" in await chat.reads(IVA, address)
    fails = sa.update(tables.refunds).values(state="failed", failure="bank")
    await chat.practice.storage.write(lambda tx: tx.execute(fails))
    failed = f"notice/order-refund-failed/{order.id}/1"
    assert "Your bank did not take the €50.00" in await chat.reads(IVA, failed)
    assert "Iva was told that it takes longer" in await chat.reads(OWNER, failed)


async def test_the_browser_comes_back_to_how_it_stands(chat: BareChat) -> None:
    order = await asked(chat)
    page = await chat.practice.payments.ready_order(order.id, chat.practice.now())
    assert page is not None
    way_back = urlsplit(str(chat.practice.sandbox.account.sessions[page.checkout_ref or ""].asked["success_url"]))
    proof = parse_qs(way_back.query)["p"][0]
    to = f"{chat.practice.url}/pay/return?session_id={page.checkout_ref}&p={proof}"
    status, text = await chat.practice.get(to)
    assert (status, "Not paid yet" in text) == (200, True)
    await chat.practice.pays(page)
    chat.practice.advance(seconds=3)
    status, text = await chat.practice.get(to)
    assert (status, "€200.00 paid." in text, "Iva" in text) == (200, True, False)
