"""A day off that has bookings: each gets another time or is cancelled, by its coach or by an owner."""

from datetime import date, timedelta

from bot.domain.bookings.bookings import BookingState
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.reports.test_practice_day import IVA, OWEN, THEO
from tests.services.bare_practice import OWNER


async def day_off(olga: Somebody, days: str) -> None:
    await olga.goes("hours/off")
    await olga.fills(days=days)
    olga.sees("It stays as it is", "Once it is saved, you propose another time for each, or cancel it.")
    await olga.taps("Save")


async def test_each_session_of_a_day_off_is_proposed_or_cancelled(chat: BareChat) -> None:
    first, later, olga = await chat.booked(IVA), await chat.paid(THEO, timedelta(days=7)), Somebody(chat, OWNER)
    await olga.goes("hours/off")
    await olga.fills(days=f"{first.starts.date()}..{later.starts.date()}")
    await olga.taps("Save")
    olga.sees("Outside of the hours", "These sessions were booked before the hours changed.", "Intro with Iva")
    olga.sees("Saved. You can undo it for ten minutes.", "[Undo the last change]")
    await olga.taps("Propose: Mon 7 Dec, 09:00")
    olga.sees("Another time for Iva")
    at = next(free for free in await chat.practice.starts(chat.practice.free, later.ends) if free > later.ends)
    await olga.goes(f"propose/{first.id}/{at:%Y%m%dT%H%MZ}")
    await olga.taps("Ask")
    await olga.goes("hours")
    await olga.taps("Sessions outside")
    olga.sees("[Proposal: Mon 7 Dec, 09:00]", "[Cancel Mon 7 Dec, 09:00]")
    await olga.taps("Cancel Wed 9 Dec")
    await olga.fills(reason="Something came up")
    await olga.taps("Cancel session")
    assert (await chat.practice.found(later.id)).state is BookingState.CANCELLED
    await olga.goes("hours")
    olga.sees("1 session lies outside of them.")


async def test_a_day_off_without_bookings_leads_back_to_the_hours(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await chat.booked(IVA)
    await olga.goes("hours/off")
    await olga.fills(days="24 dec")
    await olga.taps("Save")
    olga.sees("Your hours", "Thu 24 Dec: off")
    assert "outside" not in olga.text
    await olga.goes("hours/outside")
    olga.sees("Every session lies within the hours.", "[My hours]")


async def test_a_time_that_is_held_waits_for_its_payment(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    held = await chat.practice.hold(await chat.next_start(True), IVA)
    await day_off(olga, f"{held.starts.date()}")
    assert olga.button("Held, not paid yet: ").to == f"booking/{held.id}"
    assert "[Cancel" not in olga.text


async def test_an_owner_sees_what_lies_outside_of_a_coachs_hours(chat: BareChat) -> None:
    booking, olga, owen = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, OWEN)
    await day_off(olga, f"{booking.starts.date()}")
    await owen.goes(f"team/{chat.practice.coach_id}/hours")
    owen.sees("1 session lies outside of them.")
    await owen.taps("Sessions outside")
    owen.sees("Intro: Iva with Olga Owner")
    assert owen.button("Propose: ").to == f"propose/{booking.id}"


async def test_a_stretch_goes_back_to_usual_and_then_follows_the_week(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/usual")
    olga.sees("No day differs from your week.")
    for days in ("2027-08-03..2027-08-17", "2027-12-24"):
        await olga.goes("hours/off")
        await olga.fills(days=days)
        await olga.taps("Save")
    await olga.goes("hours")
    olga.sees("Tue 3 Aug to Tue 17 Aug: off", "Fri 24 Dec: off")
    await olga.taps("Back to usual")
    olga.sees("Tue 3 Aug to Tue 17 Aug: off", "These days then have the hours of every week")
    await olga.taps("Tue 3 Aug to Tue 17 Aug")
    olga.sees("This would change", "as every week")
    await olga.taps("Save")
    await olga.goes("hours/line")
    await olga.fills(line="mon-fri 14-18")
    await olga.taps("Save")
    olga.sees("Fri 24 Dec: off")
    assert "Aug" not in olga.text
    coach = await chat.practice.coach(chat.practice.coach_id)
    assert coach.schedule.on(date(2027, 8, 4)) == ((14 * 60, 18 * 60),)
    await olga.goes("hours/line")
    await olga.fills(line="usual 2027-12-20..2027-12-30")
    await olga.taps("Save")
    assert "Back to usual" not in olga.text
