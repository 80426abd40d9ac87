"""Money that comes and goes: each message tells its own event, the session tells what became of all of it."""

import pytest

from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, as_text
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en")


async def paid(chat: BareChat) -> tuple[Booking, str]:
    """A session that was paid at the stand-in, and the way of its money."""
    booking = await chat.practice.hold(await chat.next_start(True), IVA)
    page = await chat.practice.page(booking)
    await chat.practice.pays(page)
    await chat.practice.heard()
    return await chat.practice.found(booking.id), (await chat.practice.payment(page.id)).intent_ref or ""


async def said(chat: BareChat, who: Profile, address: str) -> str:
    seen = await chat.notice(who, address)
    assert seen is not None
    return as_text(seen)


async def test_each_refund_tells_its_own_amount_and_the_session_tells_all_of_it(chat: BareChat) -> None:
    booking, intent = await paid(chat)
    for amount in (2000, 2500):
        await chat.practice.control("refund", payment_intent=intent, amount=amount)
        await chat.practice.heard()
    told = [address for _who, address, _state in await chat.practice.notices("refunded")]
    first, second = [await said(chat, IVA, address) for address in told]
    assert "€20.00 goes back" in first
    assert "€25.00 goes back" in second
    assert "€45.00" not in first + second
    for who in (IVA, OWNER):
        session = await said(chat, who, f"booking/{booking.id}")
        assert "€45.00, paid" in session
        assert "Given back so far: €45.00." in session


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
        text = await said(chat, IVA, page)
        assert "€45.00 could not go back" in text
        assert "goes back to the card" not in text
        assert "not given back" not in text
    assert refund.reference in await said(chat, IVA, at)
    owner = await said(chat, OWNER, at)
    assert "Stripe refuses to give €45.00 back." in owner
    assert f"rapport trace {refund.reference}" in owner
    assert "bank" not in owner
    assert "€45.00 is owed to Iva" in await said(chat, OWNER, f"booking/{booking.id}")


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
    assert words in await said(chat, OWNER, f"notice/refund-failed/{booking.id}/1")
