"""After a session: one message that thanks and offers the next, and what the page of a past session says."""

from datetime import timedelta

from bot.domain.bookings.bookings import Booking, Outcome
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER, done

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def over(chat: BareChat, outcome: Outcome | None = None, *, paid: bool = False) -> Booking:
    booking = await (chat.paid(IVA) if paid else chat.booked(IVA))
    chat.practice.advance(seconds=(booking.ends - chat.practice.now() + timedelta(hours=3)).total_seconds())
    if outcome is not None:
        till = chat.practice
        act = await till.act(OWNER, till.now())
        done(await chat.desk.day.settle(act, booking.id, (await till.found(booking.id)).version, outcome))
    return booking


async def thanked(chat: BareChat, booking: Booking) -> str | None:
    seen = await chat.notice(IVA, f"notice/thanks/{booking.id}")
    return None if seen is None or seen.over else as_text(seen)


async def test_one_message_thanks_and_offers_the_next(chat: BareChat) -> None:
    booking = await over(chat, paid=True)
    [(person, address, _state)] = await chat.practice.notices("thanks")
    assert (person, address) == (booking.person_id, f"notice/thanks/{booking.id}")
    text = await thanked(chat, booking)
    assert text is not None
    for words in ("Thank you for your session with Olga Owner", "[Same as last time: ", "[Book again]", "[Stop these]"):
        assert words in text
    await chat.practice.book(await chat.next_start(), IVA, chat.practice.now())
    text = await thanked(chat, booking)
    assert text is not None
    assert "Your next session: Intro with Olga Owner" in text
    assert "Would you like to book" not in text


async def test_it_comes_not_after_a_no_show_or_a_cancel_and_not_to_whoever_stopped_it(chat: BareChat) -> None:
    assert await thanked(chat, await over(chat, Outcome.NO_SHOW)) is None
    cancelled = await chat.booked(IVA)
    await chat.practice.cancel(cancelled.id, IVA)
    assert [state for _who, at, state in await chat.practice.notices("thanks") if at.endswith(f"/{cancelled.id}")] == [
        "cancelled"
    ]
    booking = await over(chat, Outcome.TOOK_PLACE)
    iva = Somebody(chat, IVA)
    await iva.goes(f"notice/thanks/{booking.id}")
    await iva.taps("Stop these")
    iva.sees("No more messages after a session", "24 hours and 1 hour before, as usual")
    assert await thanked(chat, booking) is None
    await iva.taps("Write to me after a session again")
    assert await thanked(chat, booking) is not None


async def test_a_past_session_says_how_it_ended_and_what_was_paid(chat: BareChat) -> None:
    booking, iva = await over(chat, paid=True), Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    iva.sees("Olga Owner has not noted yet how it went.", "€45.00, paid")
    await over(chat, Outcome.LATE)
    await over(chat, Outcome.NO_SHOW)
    dropped = await chat.booked(IVA)
    await chat.practice.cancel(dropped.id, IVA)
    chat.practice.advance(days=10)
    await iva.goes("past")
    iva.sees("It took place; you were late.", "You were not there.", "You cancelled it: “ill”", "€45.00, paid")
