"""What messages say when they are due, and what they are corrected to when the truth has changed."""

from datetime import timedelta

import pytest

from bot.chat.screen import Link
from bot.chat.words import speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from bot.handlers.kit import failures
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import CLIENT, OWNER, done, made

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def to_the_start(chat: BareChat, booking: Booking, **left: float) -> None:
    away = booking.starts - chat.practice.now() - timedelta(**left)
    chat.practice.advance(seconds=away.total_seconds())


@pytest.mark.parametrize("kind", ["booked", "moved"])
async def test_news_of_a_session_loses_what_works_no_more(chat: BareChat, kind: str) -> None:
    booking = await chat.booked(IVA)
    news = f"notice/{kind}/{booking.id}"

    async def has(who: Profile, *buttons: str) -> None:
        shown = [button.text for row in (await chat.told(who, news)).buttons for button in row]
        for each in ("Move session", "Cancel session", "Propose a time"):
            assert (each in shown) is (each in buttons), shown

    assert (await chat.told(IVA, news)).until == booking.starts - timedelta(hours=12)
    assert (await chat.told(OWNER, news)).until == booking.starts
    await has(IVA, "Move session", "Cancel session")
    await has(OWNER, "Propose a time", "Cancel session")
    await to_the_start(chat, booking, hours=12)
    assert (await chat.told(IVA, news)).until == booking.starts
    await has(IVA, "Cancel session")
    await to_the_start(chat, booking)
    for who in (IVA, OWNER):
        assert (await chat.told(who, news)).until is None
        await has(who)


