"""Tax that comes on top of the price, from the page to the ledger and to Stripe: a package that goes back, a session
that becomes a cheaper one, and a kept card."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.payments.tax import TaxBehavior
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.credits.test_return_package import back, books
from tests.handlers.payments.test_another_offer import begins
from tests.handlers.payments.test_client_tax import buys, reckons
from tests.handlers.payments.test_money_told import IVA as PAYER
from tests.handlers.payments.test_packages import IVA, for_sale, page_of
from tests.services.cards.kept import keeps_while_paying
from tests.services.exchanges.switching import LONG, SHORT, offered


async def ledger(chat: BareChat) -> list[tuple[str, int, int | None]]:
    """(kind, amount, the tax in it) of all that moved, but for fees."""
    row = tables.transactions.c
    query = sa.select(row.kind, row.amount, row.tax_amount).where(row.kind != "fee").order_by(row.id)
    return [tuple(each) for each in await chat.practice.storage.read(lambda tx: tx.execute(query).all())]


async def buys_five(chat: BareChat) -> Somebody:
    """€202.50 and 19 % on top of it: €240.98."""
    await reckons(chat, TaxBehavior.EXCLUSIVE)
    package, iva = await for_sale(chat), Somebody(chat, IVA)
    await iva.goes(f"package/{package.id}")
    await iva.taps("Buy it")
    page = await page_of(chat, iva)
    await chat.practice.control("pay", session=page.checkout_ref, card="success", region="DE")
    await chat.practice.heard()
    assert await ledger(chat) == [("charge", 24098, 3848)]
    return iva


async def test_bundle_refund_whole(chat: BareChat) -> None:
    iva = await buys_five(chat)
    await iva.goes("credit/1/return")
    iva.sees("€240.98 goes back to the card")
    await iva.taps("Give it back")
    assert await back(chat) == [24098]
    assert await ledger(chat) == [("charge", 24098, 3848), ("refund", -24098, -3848)]


async def test_bundle_refund_of_a_part(chat: BareChat) -> None:
    """One of five is used: of the price €162.00 goes back, and the same share of the tax with it."""
    iva = await buys_five(chat)
    used = await books(chat, iva, timedelta(hours=1))
    assert used.terms.price.amount == 4500
    await iva.goes("credit/1/return")
    iva.sees("€192.78 goes back")
    await iva.taps("Give it back")
    assert await back(chat) == [19278]
    assert await ledger(chat) == [("charge", 24098, 3848), ("refund", -19278, -3078)]


async def test_move_to_a_cheaper_offer(chat: BareChat) -> None:
    await reckons(chat, TaxBehavior.EXCLUSIVE)
    await offered(chat.practice, SHORT)
    booking = await chat.practice.found(await buys(chat))
    assert booking.paid.amount == 5355
    iva = await begins(chat, booking)
    await iva.goes(f"to/{booking.id}/3/{booking.starts:%Y%m%dT%H%MZ}")
    iva.sees("€17.85 goes back to the card")
    await iva.taps("Move it")
    assert await back(chat) == [1785]
    assert await ledger(chat) == [("charge", 5355, 855), ("refund", -1785, -285)]
    after = await chat.practice.found(booking.id)
    assert (after.terms.price.amount, after.paid.amount) == (3000, 3570)
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("you get €35.70 back")


async def test_move_to_a_dearer_offer(chat: BareChat) -> None:
    """The difference of the prices is asked for, with tax of its own."""
    await reckons(chat, TaxBehavior.EXCLUSIVE)
    await offered(chat.practice, LONG)
    booking = await chat.practice.found(await buys(chat))
    iva = await begins(chat, booking)
    iva.sees("[Double · 100 minutes · €35.00 more]")
    await iva.goes(f"to/{booking.id}/3/{booking.starts:%Y%m%dT%H%MZ}")
    iva.sees("€35.00 more is to be paid.", "+ tax by your address")
    await iva.taps("Pay €35.00")
    page = await page_of(chat, iva)
    await chat.practice.control("pay", session=page.checkout_ref, card="success", region="DE")
    await chat.practice.heard()
    assert await ledger(chat) == [("charge", 5355, 855), ("charge", 4165, 665)]
    after = await chat.practice.found(booking.id)
    assert (after.terms.price.amount, after.paid.amount, after.charged.amount) == (8000, 9520, 9520)


async def test_a_kept_card_says_what_it_pays(chat: BareChat) -> None:
    await reckons(chat, TaxBehavior.EXCLUSIVE)
    first = await chat.practice.hold(await chat.next_start(paid=True), PAYER)
    page = await keeps_while_paying(chat.practice, first, PAYER)
    await chat.practice.control("pay", session=page.checkout_ref, card="success", region="DE")
    await chat.practice.heard()
    await chat.practice.sweep(seconds=1)
    held = await chat.practice.hold(await chat.next_start(paid=True), PAYER)
    await chat.practice.page(held)
    iva = Somebody(chat, PAYER)
    await iva.goes(f"hold/{held.id}")
    iva.sees("+ tax by your address", "With Visa ··42 you pay €53.55: the tax is in it.", "[Pay with Visa ··42]")
    await iva.taps("Pay with Visa ··42")
    iva.sees("Booked: Single with Olga Owner")
    assert await ledger(chat) == [("charge", 5355, 855), ("charge", 5355, 855)]
