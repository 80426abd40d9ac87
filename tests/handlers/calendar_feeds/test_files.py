"""A session is taken into a calendar from its page and its messages; after a move there is a new file."""

from datetime import timedelta
from typing import Any

import vobject

from bot.chat.screen import Screen
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.team.test_handing_over import removed
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER
from tests.services.plans.planning_practice import Planning

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
BY_HAND = "remove it there by hand"


def calendar(screen: Screen | None) -> Any:
    assert screen is not None
    assert screen.file is not None
    assert screen.file.name.endswith(".ics")
    return vobject.readOne(screen.file.data.decode())


async def takes(chat: BareChat, who: Profile, booking: Booking) -> Screen:
    somebody = Somebody(chat, who)
    await somebody.goes(f"booking/{booking.id}")
    return await somebody.taps("Add to calendar")


async def moves(chat: BareChat, booking: Booking) -> Booking:
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    await iva.taps(iva.buttons[0].text)
    await iva.taps("Move it")
    iva.sees("Moved, and I am letting Olga Owner know.")
    return await chat.practice.found(booking.id)


async def test_it_comes_as_a_file_and_as_a_page_of_google(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    shown = await takes(chat, IVA, booking)
    event = calendar(shown).vevent
    assert (event.summary.value, event.dtstart.value) == ("Intro with Olga Owner", booking.starts)
    assert "You have it as a file in our chat." in as_text(shown)
    iva = Somebody(chat, IVA)
    await iva.goes(f"calendar-file/{booking.id}")
    [link] = iva.links
    assert link.url.startswith("https://calendar.google.com/calendar/render?action=TEMPLATE&")


async def test_every_message_that_a_session_stands_leads_there(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    for who in (IVA, OWNER):
        for kind in ("booked", "moved"):
            assert "[Add to calendar]" in await chat.reads(who, f"notice/{kind}/{booking.id}")
    chat.practice.advance(seconds=(booking.starts - chat.practice.now()).total_seconds())
    for who in (IVA, OWNER):
        assert "[Add to calendar]" not in await chat.reads(who, f"notice/booked/{booking.id}")


async def test_a_coach_takes_it_without_the_name_until_they_wish_for_it(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    event = calendar(await takes(chat, OWNER, booking)).vevent
    assert event.summary.value == "Intro"
    assert "Iva" not in event.description.value
    olga = Somebody(chat, OWNER)
    await olga.goes("calendar")
    await olga.taps("Show clients' names")
    assert calendar(await takes(chat, OWNER, booking)).vevent.summary.value == "Intro with Iva"


async def test_after_a_move_who_took_a_file_gets_a_new_one(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    before = calendar(await takes(chat, IVA, booking)).vevent
    later = await moves(chat, booking)
    [(person, to, state)] = await chat.practice.notices("calendar-file")
    assert (person, state) == (booking.person_id, "pending")
    told = await chat.told(IVA, to)
    event = calendar(told).vevent
    assert event.uid.value == before.uid.value
    assert int(event.sequence.value) > int(before.sequence.value)
    assert event.dtstart.value == later.starts
    assert "Add it again with this file" in as_text(told)
    assert "Iva" not in await chat.reads(OWNER, to)  # nobody else's
    await moves(chat, later)
    old = await chat.told(IVA, to)
    assert old.over
    assert old.file is None
    assert "out of date" in as_text(old)
    assert [each[2] for each in await chat.practice.notices("calendar-file")] == ["cancelled", "pending"]


async def test_who_took_none_gets_none(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    await moves(chat, booking)
    assert await chat.practice.notices("calendar-file") == []
    await chat.practice.cancel(booking.id, IVA)
    assert BY_HAND not in await chat.reads(IVA, f"booking/{booking.id}")


async def test_after_a_cancel_there_is_no_file_and_the_entry_is_left_to_its_owner(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    for who in (IVA, OWNER):
        await takes(chat, who, booking)
    await chat.practice.cancel(booking.id, IVA)
    for who in (IVA, OWNER):
        said = await chat.reads(who, f"notice/cancelled/{booking.id}")
        assert BY_HAND in said
        assert "[Add to calendar]" not in said
        somebody = Somebody(chat, who)
        assert (await somebody.goes(f"calendar-file/{booking.id}")).file is None
        assert BY_HAND in somebody.text


async def test_nobody_else_takes_it(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    ana = Somebody(chat, ANA)
    assert (await ana.goes(f"calendar-file/{booking.id}")).file is None
    assert "Intro" not in ana.text


async def test_all_dates_of_a_plan_are_one_file(chat: BareChat) -> None:
    planning, iva = Planning(chat.practice), Somebody(chat, IVA)
    await planning.give(5, who=IVA)
    await iva.goes("packages")
    for tap in ("Plan 5 sessions", "Wednesday", "10:00", "Book 5 sessions", "Add to calendar"):
        await iva.taps(tap)
    events = calendar(iva.screen).vevent_list
    assert len(events) == len({each.uid.value for each in events}) == 5
    assert not iva.links
    first = await chat.practice.found(1)
    assert first.client_filed
    assert len(calendar(await chat.told(OWNER, "calendar-plan/1")).vevent_list) == 5


async def test_the_way_back_from_a_calendar_leads_to_the_session(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    turn = await Somebody(chat, IVA).turn()
    to = await chat.desk.sharing.resolve(f"session-{booking.id}", turn.person, turn.now)
    assert to == f"booking/{booking.id}"
    for payload in ("session-", "session-x", "session--1", f"session-{10**13}", "session-١"):
        assert await chat.desk.sharing.resolve(payload, turn.person, turn.now + timedelta()) is None


async def test_who_takes_a_session_over_has_no_file_of_it_yet(chat: BareChat) -> None:
    await ana_coaches(chat)
    booking = await chat.paid(IVA, timedelta(days=6))
    for who in (IVA, ANA):
        await takes(chat, who, booking)
    await removed(chat, booking)
    iva = Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Answer")
    await iva.taps("Take Olga Owner")
    after = await chat.practice.found(booking.id)
    assert (after.client_filed, after.coach_filed) == (True, False)
    [(person, to, _state)] = await chat.practice.notices("calendar-file")
    assert person == booking.person_id
    assert calendar(await chat.told(IVA, to)).vevent.summary.value == "Single with Olga Owner"
