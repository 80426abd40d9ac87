"""A coach's hours, day and clients."""

from datetime import timedelta

from bot.chat.forms import read_form
from bot.chat.screen import Style
from bot.domain.people.people import Platform, Profile, Unreachable
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def hours_of(chat: BareChat) -> tuple[object, ...]:
    coach = await chat.practice.coach(chat.practice.coach_id)
    return (*coach.schedule.weekly, dict(coach.schedule.days))


async def test_a_line_is_shown_saved_and_undone(chat: BareChat) -> None:
    olga, before = Somebody(chat, OWNER), await hours_of(chat)
    booking = await chat.booked(IVA)
    await olga.goes("hours/line")
    await olga.fills(line="mon-fri 14-18; off 24-26 dec")
    olga.sees("This would change", "Mon: 09:00–12:00 → 14:00–18:00", "24 Dec")
    olga.sees("1 booking lies outside", "Intro with Iva")
    assert await hours_of(chat) == before
    await olga.taps("Save")
    olga.sees("Outside of the hours", "Saved. You can undo it", "Intro with Iva")
    await olga.taps("My hours")
    olga.sees("Mon: 14:00–18:00", "Thu 24 Dec to Sat 26 Dec: off", "1 session lies outside of them.")
    assert await chat.practice.found(booking.id) == booking
    after = await hours_of(chat)
    await olga.taps("Undo the last change")
    olga.sees("Undo the last change?", "Mon: 14:00–18:00 → 09:00–12:00", "off → as every week")
    assert await hours_of(chat) == after
    await olga.taps("Undo")
    olga.sees("Undone", "Mon: 09:00–12:00")
    assert await hours_of(chat) == before


async def test_what_was_undone_is_redone_under_that_name(chat: BareChat) -> None:
    olga, before = Somebody(chat, OWNER), await hours_of(chat)
    await olga.goes("hours/line")
    await olga.fills(line="mon-fri 14-18")
    await olga.taps("Save")
    after = await hours_of(chat)
    for name, go, said, now in (
        ("Undo the last change", "Undo", "Undone.", before),
        ("Redo the change", "Redo", "Done again: the change stands.", after),
        ("Undo the last change", "Undo", "Undone.", before),
    ):
        await olga.taps(name)
        olga.sees(f"{name}?")
        await olga.taps(go)
        olga.sees(said)
        assert await hours_of(chat) == now
    trail = [each for each in await chat.practice.trail() if each.startswith("hours.")]
    assert trail[-3:] == ["hours.undone", "hours.redone", "hours.undone"]


async def test_an_undo_that_leaves_no_hours_asks_first(chat: BareChat) -> None:
    """The first hours are those of /setup."""
    olga, open_hours = Somebody(chat, OWNER), await hours_of(chat)
    await olga.goes("hours")
    await olga.taps("Undo the last change")
    olga.sees("Mon: 09:00–12:00 → off", "No hours would be left: nobody could book you.")
    assert olga.button("Undo").style is Style.DANGER
    assert await hours_of(chat) == open_hours
    await olga.taps("Leave it as it is")
    olga.sees("Your hours", "Mon: 09:00–12:00")
    await olga.goes("hours/undo")
    await olga.taps("Undo")
    olga.sees("Nobody can book you until you set hours.", "[Redo the change]")


