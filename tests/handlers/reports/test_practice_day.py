"""What an owner sees of every coach: the day, the hours, the sessions to come, and the clients."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.team.test_leaving import ana_coaches, ana_leaves
from tests.services.bare_practice import ANA, OWNER

OWEN = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Owen", language="en", zone="Europe/Berlin")
"""Owns the practice and coaches nobody."""

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def test_an_owner_who_does_not_coach_sees_the_day_of_all_coaches(chat: BareChat) -> None:
    with_olga = await chat.booked(IVA)
    ana, owen = await ana_coaches(chat), Somebody(chat, OWEN)
    with_ana = await chat.booked(THEO)
    day = with_olga.starts.date()
    await owen.goes("today")
    owen.sees("All coaches: ", "Olga Owner: no sessions", "Ana María: no sessions")
    await owen.goes(f"today/{day}")
    owen.sees("In Berlin time", "09:00–09:50 Intro with Iva", "Intro with Theo")
    await owen.taps("Ana María")
    owen.sees("Ana María: Monday", "Intro with Theo", "reminder to come")
    assert "Iva" not in owen.text
    assert owen.button("09:00 Theo").to == f"booking/{with_ana.id}"
    await owen.taps("Tue 8 Dec")
    owen.sees("Ana María: Tuesday", "No sessions on this day.")
    await owen.taps("Hours")
    owen.sees("Hours: Ana María", "Madrid", "Mon: 09:00–12:00")
    await owen.taps("Sessions")
    owen.sees("Coming sessions: Ana María", "Intro with Theo", "[Day]", "[Hours]")
    assert owen.screen.address == f"team/{ana}/sessions"
    await owen.goes(f"booking/{with_ana.id}")
    await owen.taps("Today")
    owen.sees("All coaches: ")


async def test_a_day_that_is_typed_behind_the_word_is_that_of_all_coaches(chat: BareChat) -> None:
    owen = Somebody(chat, OWEN)
    owen.screen = await chat.router.visit(replace(await owen.turn(), text="2026-12-07"), "today")
    owen.sees("All coaches: Monday")
    owen.screen = await chat.router.visit(replace(await owen.turn(), text="blursday"), "today")
    owen.sees("I read “blursday”, but that is no day from today on. This is today.", "All coaches: Tuesday")


async def test_an_owner_who_coaches_goes_between_the_own_day_and_that_of_all(chat: BareChat) -> None:
    await ana_coaches(chat)
    hers, olga = await chat.booked(THEO), Somebody(chat, OWNER)
    await olga.goes(f"today/{hers.starts.date()}")
    olga.sees("No sessions on this day.")
    await olga.taps("All coaches")
    olga.sees("Olga Owner: no sessions", "Intro with Theo")
    await olga.goes("team")
    await olga.taps("Ana María")
    await olga.taps("Day")
    olga.sees("Ana María: ")


async def test_sessions_kept_by_a_coach_who_left_are_seen(chat: BareChat) -> None:
    ana, owen = await ana_coaches(chat), Somebody(chat, OWEN)
    kept = await chat.booked(THEO)
    await ana_leaves(chat, kept=[kept], cancelled=[])
    await owen.goes(f"today/all/{kept.starts.date()}")
    owen.sees("Intro with Theo")
    await owen.taps("Ana María")
    await owen.taps("Sessions")
    owen.sees("Coming sessions: Ana María", "Intro with Theo")
    await owen.goes(f"team/{ana}/hours")
    owen.sees("no longer here")


async def test_coming_sessions_page_by_page(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("agenda")
    olga.sees("Nothing is booked from now on.", "[Share the link]", "[Today]")
    await chat.practice.hold(await chat.next_start(True), IVA)
    for number, days in enumerate((6, 7, 8, 9, 10, 13, 14, 15, 16)):
        who = Profile(Platform.TELEGRAM, "", str(8000 + number), "1", f"Guest {number}", language="en")
        await chat.booked(who, timedelta(days=days))
    await olga.goes("today")
    await olga.taps("Coming sessions")
    olga.sees("Single with Iva · held, not paid yet", "Intro with Guest 6", "[Next page]")
    assert "Guest 7" not in olga.text
    await olga.taps("Next page")
    olga.sees("Intro with Guest 7", "Intro with Guest 8", "[Earlier page]")


async def test_all_clients_name_their_coaches_and_nobody_else_reads_that(chat: BareChat) -> None:
    await chat.booked(IVA)
    owen = Somebody(chat, OWEN)
    await owen.goes("clients")
    owen.sees("All clients", "Iva")
    assert "with Olga Owner" not in owen.text
    await ana_coaches(chat)
    await chat.booked(IVA, timedelta(days=4))
    await chat.booked(THEO, timedelta(days=5))
    await owen.goes("clients")
    owen.sees("with Olga Owner, Ana María", "with Ana María · next:", "[Coaches]")
    olga = Somebody(chat, OWNER)
    await olga.goes("clients")
    olga.sees("Your clients", "Iva")
    assert "Theo" not in olga.text
    await olga.taps("All clients")
    olga.sees("Theo", "[Your clients]")
    ana = Somebody(chat, ANA)
    await ana.goes("clients")
    ana.sees("Iva", "Theo")
    assert "with Olga" not in ana.text


async def test_a_coach_sees_no_other_coachs_day(chat: BareChat) -> None:
    await ana_coaches(chat)
    [other] = [coach.id for coach in await chat.desk.coaches.all() if coach.name == "Olga Owner"]
    for who in (ANA, THEO):
        somebody = Somebody(chat, who)
        pages = ("day", "hours", "sessions")
        for address in ("today/all", "clients/all", *(f"team/{other}/{page}" for page in pages)):
            await somebody.goes(address)
            somebody.sees("This is no longer here")