async def test_a_booking_is_told_to_both_sides(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    receipt = await chat.reads(IVA, f"notice/booked/{booking.id}")
    for each in ("Booked: Single with Olga Owner", "€45.00, paid", "Free to cancel until", "[Move session]"):
        assert each in receipt
    news = await chat.reads(OWNER, f"notice/booked/{booking.id}")
    for each in ("New booking: Single with Iva", "paid", "[Propose a time]", "[Cancel session]", "[Message]"):
        assert each in news


async def test_a_move_names_the_old_and_the_new_time(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    await iva.taps(iva.buttons[0].text)
    await iva.taps("Move it")
    news = await chat.reads(OWNER, f"notice/moved/{booking.id}")
    assert "Moved: Intro with Iva" in news
    assert "Moved from: " in news


async def test_a_cancelled_session_has_no_place_for_its_coach_any_more(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    before = await chat.reads(OWNER, f"notice/booked/{booking.id}")
    assert "https://meet.example/olga" in before
    await chat.practice.cancel(booking.id, IVA)
    for address in ("notice/cancelled", "notice/booked", "notice/moved", "booking"):
        seen = await chat.reads(OWNER, f"{address}/{booking.id}")
        assert "Cancelled: Intro with Iva" in seen
        assert "https://meet.example" not in seen


async def test_the_coachs_cancel_comes_with_the_reason_and_three_times(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="A cold")
    await olga.taps("Cancel session" if "[Cancel session]" in olga.text else olga.buttons[0].text)
    seen = await chat.told(IVA, f"notice/cancelled/{booking.id}")
    text = as_text(seen)
    for each in ("Olga Owner cancelled it: “A cold”", "€45.00 goes back", "Free times near it"):
        assert each in text
    reviews = [b for row in seen.buttons for b in row if not isinstance(b, Link) and b.to.startswith("review/")]
    assert len(reviews) == 3
    assert await chat.practice.refunds() == [(4500, "coach")]


async def test_the_message_of_a_hold_follows_it_to_its_end(chat: BareChat) -> None:
    start = await chat.next_start(True)
    held = made(await chat.practice.try_hold(IVA, chat.practice.paid, start, chat.practice.now()))
    first = await chat.told(IVA, f"notice/hold/{held}")
    assert "held until" in as_text(first)
    assert not first.over
    chat.practice.advance(minutes=16)
    await chat.practice.sweep()
    ended = await chat.told(IVA, f"notice/hold/{held}")
    assert ended.over
    assert "[Hold it again]" in as_text(ended)


async def test_the_last_minutes_of_a_hold_and_its_end_are_messages_of_their_own(chat: BareChat) -> None:
    start = await chat.next_start(True)
    held = made(await chat.practice.try_hold(IVA, chat.practice.paid, start, chat.practice.now()))
    chat.practice.advance(minutes=10)
    ending = await chat.reads(IVA, f"notice/hold-ending/{held}")
    assert ending.splitlines()[1:3] == ["Less than 5 minutes left to pay", "Held: Single with Olga Owner"]
    assert "[Let it go]" in ending
    chat.practice.advance(minutes=6)
    await chat.practice.sweep()
    assert (await chat.told(IVA, f"notice/hold-ending/{held}")).over
    ended = await chat.told(IVA, f"notice/hold-ended/{held}")
    assert not ended.over
    for each in ("The hold has ended", "Nothing was charged", "[Hold it again]"):
        assert each in as_text(ended)
    before = await chat.reads(IVA, f"notice/hold-ended/{held}/before")
    assert before.startswith("\nNo longer held: Single with Olga Owner\nMon 7 Dec,")
    assert await chat.notice(OWNER, f"notice/hold-ended/{held}") is None


async def test_the_message_of_a_hold_is_corrected_when_it_is_paid(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    seen = await chat.told(IVA, f"notice/hold/{booking.id}")
    assert seen.over
    assert "Single with Olga Owner" not in as_text(seen), "the confirmation says so, and nothing else does"
    assert "[The session]" in as_text(seen)


async def test_how_it_went_is_asked_until_it_is_answered(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.ends - chat.practice.now() + timedelta(minutes=1)).total_seconds())
    olga = Somebody(chat, OWNER)
    olga.screen = await chat.told(OWNER, f"notice/settle/{booking.id}")
    olga.sees("How did it go?", "Intro with Iva")
    await olga.goes(olga.buttons[0].to)
    olga.sees("Settled: held")
    assert (await chat.told(OWNER, f"notice/settle/{booking.id}")).over


async def test_messages_about_money_say_what_is_safe(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    for kind, words in (
        ("paid-late", "goes back to the card"),
        ("paid-twice", "Your session is not affected"),
        ("refunded", "goes back"),
        ("refund-failed", "It is still yours"),
    ):
        assert words in await chat.reads(IVA, f"notice/{kind}/{booking.id}")
        assert "Single with Iva" in await chat.reads(OWNER, f"notice/{kind}/{booking.id}")


async def test_money_for_what_the_practice_cancelled_names_that(chat: BareChat) -> None:
    held = await chat.practice.hold(await chat.next_start(paid=True), IVA)
    await chat.practice.cancel(held.id, OWNER)
    for page in (f"booking/{held.id}", f"notice/cancelled/{held.id}"):
        assert "Nothing was charged." in await chat.reads(IVA, page)
    seen = await chat.reads(IVA, f"notice/paid-late/{held.id}")
    assert "Olga Owner cancelled it: “ill” Your payment came after that." in seen
    assert "someone else" not in seen
    seen = await chat.reads(OWNER, f"notice/paid-late/{held.id}")
    assert "€45.00 arrived after the time had been cancelled." in seen


async def test_what_is_no_longer_so_is_gone(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    assert await chat.notice(IVA, "gone") is None
    assert await chat.notice(IVA, "zone-follow") is None
    assert await chat.notice(IVA, "owners") is None
    assert await chat.notice(IVA, f"notice/undeliverable/{booking.id}") is None
    assert "cannot be reached" in await chat.reads(OWNER, f"notice/undeliverable/{booking.id}")
    assert await chat.notice(IVA, f"notice/unsure/{booking.id}") is None
    assert "may be lost" in await chat.reads(OWNER, f"notice/unsure/{booking.id}")


async def test_whoever_waited_is_told_of_free_times(chat: BareChat) -> None:
    assert "[See all times]" in await chat.reads(IVA, f"free/{chat.practice.free.id}")
    offer = chat.practice.free
    done(await chat.desk.offers.pause(await chat.practice.act(OWNER), offer.id, offer.version))
    assert await chat.notice(IVA, f"free/{offer.id}") is None


async def test_another_zone_of_the_profile_is_offered(chat: BareChat) -> None:
    await chat.practice.meet(IVA, chat.practice.now())
    moved = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="America/New_York")
    await chat.desk.people.follow_profile(moved, chat.practice.now())
    iva = Somebody(chat, IVA)
    iva.screen = await chat.told(IVA, "zone-follow")
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
