"""A day in a practice of two coaches, one of whom owns it: who acts for whom is clear to all four of them."""

from datetime import timedelta

from bot.chat.screen import Screen
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")
SAID = "Olga Owner cancelled it for the practice: “Ana María is ill”"


async def hears(chat: BareChat, who: Profile) -> list[Screen]:
    """All that was said to this person, as it reads now."""
    person, till = await chat.practice.meet(who, chat.practice.now()), chat.practice
    kinds = ("message", "proposal", "proposal-answered", "cancelled", "day-closed")
    addresses = [at for kind in kinds for to, at, _state in await till.notices(kind) if to == person.id]
    seen = [await chat.notice(who, address) for address in addresses]
    return [each for each in seen if each is not None]


async def last(chat: BareChat, who: Profile, words: str) -> Screen:
    """The one thing said to this person that has these words."""
    found = [each for each in await hears(chat, who) if words in as_text(each)]
    assert len(found) == 1, [as_text(each) for each in await hears(chat, who)]
    return found[0]


async def test_an_owner_stands_in_for_a_coach_who_falls_ill(chat: BareChat) -> None:
    olga, ana, iva, theo = (Somebody(chat, who) for who in (OWNER, ANA, IVA, THEO))
    with_olga = await chat.booked(THEO)
    await ana_coaches(chat)
    first = await chat.paid(IVA, timedelta(days=4))
    second = await chat.practice.book(first.starts + timedelta(hours=1), THEO, chat.practice.now())
    await writes_about(chat, olga, theo, second)
    await asks_for_another_time(chat, olga, iva, first)
    await closes_the_day(olga, first)
    for somebody, who in ((iva, IVA), (theo, THEO)):
        await reads_of_it(chat, somebody, who, first)
    iva.sees("€45.00 goes back")
    assert await chat.practice.refunds() == [(4500, "coach")]

    # Ana reads it in one message, and what was proposed for her no longer holds.
    ana.screen = await last(chat, ANA, "Olga Owner closed the rest of")
    ana.sees("“Ana María is ill”", "Single with Iva", "Intro with Theo")
    await ana.goes(f"booking/{first.id}")
    ana.sees(SAID)

    # What Theo has with Olga stands, and the trail says whose session each of them was.
    assert (await chat.practice.found(with_olga.id)).state is BookingState.CONFIRMED
    assert as_text(await theo.goes("sessions")).count("Intro with Olga Owner") == 1
    await olga.goes("audit")
    olga.sees("Single: Iva with Ana María", "Intro: Theo with Ana María")


async def writes_about(chat: BareChat, olga: Somebody, theo: Somebody, second: Booking) -> None:
    """Theo has a session with each of them: Olga chooses the one she means, and he answers her."""
    await olga.goes(f"client/{second.person_id}")
    await olga.taps(next(button.text for button in olga.buttons if button.to == f"booking/{second.id}"))
    olga.sees("Intro: Theo with Ana María")
    await olga.taps("Message")
    await olga.fills(text="The door is on the left")
    theo.screen = await last(chat, THEO, "The door is on the left")
    theo.sees("Olga Owner writes", "About: Intro with Ana María")
    await theo.taps("Reply")
    await theo.fills(text="Thank you, Olga")
    await last(chat, OWNER, "Thank you, Olga")
    assert await hears(chat, ANA) == []


async def asks_for_another_time(chat: BareChat, olga: Somebody, iva: Somebody, first: Booking) -> None:
    """Iva would rather keep hers, and says so to who asked."""
    at = (await chat.later(first))[-1]
    await olga.goes(f"propose/{first.id}/{at:%Y%m%dT%H%MZ}")
    await olga.taps("Ask")
    iva.screen = await last(chat, IVA, "Olga Owner asks for another time")
    await iva.taps("Message")
    await iva.fills(text="I would rather keep it")
    await last(chat, OWNER, "I would rather keep it")
    await last(chat, ANA, "Olga Owner proposed: ")


async def closes_the_day(olga: Somebody, first: Booking) -> None:
    """Ana has fallen ill; what closing her day does is told before."""
    await olga.goes(f"booking/{first.id}")
    await olga.taps("Cancel session")
    await olga.fills(reason="Ana María is ill")
    await olga.taps("The whole rest of the day")
    olga.sees("for Ana María?", "Single with Iva: cancelled, €45.00 goes back", "Intro with Theo: cancelled")
    await olga.taps("Close the day, cancel 2")
    olga.sees("These are told: Iva, Theo.", "is closed for Ana María")


async def reads_of_it(chat: BareChat, somebody: Somebody, who: Profile, first: Booking) -> None:
    """Each client reads once who did it and why, and is not sent to the same day."""
    somebody.screen = await last(chat, who, SAID)
    somebody.sees("with Ana María", "Free times near it")
    times = [button.to for button in somebody.buttons if button.to.startswith("review/")]
    assert times
    assert not [to for to in times if f"{first.starts:%Y%m%d}T" in to]