async def test_a_line_that_leaves_no_hours_says_so(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/line")
    await olga.fills(line="mon-sun off")
    olga.sees("This would change", "No hours would be left")


async def test_the_undo_ends_after_ten_minutes(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/line")
    await olga.fills(line="mon 14-18")
    await olga.taps("Save")
    await olga.taps("Undo the last change")
    stale = olga.button("Undo").to
    chat.practice.advance(minutes=11)
    await olga.goes("hours")
    assert "Undo" not in olga.text
    await olga.goes(stale)
    olga.sees("ten minutes for undoing are over")


async def test_weekday_different_day_and_days_off_by_forms(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/weekday")
    await olga.fills(day="Saturday", times="10-12")
    olga.sees("Sat: off → 10:00–12:00")
    await olga.taps("Save")
    await olga.goes("hours/date")
    await olga.fills(day="2026-12-24", times="10-11")
    olga.sees("as every week → 10:00–11:00")
    await olga.taps("Save")
    await olga.goes("hours/date")
    await olga.fills(day="24 dec", times="usual")
    olga.sees("10:00–11:00 → as every week")
    await olga.goes("hours/off")
    await olga.fills(days="28-30 dec")
    olga.sees("Mon 28 Dec to Wed 30 Dec: off")


async def test_hours_that_changed_meanwhile_are_not_saved_over(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/line")
    await olga.fills(line="mon 14-18")
    first = olga.button("Save").to
    await olga.goes("hours/line")
    await olga.fills(line="tue 14-18")
    await olga.taps("Save")
    await olga.goes(first)
    olga.sees("Something has changed since I sent that", "This would change")


async def test_a_line_that_is_not_understood_names_the_part(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/line")
    assert olga.screen.form is not None
    _values, errors = read_form(olga.screen.form, {"line": "mon 9-12; blursday 9-10"})
    assert "blursday" in errors["line"]


async def test_the_day_says_who_where_paid_and_reminded(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    booking = await chat.paid(IVA)
    await olga.goes(f"today/{booking.starts.date().isoformat()}")
    olga.sees("Single with Iva", "paid €45.00", "reminder to come", "https://meet.example/olga", "Iva]")


async def test_an_empty_day_leads_to_the_days_beside_it(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("today/2026-12-05")
    olga.sees("Saturday", "No sessions", "[Fri 4 Dec]", "[Sun 6 Dec]")


async def test_an_empty_day_names_the_next_session(chat: BareChat) -> None:
    olga, booking = Somebody(chat, OWNER), await chat.booked(IVA)
    await olga.goes("today")
    olga.sees("No sessions on this day.", "The next is Mon 7 Dec, 09:00 (Berlin)", "Intro with Iva")
    assert olga.button("Next session").to == f"booking/{booking.id}"
    await olga.goes(f"today/{(booking.starts + timedelta(days=1)).date()}")
    assert "The next is" not in olga.text


async def test_a_past_session_is_settled_by_one_tap_and_taken_back(chat: BareChat) -> None:
    olga, booking = Somebody(chat, OWNER), await chat.booked(IVA, timedelta(days=1))
    chat.practice.advance(days=1, hours=23)
    await olga.goes(f"today/{booking.starts.date().isoformat()}")
    await olga.taps("09:00 no-show")
    olga.sees("Settled: no-show", "[Undo]")
    await olga.taps("Undo")
    olga.sees("How did it go?")
    await olga.taps("09:00 held")
    undo = olga.button("Undo").to
    chat.practice.advance(days=1, minutes=1)
    await olga.goes(f"settling/{booking.id}")
    assert "[Undo]" not in olga.text
    await olga.goes(undo)
    olga.sees("already over")


async def test_what_is_unsettled_is_named_on_other_days(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await chat.booked(IVA, timedelta(days=1))
    chat.practice.advance(days=3)
    await olga.goes("today")
    olga.sees("Still to be settled", "[Settle it]")


async def test_clients_with_history_and_acts(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await chat.booked(IVA, timedelta(days=1))
    chat.practice.advance(days=2)
    await chat.paid(IVA)
    await olga.goes("clients")
    olga.sees("Iva", "1 session so far", "on Slack", "next:", "last:")
    await olga.taps("Iva")
    olga.sees("to be settled", "booked", "[Message]", "[Propose a time]", "[Cancel session]")
    await chat.desk.people.reachable(IVA, Unreachable.BLOCKED, chat.practice.now())
    await olga.goes(olga.screen.address or "")
    olga.sees("cannot be reached")


async def test_clients_are_turned_page_by_page(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    for number in range(7):
        who = Profile(Platform.TELEGRAM, "", str(8000 + number), "1", f"Guest {number}", language="en")
        await chat.booked(who, timedelta(days=1 + number))
    await olga.goes("clients")
    olga.sees("[Guest 0]", "[Guest 5]", "[Next page]")
    assert "Guest 6" not in olga.text
    await olga.taps("Next page")
    olga.sees("[Guest 6]", "[Earlier page]")


async def test_nobody_else_sees_a_coachs_pages(chat: BareChat) -> None:
    booking, theo = await chat.booked(IVA), Somebody(chat, THEO)
    iva_id = (await chat.desk.people.meet(IVA, chat.practice.now())).person.id  # type: ignore[union-attr]
    for address in ("hours", "today", "clients", "coach", f"client/{iva_id}", f"settling/{booking.id}"):
        await theo.goes(address)
        theo.sees("This is no longer here")
        assert "Iva" not in theo.text
