"""The link to pay: the act that holds a time makes the card page, or a sweep; what shows the hold only shows it."""

from dataclasses import replace

import pytest

from bot.chat.screen import Screen, Style
from bot.domain.payments.payments import PaymentState
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.conversation.crowded import IVA
from tests.services.bare_practice import OWNER, made

AWAY = "Card payments cannot be taken right now. Your time stays held"
CHECKOUT = "POST /v1/checkout/sessions"


async def at_the_review(chat: BareChat) -> Somebody:
    iva, till = Somebody(chat, IVA), chat.practice
    at = await chat.next_start(True)
    await iva.goes(f"review/{till.paid.id}/{till.coach_id}/{at:%Y%m%dT%H%MZ}")
    return iva


async def held_and_died(chat: BareChat) -> int:
    """The time is held, and the process died before it asked for the card page."""
    till = chat.practice
    return made(await till.try_hold(IVA, till.paid, await chat.next_start(True), till.now()))


async def message(chat: BareChat, booking: int) -> Screen:
    seen = await chat.notice(IVA, f"notice/hold/{booking}")
    assert seen is not None
    return seen


async def test_who_holds_a_time_gets_the_link_at_once(chat: BareChat) -> None:
    iva = await at_the_review(chat)
    await iva.taps("Hold and pay")
    iva.sees("Held: Single with Olga Owner", "[Pay €45.00]")
    await iva.goes("sessions")
    await iva.taps("Pay, or let it go")
    iva.sees("[Pay €45.00]")
    assert len(chat.practice.sandbox.journal.calls(CHECKOUT)) == 1


async def test_help_beside_a_hold_begins_with_paying_for_it(chat: BareChat) -> None:
    iva, booking = Somebody(chat, IVA), await held_and_died(chat)
    help_page = await chat.router.visit(replace(await iva.turn(), stands=f"hold/{booking}"), "help")
    first = help_page.buttons[0][0]
    assert (first.text, first.style) == ("Pay, or let it go", Style.PRIMARY)


async def test_a_second_delivery_makes_the_page_that_the_first_one_did_not(chat: BareChat) -> None:
    """The first process died between the hold and its page."""
    iva = await at_the_review(chat)
    to, key = iva.button("Hold and pay").to, chat.key()
    chat.practice.sandbox.faults.add("/v1/*", "cut", times=1000)
    await iva.goes(to, key=key)
    iva.sees(AWAY)
    chat.practice.sandbox.faults.clear()
    await iva.goes(to, key=key)
    iva.sees("[Pay €45.00]")


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_refused_is_told_to_the_owners_once(chat: BareChat, status: int) -> None:
    """They alone can mend it; the client keeps the time, and gets the link once it is mended."""
    iva, till = await at_the_review(chat), chat.practice
    till.sandbox.faults.add("/v1/*", "status", status=status, times=1000)
    await iva.taps("Hold and pay")
    iva.sees(AWAY)
    await till.sweep(seconds=70)
    assert len(await till.notices("key-refused")) == 1
    seen = await chat.notice(OWNER, "notice/key-refused")
    assert seen is not None
    assert "Stripe does not accept the key in my settings" in as_text(seen)
    assert await chat.notice(IVA, "notice/key-refused") is None
    till.sandbox.faults.clear()
    await till.sweep(seconds=70)
    await iva.goes("sessions")
    await iva.taps("Pay, or let it go")
    iva.sees("[Pay €45.00]")


async def test_an_old_button_to_the_hold_shows_the_link_that_the_sweep_made(chat: BareChat) -> None:
    booking, iva = await held_and_died(chat), Somebody(chat, IVA)
    await iva.goes(f"hold/{booking}")
    iva.sees(AWAY)
    assert chat.practice.sandbox.journal.calls(CHECKOUT) == []
    await chat.practice.sweep(seconds=6)
    await iva.goes(f"hold/{booking}")
    iva.sees("[Pay €45.00]")


async def test_trying_again_is_an_act_that_makes_the_page(chat: BareChat) -> None:
    booking, iva = await held_and_died(chat), Somebody(chat, IVA)
    await iva.goes(f"hold/{booking}")
    await iva.taps("Try the card page again")
    iva.sees("[Pay €45.00]")


async def test_the_message_of_a_hold_asks_nobody_and_is_right_once_the_page_is_there(chat: BareChat) -> None:
    booking = await held_and_died(chat)
    assert AWAY in as_text(await message(chat, booking))
    assert chat.practice.sandbox.journal.calls(CHECKOUT) == []
    await chat.practice.sweep(seconds=6)
    assert "[Pay €45.00]" in as_text(await message(chat, booking))


async def test_a_page_that_ended_before_its_hold_is_replaced(chat: BareChat) -> None:
    """Somebody closed it in Stripe's dashboard."""
    iva, till = await at_the_review(chat), chat.practice
    await iva.taps("Hold and pay")
    [link] = [link.url for link in iva.links]
    [ref] = till.sandbox.account.sessions
    await till.provider.close(ref)
    await till.heard()
    await till.sweep(seconds=6)
    await iva.goes(iva.screen.address or "")
    assert [link.url for link in iva.links] != [link]
    assert (await till.payment(2)).state is PaymentState.OPEN


async def test_the_sweep_replaces_a_page_that_stripe_does_not_know(chat: BareChat) -> None:
    iva, till = await at_the_review(chat), chat.practice
    await iva.taps("Hold and pay")
    till.sandbox.account.sessions.clear()
    await till.sweep(seconds=31)
    await iva.goes(iva.screen.address or "")
    assert [link.url for link in iva.links] == [session.url for session in till.sandbox.account.sessions.values()]
