"""Pages of days and times are one choice: a grid where there are buttons alone, a date picker where a window opens."""

from datetime import timedelta

from bot.chat.channel import Incoming, Reply
from bot.chat.screen import Button, Picker, Style, Tone
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Profile
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_picker import NOON
from bot.handlers.conversation.chat_front import ChatFront
from tests.handlers.bare_chat import GUARD, BareChat, Somebody
from tests.handlers.bookings.test_time_picker import IVA
from tests.services.bare_practice import OWNER


def picked(somebody: Somebody) -> Picker:
    picker = somebody.screen.picker
    assert picker is not None, somebody.text
    return picker


def leads(picker: Picker) -> list[str]:
    return [each.value for group in picker.times for each in group.choices]


async def taps(chat: BareChat, who: Profile, address: str, kind: WindowKind = WindowKind.MESSAGE) -> Reply:
    """As a platform would send it that can open a window right now."""
    front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)
    window = Window(kind, chat_ref="D0IVA", message_ref="2", trigger="1")
    reply = await front.turn(Incoming(who, chat.key(), window, address=address, modals=True))
    assert reply is not None
    return reply


async def test_booking_moving_and_proposing_choose_by_the_same_picker(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    ways = (
        (IVA, time_pages.of_booking(booking.offer_id, 0), f"days/{booking.offer_id}/0", "start/cancelled"),
        (IVA, time_pages.of_move(booking.id), f"move/{booking.id}", f"booking/{booking.id}"),
        (OWNER, time_pages.of_proposal(booking.id), f"propose/{booking.id}", f"booking/{booking.id}"),
    )
    for who, pages, first, leave in ways:
        reply = await taps(chat, who, first)
        picker = reply.screen.picker
        assert picker is not None
        assert picker.day is not None
        assert (picker.on, reply.screen.leave, bool(picker.times)) == (pages.times, leave, True)
        somebody = Somebody(chat, who)
        await somebody.goes(pages.on(picker.day))
        grid = [button.to for button in somebody.buttons if button.to.startswith(f"{pages.choice}/")]
        assert [to for to in leads(picked(somebody)) if to in grid] == [to for to in grid if "T" in to]
        review = await taps(chat, who, leads(picker)[0], WindowKind.MODAL)
        meant = [each for row in review.screen.buttons for each in row if each.style is Style.SUCCESS]
        assert (review.screen.leave, len(meant)) == (leave, 1)


async def test_times_are_grouped_by_the_readers_own_day(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes(f"days/{chat.practice.free.id}/0")
    await iva.goes(picked(iva).first or "")
    for group in picked(iva).times:
        hours = [int(each.label[:2]) for each in group.choices]
        assert group.label in {"Morning", "Afternoon", "Evening"}
        assert (group.label == "Morning") == (max(hours) < NOON)
    assert picked(iva).city == "Kyiv"
    assert next(line.text for line in iva.screen.body if line.tone is Tone.TERMS).endswith("free")


async def test_a_day_without_times_keeps_the_picker_and_names_the_next_one(chat: BareChat) -> None:
    today = chat.practice.now().date()
    sunday = today + timedelta(days=13 - today.weekday())
    iva = Somebody(chat, IVA)
    await iva.goes(time_pages.of_booking(chat.practice.free.id, 0).on(sunday))
    iva.sees("there are no hours", "The next free time is")
    assert (picked(iva).day, picked(iva).times) == (sunday, ())
    [soonest, *_others] = [each for row in picked(iva).rest for each in row if isinstance(each, Button)]
    assert soonest.to.startswith("review/")


async def test_words_typed_after_days_and_times_were_shown_in_a_window_are_about_those(chat: BareChat) -> None:
    await taps(chat, IVA, "start")
    shown = await taps(chat, IVA, f"days/{chat.practice.free.id}/0")
    review = await taps(chat, IVA, leads(shown.screen.picker or Picker("", "", ""))[0], WindowKind.MODAL)
    met = await chat.desk.people.meet(IVA, chat.practice.now())
    assert met is not None
    assert met.conversation.chat_address == shown.screen.address != review.screen.address
    await taps(chat, IVA, f"days/{chat.practice.free.id}/0", WindowKind.HOME)
    met = await chat.desk.people.meet(IVA, chat.practice.now())
    assert met is not None
    assert met.conversation.home_address is None
