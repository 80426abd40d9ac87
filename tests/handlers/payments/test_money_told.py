"""Money that comes and goes: each message tells its own event, the session tells what became of all of it."""

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from storage import tables
from storage.payments import payments
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en")


async def paid(chat: BareChat) -> tuple[Booking, str]:
    """A session that was paid at the stand-in, and the way of its money."""
    booking = await chat.practice.hold(await chat.next_start(True), IVA)
    page = await chat.practice.page(booking)
    await chat.practice.pays(page)
    await chat.practice.heard()
    return await chat.practice.found(booking.id), (await chat.practice.payment(page.id)).intent_ref or ""


async def test_each_refund_tells_its_own_amount_and_the_session_tells_all_of_it(chat: BareChat) -> None:
    booking, intent = await paid(chat)
    for amount in (2000, 2500):
        await chat.practice.control("refund", payment_intent=intent, amount=amount)
        await chat.practice.heard()
    told = [address for _who, address, _state in await chat.practice.notices("refunded")]
    first, second = [await chat.reads(IVA, address) for address in told]
    assert "€20.00 goes back" in first
    assert "€25.00 goes back" in second
    assert "€45.00" not in first + second
    for who in (IVA, OWNER):
        session = await chat.reads(who, f"booking/{booking.id}")
        assert "€45.00, paid" in session
        assert "Given back so far: €45.00." in session


async def test_the_confirmation_is_drawn_anew_when_a_refund_is_refused(chat: BareChat) -> None:
    """Once the session is cancelled it says what becomes of the money, as every message about it does."""
    booking, _intent = await paid(chat)
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await chat.practice.cancel(booking.id, OWNER)
    out = sa.update(tables.outbox).where(tables.outbox.c.kind == "booked").values(state="sent", correct_at=None)
    await chat.practice.storage.write(lambda tx: tx.execute(out))
    await chat.practice.sweep(seconds=1)
    due = sa.select(tables.outbox.c.correct_at).where(tables.outbox.c.kind == "booked")
    assert None not in await chat.practice.storage.read(lambda tx: tx.execute(due).scalars().all())
    assert "€45.00 could not go back" in await chat.reads(IVA, f"notice/booked/{booking.id}")


async def test_a_refund_that_is_refused_stands_nowhere_as_one_that_comes(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await chat.practice.cancel(booking.id, OWNER)
    await chat.practice.sweep(seconds=1)
    refund = await chat.practice.payments.refund(booking.subject, 1)
    assert refund is not None
    assert refund.reference is not None
    at = f"notice/refund-failed/{booking.id}/1"
    for page in (f"notice/cancelled/{booking.id}", f"booking/{booking.id}", at):
        text = await chat.reads(IVA, page)
        assert "€45.00 could not go back" in text
        assert "goes back to the card" not in text
        assert "not given back" not in text
    assert refund.reference in await chat.reads(IVA, at)
    owner = await chat.reads(OWNER, at)
    assert "Stripe refuses to give €45.00 back." in owner
    assert f"rapport trace {refund.reference}" in owner
    assert "bank" not in owner
    assert "€45.00 is owed to Iva" in await chat.reads(OWNER, f"booking/{booking.id}")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("expired_or_canceled_card", "The client's bank did not take €45.00 back."),
        ("insufficient_funds", "Your balance at Stripe does not cover €45.00."),
        ("merchant_request", "The refund of €45.00 was stopped in Stripe."),
    ],
)
async def test_whose_doing_a_failed_refund_is(chat: BareChat, reason: str, words: str) -> None:
    await chat.practice.control("options", refund_status="pending")
    booking, _intent = await paid(chat)
    await chat.practice.cancel(booking.id, OWNER)
    await chat.practice.sweep(seconds=1)
    refund = next(iter(chat.practice.sandbox.account.refunds))
    await chat.practice.control("refund_outcome", refund=refund, status="failed", failure_reason=reason)
    await chat.practice.heard()
    assert words in await chat.reads(OWNER, f"notice/refund-failed/{booking.id}/1")


