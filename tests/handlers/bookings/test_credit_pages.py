"""A client with a package books, moves and cancels: each page says what becomes of the credit, before and after."""

from datetime import datetime, timedelta

from bot.chat.address import address
from bot.domain.people.people import Platform, Profile
from bot.domain.records import Cause
from bot.services.credits import ledger
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en")


async def give(chat: BareChat, sessions: int = 4, days: int = 60, cap: int | None = None) -> None:
    person, offer, now = await chat.practice.meet(IVA), chat.practice.paid, chat.practice.now()
    new = ledger.NewGrant(
        person.id, "Five sessions", sessions, offer.price, offer.price, [offer.id], now + timedelta(days=days), cap
    )
    await chat.practice.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", now)))


async def reviews(chat: BareChat, at: datetime) -> Somebody:
    iva = Somebody(chat, IVA)
    await iva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, at))
    return iva


async def test_with_credit_a_session_is_booked_by_one_tap_and_cancelled_by_one(chat: BareChat) -> None:
    await give(chat)
    iva = await reviews(chat, await chat.next_start(True))
    iva.sees("Uses 1 of 4, valid to", "Five sessions", "after that the credit is used up", "[Pay instead]")
    assert "€45" not in iva.text
    await iva.taps("Book it")
    iva.sees("Booked:", "on credit: Five sessions, 3 left", "Free to cancel until")
    await iva.taps("Cancel session")
    iva.sees("Cancelling now is free: your credit comes back, valid until", "the credit is used up.")
    await iva.taps("Cancel session")
    iva.sees("Cancelled:", "Your credit is back, valid until")
    assert "€" not in iva.text


async def test_a_time_is_not_held_by_its_button_but_reviewed_first(chat: BareChat) -> None:
    at, offer = await chat.next_start(True), chat.practice.paid
    iva = Somebody(chat, IVA)
    await iva.goes(address("times", offer.id, chat.practice.coach_id, at.date()))
    iva.sees("A tap holds the time for you")
    await give(chat)
    await iva.goes(address("times", offer.id, chat.practice.coach_id, at.date()))
    assert "A tap holds the time for you" not in iva.text
    assert any(button.to.startswith("review/") for button in iva.buttons)


async def test_who_has_a_credit_may_pay_all_the_same(chat: BareChat) -> None:
    await give(chat)
    iva = await reviews(chat, await chat.next_start(True))
    await iva.taps("Pay instead")
    iva.sees("€45.00", "there is no refund", "[Use a credit]", "[Hold and pay]")
    await iva.taps("Use a credit")
    iva.sees("Uses 1 of 4")


async def test_why_a_credit_does_not_cover_the_time(chat: BareChat) -> None:
    await give(chat, days=1)
    iva = await reviews(chat, await chat.next_start(True))
    iva.sees("Your credits do not cover this time: they are valid until", "€45.00", "[Hold and pay]")


async def test_a_week_has_as_many_as_the_package_gives(chat: BareChat) -> None:
    await give(chat, cap=1)
    starts = await chat.practice.starts(chat.practice.paid, await chat.next_start(True) - timedelta(hours=1))
    iva = await reviews(chat, starts[0])
    await iva.taps("Book it")
    again = next(at for at in starts if at >= starts[0] + timedelta(hours=2))
    assert again.isocalendar().week == starts[0].isocalendar().week
    iva = await reviews(chat, again)
    iva.sees("Your package gives 1 session a week", "[Hold and pay]")


async def test_a_move_past_the_end_of_the_credit_says_until_when_and_what_to_do(chat: BareChat) -> None:
    await give(chat, days=8)
    at = await chat.next_start(True)
    iva = await reviews(chat, at)
    await iva.taps("Book it")
    booking = int(iva.button("Cancel session").to.split("/")[1])
    late = next(each for each in await chat.practice.starts(chat.practice.paid, at) if each > at + timedelta(days=3))
    await iva.goes(address("move", booking, late))
    iva.sees("This session is on a credit that is valid until", "It stays as it is.", "write to the practice")


async def test_the_coach_reads_what_covers_it_and_gives_the_credit_back(chat: BareChat) -> None:
    await give(chat)
    iva = await reviews(chat, await chat.next_start(True))
    await iva.taps("Book it")
    booking = int(iva.button("Cancel session").to.split("/")[1])
    olga = Somebody(chat, OWNER)
    await olga.goes(address("booking", booking))
    olga.sees("on credit: Five sessions")
    await olga.goes(address("coach-cancel", booking))
    await olga.fills(reason="Something came up")
    olga.sees("Iva gets the credit back")
    await olga.taps("Cancel session")
    olga.sees("The credit went back to Iva.")
    await iva.goes(address("notice", "cancelled", booking))
    iva.sees("Your credit is back, valid until")


async def test_before_a_time_is_chosen_a_credit_stands_in_place_of_the_price(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("book")
    iva.sees("[Single · 50 minutes · €45.00]")
    await give(chat)
    await iva.goes("book")
    iva.sees("[Single · 50 minutes · uses 1 of 4]", "[Intro · 50 minutes · free]")
    at = await chat.next_start(True)
    await iva.goes(address("times", chat.practice.paid.id, chat.practice.coach_id, at.date()))
    iva.sees("50 minutes · uses 1 of 4", "Free to cancel until")
    assert "€" not in iva.text


async def test_a_move_into_a_week_that_has_its_sessions_says_so_and_what_to_do(chat: BareChat) -> None:
    await give(chat, cap=1)
    first = await chat.next_start(True)
    booking = await _books(chat, first)
    week = timedelta(days=7)
    after = await chat.practice.starts(chat.practice.paid, first + week - timedelta(days=first.weekday()))
    await _books(chat, next(at for at in after if at.isocalendar().week != first.isocalendar().week))
    iva = Somebody(chat, IVA)
    full = next(at for at in after[4:] if at.isocalendar().week == (first + week).isocalendar().week)
    await iva.goes(address("move", booking, full))
    iva.sees("Its package gives 1 session a week", "It stays as it is.", "write to the practice")


async def _books(chat: BareChat, at: datetime) -> int:
    iva = await reviews(chat, at)
    await iva.taps("Book it")
    return int(iva.button("Cancel session").to.split("/")[1])
