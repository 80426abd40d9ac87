"""A client looks at, moves, cancels and writes about a session that is booked."""

import re
from datetime import timedelta

from bot.chat import tell
from bot.domain.bookings.bookings import BookingState
from bot.domain.calendar.spans import HoursChange
from bot.domain.people.people import Platform, Profile
from bot.services.bookings.bookings import Quote
from tests.handlers.bare_chat import GUARD, BareChat, Somebody
from tests.handlers.bookings.test_book import second_coach
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made
from tests.services.selling_practice import guest

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def test_sessions_show_what_comes_with_move_and_cancel_on_each(chat: BareChat) -> None:
    first, second = await chat.booked(IVA), await chat.paid(IVA, timedelta(days=5))
    iva = Somebody(chat, IVA)
    await iva.goes("sessions")
    iva.sees("Intro with Olga Owner", "Single with Olga Owner", "for Olga Owner (Berlin)")
    moves = {button.to for button in iva.buttons if button.text.startswith("Move ")}
    cancels = {button.to for button in iva.buttons if button.text.startswith("Cancel ")}
    assert moves == {f"move/{first.id}", f"move/{second.id}"}
    assert cancels == {f"cancel/{first.id}", f"cancel/{second.id}"}
    labels = [button.text for button in iva.buttons]
    assert len(labels) == len(set(labels))