async def test_a_cancel_tells_what_goes_back_by_it_and_what_had_gone_before(chat: BareChat) -> None:
    booking, intent = await paid(chat)
    await chat.practice.control("refund", payment_intent=intent, amount=2000)
    await chat.practice.heard()
    olga = Somebody(chat, OWNER)
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="I am ill")
    olga.sees("Iva gets back what is left: €25.00.")
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("you get €25.00 back")
    await iva.taps("Cancel session")
    iva.sees("€25.00 goes back to the card", "Given back so far: €20.00.")
    assert "€45.00" not in iva.text
    chat.practice.advance(days=7)
    await iva.goes("past")
    iva.sees("€25.00 goes back to the card", "Given back so far: €20.00.")
    practice = await chat.reads(OWNER, f"notice/cancelled/{booking.id}")
    assert "€25.00 goes back to Iva." in practice
    assert "Given back so far: €20.00." in practice


async def test_a_page_that_is_refused_is_no_outage(chat: BareChat) -> None:
    chat.practice.sandbox.faults.add("POST /v1/checkout/sessions", "status", status=400, times=9)
    booking = await chat.practice.hold(await chat.next_start(True), IVA)
    assert await chat.desk.payments.ready(booking.id, chat.practice.now()) is None
    money = await chat.desk.payments.of_hold(booking.subject)
    assert money.refused is not None
    reference = money.refused.reference
    for page in (f"hold/{booking.id}", f"notice/hold/{booking.id}"):
        text = await chat.reads(IVA, page)
        assert "Stripe does not take this payment" in text
        assert f"The reference is {reference}." in text
        assert "comes when it is back" not in text
        assert "Try the card page again" not in text
    at = f"notice/page-refused/{booking.id}/{money.refused.id}"
    owner = await chat.reads(OWNER, at)
    assert "Stripe does not take €45.00 for this: Iva cannot pay." in owner
    assert f"rapport trace {reference}" in owner
    assert "[The offer]" in owner
    assert await chat.notice(IVA, at) is None


@pytest.mark.parametrize(
    ("refusals", "goes"), [(0, "goes back to the card"), (9, "could not go back to the card. It is still yours")]
)
async def test_money_that_does_not_fit_is_never_told_as_nothing(chat: BareChat, refusals: int, goes: str) -> None:
    """A price with a part of an ariary, which the provider cannot write: its page asks for less."""
    practice = chat.practice
    if refusals:
        practice.sandbox.faults.add("POST /v1/refunds", "status", status=400, times=refusals)
    start = await chat.next_start(True)
    setting = sa.update(tables.offers).where(tables.offers.c.id == practice.paid.id)
    await practice.storage.write(lambda tx: tx.execute(setting.values(currency="MGA", price=4550050)))
    booking = await practice.hold(start, IVA)
    page = await practice.page(booking)
    await practice.pays(page)
    await practice.heard()
    assert bool(practice.sandbox.account.refunds) != bool(refusals)
    at = f"notice/paid-otherwise/{booking.id}/{page.id}"
    for address in (at, f"hold/{booking.id}"):
        text = await chat.reads(IVA, address)
        assert "MGA" in text
        assert goes in text
        assert "othing was charged" not in text
    assert "Another amount came" in await chat.reads(OWNER, at)
    practice.advance(minutes=16)
    await practice.sweep()
    ended = await chat.reads(IVA, f"hold/{booking.id}")
    assert goes in ended
    assert "othing was charged" not in ended


async def test_money_of_no_booking_is_told_to_the_owner_alone(chat: BareChat) -> None:
    booking = await chat.practice.hold(await chat.next_start(True), IVA)
    await chat.practice.page(booking)
    asked = dict(await chat.practice.storage.read(lambda tx: payments.parameters(tx, 1)))
    page = await chat.practice.provider.open({**asked, "metadata": {}}, "elsewhere")
    await chat.practice.control("pay", session=page.ref)
    await chat.practice.heard()
    [(_who, address, _state)] = await chat.practice.notices("stray-money")
    text = await chat.reads(OWNER, address)
    assert "€45.00 arrived at Stripe, for no booking here." in text
    assert "Nothing was given back." in text
    assert page.ref in text
    assert await chat.notice(IVA, address) is None
