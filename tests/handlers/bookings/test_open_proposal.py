"""A proposal that waits for its answer: seen wherever its session is, and withdrawn by the side of the practice."""

import sqlalchemy as sa

from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.reports.test_practice_day import IVA, OWEN
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER, done


async def test_an_open_proposal_stands_on_every_page_of_its_session(chat: BareChat) -> None:
    booking, olga, iva = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, IVA)
    at = (await chat.later(booking))[0]
    proposal = await chat.proposed(booking, at)
    await olga.goes(f"booking/{booking.id}")
    olga.sees("You proposed: Tue 8 Dec, 09:00", "Iva has not answered yet", "[Withdraw proposal]", "[Propose a time]")
    await olga.goes("today")
    olga.sees("Proposed to Iva: Tue 8 Dec, 09:00", "No answer yet.")
    assert olga.button("Proposal to Iva").to == f"proposal/{proposal}"
    await olga.goes("agenda")
    olga.sees("Intro with Iva · another time is proposed")
    await iva.goes(f"booking/{booking.id}")
    iva.sees("Olga Owner asks for another time: Tue 8 Dec, 10:00 (Kyiv)")
    assert iva.button("Answer").to == f"proposal/{proposal}"
    await iva.goes("sessions")
    iva.sees("You are asked for another time.")
    assert iva.button("Answer").to == f"proposal/{proposal}"


async def test_who_wants_other_times_is_seen_by_the_coach_and_has_nothing_left_to_answer(chat: BareChat) -> None:
    booking, olga, iva = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, IVA)
    await chat.proposed(booking, (await chat.later(booking))[0])
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Answer")
    await iva.taps("Other times")
    await iva.goes(f"booking/{booking.id}")
    assert "[Answer]" not in iva.text
    await olga.goes("today")
    olga.sees("Iva would like another time than Mon 7 Dec")
    assert olga.button("Propose to Iva").to == f"propose/{booking.id}"


async def test_a_proposal_is_withdrawn_and_its_client_told_once(chat: BareChat) -> None:
    booking, olga, iva = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, IVA)
    at = (await chat.later(booking))[0]
    proposal = await chat.proposed(booking, at)
    sent = sa.update(tables.outbox).where(tables.outbox.c.kind == "proposal").values(state="sent")
    await chat.practice.storage.write(lambda tx: tx.execute(sent))
    await iva.goes(f"proposal/{proposal}")
    accept = iva.button("Accept this time").to
    await olga.goes(f"proposal/{proposal}")
    withdraw = olga.button("Withdraw proposal").to
    await olga.goes(withdraw)
    olga.sees("Withdrawn: the session stays where it is.", "[Propose a time]")
    assert "proposed:" not in olga.text
    await olga.goes(withdraw)
    assert await chat.practice.notices("proposal-withdrawn") == [
        (booking.person_id, f"proposal-withdrawn/{proposal}", "pending")
    ]
    told = await chat.notice(IVA, f"proposal-withdrawn/{proposal}")
    assert told is not None
    assert "Olga Owner no longer asks for another time. It stays:" in as_text(told)
    await iva.goes(accept)
    iva.sees("This proposal is no longer open.")
    assert (await chat.practice.found(booking.id)).starts == booking.starts


async def test_an_answer_that_moves_it_is_not_told_as_no_change(chat: BareChat) -> None:
    booking, iva = await chat.booked(IVA), Somebody(chat, IVA)
    proposal = await chat.proposed(booking, (await chat.later(booking))[0])
    await iva.goes(f"proposal/{proposal}")
    await iva.taps("Accept this time")
    told = await chat.notice(OWNER, f"proposal-answered/{proposal}")
    assert told is not None
    assert "Iva accepted the new time.\nThe session: Tue 8 Dec, 09:00 (Berlin)" in as_text(told)


async def test_a_question_that_is_asked_twice_is_one(chat: BareChat) -> None:
    booking, olga = await chat.booked(IVA), Somebody(chat, OWNER)
    first, other = (await chat.later(booking))[:2]
    await olga.goes(f"propose/{booking.id}/{first:%Y%m%dT%H%MZ}")
    ask = olga.button("Ask").to
    for _tap in range(2):
        await olga.goes(ask)
        olga.sees("I am asking Iva.", "You proposed:")
    assert [state for _who, _address, state in await chat.practice.notices("proposal")] == ["pending"]
    await olga.goes(f"propose/{booking.id}/{other:%Y%m%dT%H%MZ}")
    await olga.taps("Ask")
    assert [state for _who, _address, state in await chat.practice.notices("proposal")] == ["cancelled", "pending"]


async def test_a_question_that_did_not_go_out_is_withdrawn_without_a_word(chat: BareChat) -> None:
    booking, olga = await chat.booked(IVA), Somebody(chat, OWNER)
    await chat.proposed(booking, (await chat.later(booking))[0])
    await olga.goes(f"booking/{booking.id}")
    await olga.taps("Withdraw proposal")
    assert [state for _who, _address, state in await chat.practice.notices("proposal")] == ["cancelled"]
    assert await chat.practice.notices("proposal-withdrawn") == []


async def test_an_owner_withdraws_it_and_its_coach_is_told(chat: BareChat) -> None:
    await ana_coaches(chat)
    booking = await chat.booked(IVA)
    at = (await chat.later(booking))[0]
    act = await chat.practice.act(ANA, chat.practice.now())
    done(await chat.desk.moves.propose(act, booking.id, booking.version, at))
    owen = Somebody(chat, OWEN)
    await owen.goes(f"booking/{booking.id}")
    await owen.taps("Withdraw proposal")
    [(person, address, _state)] = await chat.practice.notices("proposal-withdrawn")
    assert person == booking.coach_person_id
    told = await chat.notice(ANA, address)
    assert told is not None
    assert "Owen withdrew the proposal of another time. It stays:" in as_text(told)
    told = await chat.notice(IVA, address)
    assert told is not None
    assert "Owen no longer asks for another time. It stays:" in as_text(told)
    assert "booking.proposal_withdrawn" in await chat.practice.trail()


async def test_an_answer_that_was_faster_stands(chat: BareChat) -> None:
    booking, olga, iva = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, IVA)
    at = (await chat.later(booking))[0]
    proposal = await chat.proposed(booking, at)
    await olga.goes(f"proposal/{proposal}")
    withdraw = olga.button("Withdraw proposal").to
    await iva.goes(f"proposal/{proposal}")
    await iva.taps("Accept this time")
    await olga.goes(withdraw)
    olga.sees("Something has changed", "The new time was accepted.")
    assert (await chat.practice.found(booking.id)).starts == at


async def test_a_client_withdraws_nothing(chat: BareChat) -> None:
    booking, olga, iva = await chat.booked(IVA), Somebody(chat, OWNER), Somebody(chat, IVA)
    proposal = await chat.proposed(booking, (await chat.later(booking))[0])
    await olga.goes(f"proposal/{proposal}")
    await iva.goes(olga.button("Withdraw proposal").to)
    iva.sees("no longer here")
