"""What messages say when they are due, and what they are corrected to when the truth has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.screen import Link, Screen
from bot.chat.words import speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from bot.handlers.kit import failures
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import CLIENT, OWNER, done, made

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def said(chat: BareChat, who: Profile, address: str) -> Screen:
    seen = await chat.notice(who, address)
    assert seen is not None, address
    return seen


async def test_a_reminder_says_what_when_where_and_what_can_be_done(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    seen = await said(chat, IVA, f"remind/{booking.id}/1440")
    text = as_text(seen)
    for each in ("Reminder: Intro with Olga Owner", "(Kyiv) ·", "for Olga Owner (Berlin)", "Video call:"):
        assert each in text
    for each in ("[Move session]", "[Cancel session]", "[Stop these]"):
        assert each in text
    assert "Running late" not in text
    assert "Join the call" not in text
    assert not seen.over
    text = as_text(await said(chat, OWNER, f"remind/{booking.id}/60"))
    assert "Intro with Iva" in text
    assert "[Stop these]" in text


async def test_a_reminder_of_a_cancelled_session_is_over_and_says_so(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    await iva.taps("Cancel session")
    for who, name in ((IVA, "Olga Owner"), (OWNER, "Iva")):
        seen = await said(chat, who, f"remind/{booking.id}/1440")
        assert seen.over
        assert name in as_text(seen)
        assert "cancelled" in as_text(seen)


async def test_a_reminder_after_the_start_is_over(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() + timedelta(minutes=1)).total_seconds())
    assert (await said(chat, IVA, f"remind/{booking.id}/60")).over


async def to_the_start(chat: BareChat, booking: Booking, **left: float) -> None:
    away = booking.starts - chat.practice.now() - timedelta(**left)
    chat.practice.advance(seconds=away.total_seconds())


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
    assert f"{words}Mon 7 Dec, 10:00 (Kyiv)" in as_text(await said(chat, IVA, f"remind/{booking.id}/1440"))


async def test_tomorrow_is_the_readers(chat: BareChat) -> None:
    away = replace(IVA, user_ref="U0AUK", chat_ref="D0AUK", zone="Pacific/Auckland")
    booking = await chat.booked(away)
    await to_the_start(chat, booking, hours=11)
    for who, words in ((OWNER, "Tomorrow: Mon 7 Dec, 09:00 (Berlin)"), (away, "In 11 hours: Mon 7 Dec, 21:00")):
        assert words in as_text(await said(chat, who, f"remind/{booking.id}/1440"))


async def test_a_reminder_has_what_makes_sense_then_and_loses_what_works_no_more(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    early, last = f"remind/{booking.id}/1440", f"remind/{booking.id}/60"

    async def has(address: str, *buttons: str) -> Screen:
        seen = await said(chat, IVA, address)
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


@pytest.mark.parametrize("kind", ["booked", "moved"])
async def test_news_of_a_session_loses_what_works_no_more(chat: BareChat, kind: str) -> None:
    booking = await chat.booked(IVA)
    news = f"notice/{kind}/{booking.id}"

    async def has(who: Profile, *buttons: str) -> None:
        shown = [button.text for row in (await said(chat, who, news)).buttons for button in row]
        for each in ("Move session", "Cancel session", "Propose a time"):
            assert (each in shown) is (each in buttons), shown

    assert (await said(chat, IVA, news)).until == booking.starts - timedelta(hours=12)
    assert (await said(chat, OWNER, news)).until == booking.starts
    await has(IVA, "Move session", "Cancel session")
    await has(OWNER, "Propose a time", "Cancel session")
    await to_the_start(chat, booking, hours=12)
    assert (await said(chat, IVA, news)).until == booking.starts
    await has(IVA, "Cancel session")
    await to_the_start(chat, booking)
    for who in (IVA, OWNER):
        assert (await said(chat, who, news)).until is None
        await has(who)


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
    seen = as_text(await said(chat, IVA, f"remind/{booking.id}/1440"))
    assert "Tomorrow: " in seen
    assert "Move session" not in seen


async def test_stop_these_stops_one_kind_and_can_be_taken_back(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)

    async def pending() -> set[str]:
        rows = await chat.practice.reminders(booking)
        return {address for address, _due, state in rows if state == "pending"}

    iva.screen = await said(chat, IVA, f"remind/{booking.id}/1440")
    await iva.taps("Stop these")
    iva.sees("Reminders from now on: 1 hour before", "Now: 1 hour before")
    assert await pending() == {f"remind/{booking.id}/60"}
    await iva.taps("24 hours and 1 hour before, as usual")
    iva.sees("Reminders from now on: 24 hours and 1 hour before, as usual")
    assert await pending() == {f"remind/{booking.id}/1440", f"remind/{booking.id}/60"}

    for minutes in (60, 1440):
        iva.screen = await said(chat, IVA, f"remind/{booking.id}/{minutes}")
        await iva.taps("Stop these")
    iva.sees("No more reminders", "Now: No reminders")
    assert await pending() == set()
    await iva.taps("24 hours and 1 hour before")
    assert await pending() == {f"remind/{booking.id}/1440", f"remind/{booking.id}/60"}


async def test_a_booking_is_told_to_both_sides(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    receipt = as_text(await said(chat, IVA, f"notice/booked/{booking.id}"))
    for each in ("Booked: Single with Olga Owner", "€45.00, paid", "Free to cancel until", "[Move session]"):
        assert each in receipt
    news = as_text(await said(chat, OWNER, f"notice/booked/{booking.id}"))
    for each in ("New booking: Single with Iva", "paid", "[Propose a time]", "[Cancel session]", "[Message]"):
        assert each in news


async def test_a_move_names_the_old_and_the_new_time(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    await iva.taps(iva.buttons[0].text)
    await iva.taps("Move it")
    news = as_text(await said(chat, OWNER, f"notice/moved/{booking.id}"))
    assert "Moved: Intro with Iva" in news
    assert "Moved from: " in news


async def test_a_cancelled_session_has_no_place_for_its_coach_any_more(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    before = as_text(await said(chat, OWNER, f"notice/booked/{booking.id}"))
    assert "https://meet.example/olga" in before
    await chat.practice.cancel(booking.id, IVA)
    for address in ("notice/cancelled", "notice/booked", "notice/moved", "booking"):
        seen = as_text(await said(chat, OWNER, f"{address}/{booking.id}"))
        assert "Cancelled: Intro with Iva" in seen
        assert "https://meet.example" not in seen


async def test_the_coachs_cancel_comes_with_the_reason_and_three_times(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="A cold")
    await olga.taps("Cancel session" if "[Cancel session]" in olga.text else olga.buttons[0].text)
    seen = await said(chat, IVA, f"notice/cancelled/{booking.id}")
    text = as_text(seen)
    for each in ("Olga Owner cancelled it: “A cold”", "€45.00 goes back", "Free times near it"):
        assert each in text
    reviews = [b for row in seen.buttons for b in row if not isinstance(b, Link) and b.to.startswith("review/")]
    assert len(reviews) == 3
    assert await chat.practice.refunds() == [(4500, "coach")]


async def test_the_message_of_a_hold_follows_it_to_its_end(chat: BareChat) -> None:
    start = await chat.next_start(True)
    held = made(await chat.practice.try_hold(IVA, chat.practice.paid, start, chat.practice.now()))
    first = await said(chat, IVA, f"notice/hold/{held}")
    assert "held until" in as_text(first)
    assert not first.over
    chat.practice.advance(minutes=16)
    await chat.practice.sweep()
    ended = await said(chat, IVA, f"notice/hold/{held}")
    assert ended.over
    assert "[Hold it again]" in as_text(ended)


async def test_the_last_minutes_of_a_hold_and_its_end_are_messages_of_their_own(chat: BareChat) -> None:
    start = await chat.next_start(True)
    held = made(await chat.practice.try_hold(IVA, chat.practice.paid, start, chat.practice.now()))
    chat.practice.advance(minutes=10)
    ending = as_text(await said(chat, IVA, f"notice/hold-ending/{held}"))
    assert ending.splitlines()[1:3] == ["Less than 5 minutes left to pay", "Held: Single with Olga Owner"]
    assert "[Let it go]" in ending
    chat.practice.advance(minutes=6)
    await chat.practice.sweep()
    assert (await said(chat, IVA, f"notice/hold-ending/{held}")).over
    ended = await said(chat, IVA, f"notice/hold-ended/{held}")
    assert not ended.over
    for each in ("The hold has ended", "Nothing was charged", "[Hold it again]"):
        assert each in as_text(ended)
    before = as_text(await said(chat, IVA, f"notice/hold-ended/{held}/before"))
    assert before.startswith("\nNo longer held: Single with Olga Owner\nMon 7 Dec,")
    assert await chat.notice(OWNER, f"notice/hold-ended/{held}") is None


async def test_the_message_of_a_hold_is_corrected_when_it_is_paid(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    seen = await said(chat, IVA, f"notice/hold/{booking.id}")
    assert seen.over
    assert "Single with Olga Owner" not in as_text(seen), "the confirmation says so, and nothing else does"
    assert "[The session]" in as_text(seen)


async def test_how_it_went_is_asked_until_it_is_answered(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.ends - chat.practice.now() + timedelta(minutes=1)).total_seconds())
    olga = Somebody(chat, OWNER)
    olga.screen = await said(chat, OWNER, f"notice/settle/{booking.id}")
    olga.sees("How did it go?", "Intro with Iva")
    await olga.goes(olga.buttons[0].to)
    olga.sees("Settled: held")
    assert (await said(chat, OWNER, f"notice/settle/{booking.id}")).over


async def test_messages_about_money_say_what_is_safe(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    for kind, words in (
        ("paid-late", "goes back to the card"),
        ("paid-twice", "Your session is not affected"),
        ("refunded", "goes back"),
        ("refund-failed", "It is still yours"),
    ):
        assert words in as_text(await said(chat, IVA, f"notice/{kind}/{booking.id}"))
        assert "Single with Iva" in as_text(await said(chat, OWNER, f"notice/{kind}/{booking.id}"))


async def test_money_for_what_the_practice_cancelled_names_that(chat: BareChat) -> None:
    held = await chat.practice.hold(await chat.next_start(paid=True), IVA)
    await chat.practice.cancel(held.id, OWNER)
    for page in (f"booking/{held.id}", f"notice/cancelled/{held.id}"):
        assert "Nothing was charged." in as_text(await said(chat, IVA, page))
    seen = as_text(await said(chat, IVA, f"notice/paid-late/{held.id}"))
    assert "Olga Owner cancelled it: “ill” Your payment came after that." in seen
    assert "someone else" not in seen
    seen = as_text(await said(chat, OWNER, f"notice/paid-late/{held.id}"))
    assert "€45.00 arrived after the time had been cancelled." in seen


async def test_what_is_no_longer_so_is_gone(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    assert await chat.notice(IVA, "gone") is None
    assert await chat.notice(IVA, "zone-follow") is None
    assert await chat.notice(IVA, "owners") is None
    assert await chat.notice(IVA, f"notice/undeliverable/{booking.id}") is None
    assert "cannot be reached" in as_text(await said(chat, OWNER, f"notice/undeliverable/{booking.id}"))
    assert await chat.notice(IVA, f"notice/unsure/{booking.id}") is None
    assert "may be lost" in as_text(await said(chat, OWNER, f"notice/unsure/{booking.id}"))


async def test_whoever_waited_is_told_of_free_times(chat: BareChat) -> None:
    assert "[See all times]" in as_text(await said(chat, IVA, f"free/{chat.practice.free.id}"))
    offer = chat.practice.free
    done(await chat.desk.offers.pause(await chat.practice.act(OWNER), offer.id, offer.version))
    assert await chat.notice(IVA, f"free/{offer.id}") is None


async def test_another_zone_of_the_profile_is_offered(chat: BareChat) -> None:
    await chat.practice.meet(IVA, chat.practice.now())
    moved = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="America/New_York")
    await chat.desk.people.follow_profile(moved, chat.practice.now())
    iva = Somebody(chat, IVA)
    iva.screen = await said(chat, IVA, "zone-follow")
    iva.sees("New York", "Kyiv")
    await iva.taps("Use ")
    iva.sees("Time zone: New York")
    assert await chat.notice(IVA, "zone-follow") is None


async def test_the_practice_never_reads_of_a_client_who_is_somebody_else(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    for kind in ("booked", "moved", "cancelled", "hold", "settle", "refunded"):
        seen = await chat.notice(CLIENT, f"notice/{kind}/{booking.id}")
        assert seen is not None
        with speaking("de"):
            assert seen.title == failures.missing().title
