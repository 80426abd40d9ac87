"""Reminders of a session: what they say when they come, and what becomes of their buttons."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.screen import Screen
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.bookings.test_notices import IVA, to_the_start
from tests.services.bare_practice import OWNER


async def test_a_reminder_says_what_when_where_and_what_can_be_done(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    seen = await chat.told(IVA, f"remind/{booking.id}/1440")
    text = as_text(seen)
    for each in ("Reminder: Intro with Olga Owner", "(Kyiv) ·", "for Olga Owner (Berlin)", "Video call:"):
        assert each in text
    for each in ("[Move session]", "[Cancel session]", "[Stop these]"):
        assert each in text
    assert "Running late" not in text
    assert "Join the call" not in text
    assert not seen.over
    text = await chat.reads(OWNER, f"remind/{booking.id}/60")
    assert "Intro with Iva" in text
    assert "[Stop these]" in text


async def test_a_reminder_of_a_cancelled_session_is_over_and_says_so(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    await iva.taps("Cancel session")
    for who, name in ((IVA, "Olga Owner"), (OWNER, "Iva")):
        seen = await chat.told(who, f"remind/{booking.id}/1440")
        assert seen.over
        assert name in as_text(seen)
        assert "cancelled" in as_text(seen)


async def test_a_reminder_after_the_start_is_over(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() + timedelta(minutes=1)).total_seconds())
    assert (await chat.told(IVA, f"remind/{booking.id}/60")).over


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"hours": 26}, "Tomorrow: "), ({"minutes": 61}, "In one hour: "), ({"minutes": 40}, "In 40 minutes: "),
        ({"hours": 7}, "In 7 hours: "), ({"minutes": 90}, "In 90 minutes: "),
        ({"minutes": 1}, "In 1 minute: "), ({"hours": 50}, "The day after tomorrow: "),
    ],
)  # fmt: skip
async def test_a_reminder_says_how_far_away_it_is(chat: BareChat, left: dict[str, float], words: str) -> None:
    """As of when it comes, on its reader's calendar, however late that is."""
    booking = await chat.booked(IVA)
    await to_the_start(chat, booking, **left)
    assert f"{words}Mon 7 Dec, 10:00 (Kyiv)" in await chat.reads(IVA, f"remind/{booking.id}/1440")


async def test_tomorrow_is_the_readers(chat: BareChat) -> None:
    away = replace(IVA, user_ref="U0AUK", chat_ref="D0AUK", zone="Pacific/Auckland")
    booking = await chat.booked(away)
    await to_the_start(chat, booking, hours=11)
    for who, words in ((OWNER, "Tomorrow: Mon 7 Dec, 09:00 (Berlin)"), (away, "In 11 hours: Mon 7 Dec, 21:00")):
        assert words in await chat.reads(who, f"remind/{booking.id}/1440")


async def test_a_reminder_has_what_makes_sense_then_and_loses_what_works_no_more(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    early, last = f"remind/{booking.id}/1440", f"remind/{booking.id}/60"

    async def has(address: str, *buttons: str) -> Screen:
        seen = await chat.told(IVA, address)
        assert [button.text for row in seen.buttons for button in row] == list(buttons)
        return seen

    await to_the_start(chat, booking, hours=26)
    seen = await has(early, "Move session", "Cancel session", "Stop these")
    assert "Free to cancel until Sun 6 Dec, 10:00 (Kyiv)" in as_text(seen)
    assert seen.until == booking.starts - timedelta(hours=12)
    await to_the_start(chat, booking, hours=12)
    seen = await has(early, "Cancel session", "Stop these")
    assert seen.until == booking.starts
    await to_the_start(chat, booking, minutes=60)
    seen = await has(last, "Join the call", "Running late", "Cancel session", "Stop these")
    assert seen.until == booking.starts
    await to_the_start(chat, booking)
    assert (await has(early, "The session")).until is None
    assert (await has(last, "Join the call", "Running late", "The session")).until == booking.ends
    await to_the_start(chat, booking, minutes=-60)
    assert (await has(last, "The session")).until is None


async def test_the_page_says_running_late_when_the_reminder_does(chat: BareChat) -> None:
    booking, iva = await chat.booked(IVA), Somebody(chat, IVA)
    for left, there in ((61, False), (60, True), (-49, True), (-51, False)):
        await to_the_start(chat, booking, minutes=left)
        await iva.goes(f"booking/{booking.id}")
        assert ("[Running late]" in iva.text) is there, left


async def test_a_reminder_that_is_drawn_again_says_what_it_said_when_it_came(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    await to_the_start(chat, booking, hours=24)
    mine = (tables.outbox.c.address == f"remind/{booking.id}/1440", tables.outbox.c.person_id == booking.person_id)
    came = {"state": "sent", "sent_at": int(chat.practice.now().timestamp())}
    out = sa.update(tables.outbox).where(*mine).values(**came)
    await chat.practice.storage.write(lambda tx: tx.execute(out))
    await to_the_start(chat, booking, hours=11)
    seen = await chat.reads(IVA, f"remind/{booking.id}/1440")
    assert "Tomorrow: " in seen
    assert "Move session" not in seen


async def test_stop_these_stops_one_kind_and_can_be_taken_back(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)

    async def pending() -> set[str]:
        rows = await chat.practice.reminders(booking)
        return {address for address, _due, state in rows if state == "pending"}

    iva.screen = await chat.told(IVA, f"remind/{booking.id}/1440")
    await iva.taps("Stop these")
    iva.sees("Reminders from now on: 1 hour before", "Now: 1 hour before")
    assert await pending() == {f"remind/{booking.id}/60"}
    await iva.taps("24 hours and 1 hour before, as usual")
    iva.sees("Reminders from now on: 24 hours and 1 hour before, as usual")
    assert await pending() == {f"remind/{booking.id}/1440", f"remind/{booking.id}/60"}

    for minutes in (60, 1440):
        iva.screen = await chat.told(IVA, f"remind/{booking.id}/{minutes}")
        await iva.taps("Stop these")
    iva.sees("No more reminders", "Now: No reminders")
    assert await pending() == set()
    await iva.taps("24 hours and 1 hour before")
    assert await pending() == {f"remind/{booking.id}/1440", f"remind/{booking.id}/60"}