async def test_nothing_booked_leads_on(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("sessions")
    iva.sees("You have nothing booked", "[Book a session]", "[Past sessions]")
    await iva.taps("Past sessions")
    iva.sees("You have no past sessions", "[Back]")


async def test_an_open_hold_is_listed(chat: BareChat) -> None:
    made(await chat.practice.try_hold(IVA, chat.practice.paid, await chat.next_start(True), chat.practice.now()))
    iva = Somebody(chat, IVA)
    await iva.goes("sessions")
    iva.sees("held until", "[Pay, or let it go]")


async def test_what_is_past_can_be_booked_again(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(days=6)
    iva = Somebody(chat, IVA)
    await iva.goes("past")
    iva.sees("Intro with Olga Owner")
    assert iva.button("Book again").to == f"days/{booking.offer_id}/{booking.coach_id}"


async def test_three_taps_from_a_message_to_the_move(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    iva = Somebody(chat, IVA)
    seen = await chat.notice(IVA, f"remind/{booking.id}/1440")
    assert seen is not None
    iva.screen = seen
    await iva.taps("Move session")
    iva.sees("Moving is free until", "2 more times", "[Change zone]", "[Keep it]")
    await iva.taps(iva.buttons[0].text)
    iva.sees("From:", "To:", "After this it can be moved 1 more time", "Free to cancel until")
    await iva.taps("Move it")
    assert iva.count == 3
    iva.sees("Moved, and I am letting Olga Owner know", "paid")
    moved = await chat.practice.found(booking.id)
    assert moved.starts != booking.starts
    assert moved.paid == booking.paid
    assert await chat.practice.refunds() == []


async def test_the_first_times_to_move_to_are_those_next_to_the_old_one(chat: BareChat) -> None:
    all_day = HoursChange(dict.fromkeys(range(5), ((540, 1140),)), {})
    coach = await chat.practice.coach(chat.practice.coach_id)
    done(await chat.desk.hours.save(await chat.practice.act(OWNER), coach.id, coach.version, all_day))
    on_day = [at for at in await chat.practice.starts() if at.date() == (NOW + timedelta(days=3)).date()]
    booking = await chat.practice.book(on_day[14], IVA, chat.practice.now())
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    times = [button.text for button in iva.buttons if re.fullmatch(r"\d\d:\d\d", button.text)]
    # At 16:00 in Berlin the session itself is at 17:00 in Kyiv.
    assert f"{booking.starts:%H:%M}" == "15:00"
    assert times == ["15:00", "15:30", "16:00", "16:30", "17:30", "18:00", "18:30", "19:00"]
    iva.sees("[All times of ")


async def test_a_move_onto_another_session_of_ones_own_says_so(chat: BareChat) -> None:
    ana, other = await second_coach(chat), await chat.booked(IVA)
    quote = await chat.desk.bookings.quote(
        await chat.practice.meet(IVA),
        chat.practice.free.id,
        ana,
        other.starts + timedelta(hours=2),
        chat.practice.now(),
    )
    assert isinstance(quote, Quote)
    act = await chat.practice.act(IVA, chat.practice.now())
    mine = made(await chat.desk.bookings.hold(act, chat.practice.free.id, ana, quote.at, quote.facts))
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{mine}/{other.starts:%Y%m%dT%H%MZ}")
    iva.sees("Move this session?", "you already have Intro with Olga Owner at that time", "[Move it]")
    later = other.starts + timedelta(hours=1)
    await iva.goes(f"move/{mine}/{later:%Y%m%dT%H%MZ}")
    assert "at that time" not in iva.text


async def test_a_move_can_go_to_any_free_day_and_time(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    own = tuple(button.to for button in iva.buttons)
    assert f"move/{booking.id}/{booking.starts:%Y%m%dT%H%MZ}" not in own
    await iva.taps("Other days")
    await iva.taps("Later days")
    await iva.taps(iva.buttons[0].text)
    iva.sees("Now:", "All times are Kyiv time")
    await iva.taps("Change zone")
    await iva.taps("Another city or time")
    await iva.fills(where="Lisbon")
    iva.sees("All times are Lisbon time", "Now:")


async def test_too_late_to_move_says_so_and_offers_a_word_to_the_coach(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() - timedelta(hours=2)).total_seconds())
    iva = Somebody(chat, IVA)
    await iva.goes(f"move/{booking.id}")
    iva.sees("too late to move this session", "[Ask Olga Owner]")
    await iva.goes(f"booking/{booking.id}")
    assert "Move session" not in iva.text


async def test_the_outcome_told_is_the_outcome_that_happens(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("you get €45.00 back", "there is no refund", "[Keep it]")
    await iva.taps("Cancel session")
    iva.sees("the session is cancelled", "€45.00 goes back to the card", "[Book again]")
    assert await chat.practice.refunds() == [(4500, "policy")]


async def test_a_button_that_said_free_charges_nothing_later(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    free = iva.button("Cancel session").to
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() - timedelta(hours=20)).total_seconds())
    await iva.goes(free)
    iva.sees("Something has changed", "It is too late for a refund: the practice keeps €45.00")
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED
    await iva.taps("Cancel session")
    iva.sees("The practice keeps €45.00")
    assert await chat.practice.refunds() == []


async def test_a_second_delivery_shows_the_same_and_acts_once(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    yes = iva.button("Cancel session").to
    await iva.goes(yes, key="slack:1")
    first = iva.screen.title
    await iva.goes(yes, key="slack:1")
    assert iva.screen.title == first
    assert await chat.practice.refunds() == [(4500, "policy")]


async def test_others_see_nothing_and_their_tags_do_nothing(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    thief, iva = Somebody(chat, guest(1)), Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    yes = iva.button("Cancel session").to
    shown = ("booking", "cancel", "move", "hold", "pay", "late", "write", "coach-cancel", "propose", "let-go")
    for head in shown:
        await thief.goes(f"{head}/{booking.id}")
        thief.sees("This is no longer here")
    forged = GUARD.tag((await thief.turn()).person.id, f"cancel/{booking.id}/yes", (booking.version,))
    for to in (yes, f"cancel/{booking.id}/yes/{forged}", f"cancel/{booking.id}/yes/aaaaaaaa"):
        await thief.goes(to)
    await iva.goes(f"cancel/{booking.id}/yes/aaaaaaaa")
    iva.sees("Something has changed")
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_running_late_reaches_the_other_side(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() - timedelta(hours=1)).total_seconds())
    iva = Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Running late")
    await iva.taps("10 minutes")
    iva.sees("telling Olga Owner that you are 10 minutes late")
    [(_person, address, _state)] = await chat.practice.notices("message")
    seen = await chat.notice(OWNER, address)
    olga = Somebody(chat, OWNER)
    assert seen is not None
    olga.screen = seen
    olga.sees("Iva writes", "Iva is running about 10 minutes late", "[Reply]")
    await olga.taps("Reply")
    await olga.fills(text="No hurry, $1,000.50 <b>")
    olga.sees("Sent to Iva")
    *_first, (_person, reply, _state) = await chat.practice.notices("message")
    answer = await chat.notice(IVA, reply)
    assert answer is not None
    assert answer.body[0].text == "No hurry, $1,000.50 <b>"


async def test_a_proposal_is_accepted_or_declined_with_refund(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    other = (await chat.later(booking))[1]
    proposal = await chat.proposed(booking, other)
    iva = Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}")
    iva.sees("Olga Owner asks for another time", "Now:", "Proposed:", "[Decline, with refund]")
    accept = iva.button("Accept this time").to
    await iva.taps("Decline, with refund")
    iva.sees("€45.00 goes back to you in full")
    await iva.taps("Back")
    await iva.goes(accept)
    iva.sees("Agreed, and I am letting Olga Owner know")
    assert (await chat.practice.found(booking.id)).starts == other
    await iva.goes(f"proposal/{proposal}")
    iva.sees("The new time was accepted")
    told = await chat.notice(OWNER, f"proposal-answered/{proposal}")
    assert told is not None
    assert "Iva accepted the new time." in [line.text for line in told.body]


async def test_declining_a_proposal_gives_everything_back(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    proposal = await chat.proposed(booking, (await chat.later(booking))[1])
    iva = Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}/decline")
    await iva.taps("Cancel session")
    iva.sees("Declined, and I am letting Olga Owner know", "€45.00 goes back")
    assert await chat.practice.refunds() == [(4500, "declined")]


async def test_other_times_leads_to_choosing_one(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    proposal = await chat.proposed(booking, (await chat.later(booking))[1])
    iva = Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}")
    await iva.taps("Other times")
    iva.sees("this move is free and not counted", "Moving is free.")


async def test_the_coach_reads_which_time_was_chosen_instead(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    later = await chat.later(booking)
    proposal = await chat.proposed(booking, later[1])
    iva = Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}")
    await iva.taps("Other times")
    as_it_is = await chat.practice.found(booking.id)
    made(await chat.practice.move(IVA, as_it_is, later[2], chat.practice.now()))
    told = await chat.notice(OWNER, f"proposal-answered/{proposal}")
    assert told is not None
    lines = [line.text for line in told.body]
    assert "Iva chose another time." in lines
    assert tell.moment(later[2], "Europe/Berlin") in lines[-1]
    assert not any("did not answer" in line for line in lines)
    await iva.goes(f"proposal/{proposal}")
    iva.sees("Another time was chosen instead")


async def test_the_page_of_the_practice_has_its_own_acts(chat: BareChat) -> None:
    booking = await chat.paid(CLIENT)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    olga.sees("Single with Clara Client", "paid", "[Propose a time]", "[Cancel session]", "[Message]", "[Client]")
    await olga.goes(f"cancel/{booking.id}")
    assert (olga.screen.address or "").startswith("coach-cancel/")
