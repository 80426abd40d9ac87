"""A coach is ill: no client is sent to the same day, and all that is left of it is cancelled and closed in one act."""

from datetime import datetime, timedelta

from bot.domain.bookings.bookings import BookingState
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER, done

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def offered_times(somebody: Somebody) -> list[datetime]:
    buttons = [button.to.split("/")[-1] for button in somebody.buttons if button.to.startswith("review/")]
    return [datetime.strptime(f"{at}+0000", "%Y%m%dT%H%MZ%z") for at in buttons]


async def is_ill(chat: BareChat, who: Profile, booking: int, reason: str = "I am ill") -> Somebody:
    """The page that asks once more."""
    somebody = Somebody(chat, who)
    await somebody.goes(f"coach-cancel/{booking}")
    await somebody.fills(reason=reason)
    return somebody


async def test_who_is_ill_is_not_offered_again_on_the_same_day(chat: BareChat) -> None:
    for reason in ("I am ill", "I have a fever"):
        booking, iva = await chat.booked(IVA), Somebody(chat, IVA)
        olga = await is_ill(chat, OWNER, booking.id, reason)
        olga.sees("three other times")
        await olga.taps("Cancel session")
        told = await chat.notice(IVA, f"notice/cancelled/{booking.id}")
        assert told is not None
        iva.screen = told
        times = await offered_times(iva)
        assert len(times) == 3
        assert all(at.date() > booking.starts.date() for at in times), times
        await iva.taps("Book again")
        first = (booking.starts + timedelta(days=1)).date()
        assert iva.screen.address == f"days/{booking.offer_id}/{booking.coach_id}/{first}"


async def test_another_reason_still_offers_the_times_beside_it(chat: BareChat) -> None:
    booking, iva = await chat.booked(IVA), Somebody(chat, IVA)
    olga = await is_ill(chat, OWNER, booking.id, "Something came up")
    assert "rest of the day" not in olga.text
    await olga.taps("Cancel session")
    told = await chat.notice(IVA, f"notice/cancelled/{booking.id}")
    assert told is not None
    iva.screen = told
    assert {at.date() for at in await offered_times(iva)} == {booking.starts.date()}


async def test_the_rest_of_the_day_is_listed_and_closed_by_one_tap(chat: BareChat) -> None:
    first = await chat.paid(IVA)
    second = await chat.practice.book(first.starts + timedelta(hours=1), THEO, chat.practice.now())
    olga = await is_ill(chat, OWNER, first.id)
    olga.sees("1 more session is booked on")
    await olga.taps("The whole rest of the day")
    olga.sees("Single with Iva: cancelled, €45.00 goes back", "Intro with Theo: cancelled", "09:00–12:00",
              "Your reason: I am ill", "[Only the one session] [Keep all]")  # fmt: skip
    assert (await chat.practice.found(first.id)).state is BookingState.CONFIRMED
    yes = olga.button("Close the day, cancel 2").to
    await olga.goes(yes)
    olga.sees("Closed. These are told: Iva, Theo.", "is closed", "[My hours]")
    for booking, who in ((first, IVA), (second, THEO)):
        assert (await chat.practice.found(booking.id)).state is BookingState.CANCELLED
        told = await chat.notice(who, f"notice/cancelled/{booking.id}")
        assert told is not None
        assert "Olga Owner cancelled it: “I am ill”" in as_text(told)
        assert "Free times near it" in as_text(told)
    await olga.goes(yes)
    olga.sees("is closed")
    assert "Something has changed" not in olga.text
    await olga.goes("hours")
    await olga.taps("Undo the last change")
    await olga.taps("Undo")
    assert (await chat.practice.coach(chat.practice.coach_id)).schedule.days == {}


async def test_a_day_on_which_a_session_moved_meanwhile_is_shown_again(chat: BareChat) -> None:
    first = await chat.paid(IVA)
    second = await chat.practice.book(first.starts + timedelta(hours=1), THEO, chat.practice.now())
    olga = await is_ill(chat, OWNER, first.id)
    await olga.taps("The whole rest of the day")
    away = second.starts + timedelta(days=1)
    done(await chat.practice.move(THEO, second, away, chat.practice.now()))
    await olga.taps("Close the day, cancel 2")
    olga.sees("Something has changed since I sent that", "Single with Iva", "[Close the day, cancel 1]")
    assert (await chat.practice.found(first.id)).state is BookingState.CONFIRMED
    await olga.taps("Close the day, cancel 1")
    olga.sees("Closed. These are told: Iva.")
    assert (await chat.practice.found(second.id)).state is BookingState.CONFIRMED


async def test_the_only_session_of_a_day_leaves_the_hours_to_close(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    olga = await is_ill(chat, OWNER, booking.id)
    olga.sees("More can be booked on")
    await olga.taps("Cancel session")
    await olga.goes(f"coach-cancel/{booking.id}")
    assert "rest of the day" not in olga.text


async def test_an_owner_closes_the_day_of_another_coach(chat: BareChat) -> None:
    ana = await ana_coaches(chat)
    booking = await chat.paid(IVA)
    olga = await is_ill(chat, OWNER, booking.id, "Ana María is ill")
    await olga.taps("The whole rest of the day")
    olga.sees("for Ana María?", "Ana María reads that it was you")
    await olga.taps("Close the day, cancel 1")
    olga.sees("is closed for Ana María")
    assert "[My hours]" not in olga.text
    told = await chat.notice(IVA, f"notice/cancelled/{booking.id}")
    assert told is not None
    assert "Olga Owner cancelled it for the practice: “Ana María is ill”" in as_text(told)
    [(_person, address, _state)] = await chat.practice.notices("day-closed")
    seen = await chat.notice(ANA, address)
    assert seen is not None
    for words in ("Olga Owner closed the rest of", "“Ana María is ill”", "Single with Iva: cancelled", "[My hours]"):
        assert words in as_text(seen)
    assert await chat.notice(OWNER, address) is None
    assert not (await chat.practice.coach(ana)).schedule.on(booking.starts.date())


async def test_nobody_else_closes_a_day(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    olga = await is_ill(chat, OWNER, booking.id)
    day = olga.button("The whole rest of the day").to
    await olga.goes(day)
    close = olga.button("Close the day").to
    for address in (day, close):
        theo = Somebody(chat, THEO)
        await theo.goes(address)
        theo.sees("This is no longer here")
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_a_hold_that_ended_with_the_day_does_not_say_that_it_was_let_go(chat: BareChat) -> None:
    held = await chat.practice.hold(await chat.next_start(True), IVA)
    booked = await chat.practice.book(held.starts + timedelta(hours=1), THEO, chat.practice.now())
    olga = await is_ill(chat, OWNER, booked.id)
    await olga.taps("The whole rest of the day")
    olga.sees("Single with Iva: cancelled, was not paid yet")
    await olga.taps("Close the day, cancel 2")
    seen = await chat.notice(IVA, f"notice/hold/{held.id}")
    assert seen is not None
    assert "Olga Owner cancelled it: “I am ill”" in as_text(seen)
    assert "free for others" not in as_text(seen)
