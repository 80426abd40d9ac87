"""An owner removes a coach and asks clients about another one: what everybody reads before the answer, and after."""

from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import Booking
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.reports.test_practice_day import OWEN
from tests.handlers.team.test_leaving import IVA, ana_coaches
from tests.services.bare_practice import ANA, OWNER


@pytest.fixture
async def annas(chat: BareChat) -> Booking:
    """A paid session of Iva with Ana María, whom Owen removes; Olga could do it."""
    await ana_coaches(chat)
    return await chat.paid(IVA, timedelta(days=6))


async def removed(chat: BareChat, booking: Booking) -> int:
    """Owen asks for Olga; the proposal."""
    owen = Somebody(chat, OWEN)
    await owen.goes(f"team/{booking.coach_id}/remove")
    assert owen.screen.form is not None
    assert [each.label for each in owen.screen.form.fields[0].choices][2:] == ["Ask for Olga Owner"]
    await owen.fills(**{f"booking-{booking.id}": "Ask for Olga Owner"})
    owen.sees("Single with Iva: Iva is asked about Olga Owner, ")
    await owen.taps("Remove Ana María")
    proposal = (await chat.practice.found(booking.id)).proposal
    assert proposal is not None
    return proposal


async def test_a_client_is_asked_and_agrees(chat: BareChat, annas: Booking) -> None:
    proposal, iva, owen = await removed(chat, annas), Somebody(chat, IVA), Somebody(chat, OWEN)
    told = await chat.notice(ANA, f"removed/{annas.coach_id}")
    assert told is not None
    assert "Single with Iva; Iva is asked about Olga Owner" in as_text(told)
    await owen.goes(f"booking/{annas.id}")
    owen.sees("You proposed: with Olga Owner, ", "[Withdraw proposal]")
    await iva.goes("sessions")
    iva.sees("You are asked whether another coach may take it over.")
    await iva.goes(f"booking/{annas.id}")
    iva.sees("Olga Owner would take your session over.", "Free to cancel until")
    await iva.taps("Answer")
    iva.sees("Olga Owner would take your session over", "Ana María no longer coaches here.", "With Olga Owner: ")
    iva.sees("Without an answer by", "it stays with Ana María.", "[Cancel, with refund]")
    iva.sees("\n50 minutes · €45.00, paid\n", "Video call; the link comes with the confirmation")
    assert "https://" not in iva.text
    assert "[Other times]" not in iva.text
    await iva.taps("Take Olga Owner")
    iva.sees("Agreed, and I am letting Olga Owner know.", "Single with Olga Owner", "[Move session]")
    for who in (OWEN, ANA):
        answer = await chat.notice(who, f"proposal-answered/{proposal}")
        assert answer is not None
        assert "Iva agreed: Olga Owner has taken the session over." in as_text(answer)
    news = await chat.notice(OWNER, f"notice/booked/{annas.id}")
    assert news is not None
    assert "New booking: Single with Iva" in as_text(news)
    ana = Somebody(chat, ANA)
    await ana.goes(f"booking/{annas.id}")
    ana.sees("This is no longer here")


async def test_nobody_answers_and_it_stays(chat: BareChat, annas: Booking) -> None:
    proposal = await removed(chat, annas)
    chat.practice.advance(days=6)
    await chat.desk.moves.lapse(chat.practice.now())
    told = await chat.notice(OWEN, f"proposal-answered/{proposal}")
    assert told is not None
    assert "Iva did not answer. It stays with Ana María." in as_text(told)
    assert "[The session]" in as_text(told)
    iva = Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}")
    iva.sees("The session is with Ana María:")


async def test_a_client_cancels_it_instead(chat: BareChat, annas: Booking) -> None:
    proposal, iva = await removed(chat, annas), Somebody(chat, IVA)
    await iva.goes(f"proposal/{proposal}")
    await iva.taps("Cancel, with refund")
    iva.sees("€45.00 goes back to you in full")
    await iva.taps("Cancel session")
    assert (await chat.practice.refunds())[0][0] == 4500
    told = await chat.notice(OWEN, f"proposal-answered/{proposal}")
    assert told is not None
    assert "Iva cancelled it, and what was paid goes back." in as_text(told)


async def test_who_asked_hears_that_the_session_was_cancelled_instead(chat: BareChat, annas: Booking) -> None:
    await removed(chat, annas)
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{annas.id}")
    await iva.taps("Cancel session")
    owen = await chat.practice.meet(OWEN)
    told = {to for to, address, _state in await chat.practice.notices("cancelled") if address.endswith(f"/{annas.id}")}
    assert told == {annas.coach_person_id, owen.id}
    seen = await chat.notice(OWEN, f"notice/cancelled/{annas.id}")
    assert seen is not None
    assert "Iva cancelled" in as_text(seen)


async def test_the_last_page_is_shown_again_when_the_other_coach_has_no_time_then(
    chat: BareChat, annas: Booking
) -> None:
    owen = Somebody(chat, OWEN)
    await owen.goes(f"team/{annas.coach_id}/remove")
    await owen.fills(**{f"booking-{annas.id}": "Ask for Olga Owner"})
    yes = owen.button("Remove Ana María").to
    [olga] = [coach.id for coach in await chat.desk.coaches.all() if coach.name == "Olga Owner"]
    ana, chat.practice.coach_id = chat.practice.coach_id, olga
    await chat.practice.book(annas.starts, OWNER, chat.practice.now())
    chat.practice.coach_id = ana
    await owen.goes(yes)
    owen.sees("Something", "Iva is asked about Olga Owner")
    assert (await chat.practice.found(annas.id)).proposal is None
