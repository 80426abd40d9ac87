"""The reason is that of the very thing that was asked for, and what can be had instead stands beside it."""

from datetime import date, datetime, timedelta

import pytest

from bot.chat.address import address
from bot.handlers.bookings import time_pages
from bot.services.team.invitations import Invited
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.bookings.test_book import IN_KYIV, second_coach
from tests.handlers.conversation.test_typed_words import THEO
from tests.services.bare_practice import OWNER, made


def weekday(chat: BareChat, number: int, weeks: int = 1) -> date:
    today = chat.practice.now().date()
    return today + timedelta(days=7 * weeks + number - today.weekday())


def at(day: date, clock: str) -> str:
    """In Kyiv, an hour ahead of the coach in Vienna."""
    return f"{datetime.fromisoformat(f'{day}T{clock}') - timedelta(hours=2):%Y%m%dT%H%MZ}"


@pytest.mark.parametrize(
    ("weekday_", "weeks", "words"),
    [
        (6, 1, "there are no hours"),
        (1, 30, "June 2027 is too far ahead to be booked yet"),
        (0, -3, "the hours have passed"),
    ],
)
async def test_a_day_without_a_free_time_says_why(chat: BareChat, weekday_: int, weeks: int, words: str) -> None:
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(time_pages.of_booking(chat.practice.free.id, 0).on(weekday(chat, weekday_, weeks)))
    iva.sees(words)
    assert "taken" not in iva.text
    assert any(button.to.startswith("review/") for button in iva.buttons)


async def test_days_beyond_the_horizon_are_not_said_to_be_taken(chat: BareChat) -> None:
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(time_pages.of_booking(chat.practice.free.id, 0).since(weekday(chat, 0, 30)))
    iva.sees("too far ahead to be booked yet", "Nearest free times:", "[See all times]")


@pytest.mark.parametrize(
    ("weekday_", "weeks", "clock", "words"),
    [
        (1, 1, "03:00", "03:00 (Kyiv) is outside the hours."),
        (1, 1, "10:07", "10:07 (Kyiv) is between two starting times."),
        (6, 1, "10:00", "There are no hours on Sun"),
        (1, 12, "10:00", "Tuesday, 23 February 2027 is too far ahead to be booked yet."),
        (1, -1, "10:00", "10:00 (Kyiv) has passed."),
    ],
)
async def test_a_time_that_is_not_free_says_why(
    chat: BareChat, weekday_: int, weeks: int, clock: str, words: str
) -> None:
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(f"review/{chat.practice.free.id}/0/{at(weekday(chat, weekday_, weeks), clock)}")
    iva.sees("Not free", words, "Nearest free times:")


async def test_what_somebody_else_has_is_taken_and_was_not_just_taken(chat: BareChat) -> None:
    booking, iva = await chat.booked(), Somebody(chat, IN_KYIV)
    after = booking.starts + timedelta(minutes=booking.terms.length_min)
    await iva.goes(address("review", booking.offer_id, booking.coach_id, booking.starts))
    iva.sees("is taken.", "Nearest free times:")
    assert "just" not in iva.text
    await iva.goes(address("review", booking.offer_id, booking.coach_id, after))
    iva.sees("is too close to another session.")


@pytest.mark.parametrize("coach", ["the coach", "anybody"])
async def test_ones_own_hold_leads_to_it(chat: BareChat, coach: str) -> None:
    iva, start = Somebody(chat, IN_KYIV), await chat.next_start(paid=True)
    who = chat.practice.coach_id if coach == "the coach" else 0
    review = address("review", chat.practice.paid.id, who, start)
    await iva.goes(review)
    hold = iva.button("Hold and pay").to
    await iva.goes(hold)
    iva.sees("Held:")
    await iva.goes(review)
    iva.sees("Held:", "[Let it go]")
    await iva.goes(hold)
    iva.sees("Held:")


async def test_a_session_is_not_moved_to_where_it_is(chat: BareChat) -> None:
    iva, olga = Somebody(chat, IN_KYIV), Somebody(chat, OWNER)
    booking = await chat.booked(IN_KYIV)
    await iva.goes(address("move", booking.id, booking.starts))
    iva.sees("Not free", "The session is at", "already.")
    await olga.goes(address("propose", booking.id, booking.starts))
    olga.sees("The session is at", "already.", "Nearest free times:")
    assert not any(button.text == "Ask" for button in olga.buttons)
    await olga.goes(address("propose", booking.id, booking.starts.date()))
    assert all(button.to != address("propose", booking.id, booking.starts) for button in olga.buttons)
    await olga.goes(address("propose", booking.id, booking.starts - timedelta(hours=8)))
    olga.sees("is outside the hours.")


async def test_an_offer_that_the_coach_does_not_give(chat: BareChat) -> None:
    till = chat.practice
    await second_coach(chat)
    invited = await chat.desk.invitations.invite(await till.act(OWNER, till.now()))
    assert isinstance(invited, Invited)
    theo = made(await chat.desk.invitations.accept(await till.act(THEO, till.now()), invited.token))
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(address("review", till.free.id, theo, await chat.next_start()))
    iva.sees("This coach does not give these sessions.")
