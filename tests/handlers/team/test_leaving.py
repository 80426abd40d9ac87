"""A coach who left with sessions kept deals with those to the end; clients are led on to whoever is there."""

from datetime import timedelta

from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.people.people import Platform, Profile, Role
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import ANA, MORNINGS, OWNER, VIDEO, done, made

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en", zone="Europe/London")


async def ana_coaches(chat: BareChat) -> int:
    """A second coach of every offer; what is booked from here on is booked with her."""
    till = chat.practice
    ana = made(await till.invitations.accept(await till.act(ANA, till.now()), (await till.invite()).token))
    coach = await till.coach(ana)
    done(await till.hours.save(await till.act(ANA, till.now()), ana, coach.version, MORNINGS))
    done(await till.coaches.set_place(await till.act(ANA, till.now()), ana, VIDEO))
    for offer in (till.free, till.paid):
        done(await till.offers.set_coaches(await till.act(OWNER, till.now()), offer.id, [till.coach_id, ana]))
    till.free, till.paid = await till.offers.open_for(None)
    till.coach_id = ana
    return ana


async def ana_leaves(chat: BareChat, *, kept: list[Booking], cancelled: list[Booking]) -> None:
    act, coach = await chat.practice.act(OWNER, chat.practice.now()), chat.practice.coach_id
    fates = {**{each.id: "keep" for each in kept}, **{each.id: "cancel" for each in cancelled}}
    done(await chat.practice.coaches.remove(act, coach, fates))  # type: ignore[arg-type]


async def test_what_was_kept_stays_with_the_coach_who_left(chat: BareChat) -> None:
    coach = await ana_coaches(chat)
    kept = await chat.paid(IVA)
    await ana_leaves(chat, kept=[kept], cancelled=[])
    told = await chat.notice(ANA, f"removed/{coach}")
    assert told is not None
    assert "Single with Iva" in as_text(told)
    for address in (f"remind/{kept.id}/60", f"notice/booked/{kept.id}", f"booking/{kept.id}"):
        seen = await chat.notice(ANA, address)
        assert seen is not None, address
        assert "no longer here" not in as_text(seen), address
        assert "Propose" not in as_text(seen), address
    ana, iva = Somebody(chat, ANA), Somebody(chat, IVA)
    await iva.goes(f"write/{kept.id}")
    await iva.fills(text="Is it still on?")
    ana.screen = await chat.notice(ANA, "message/1") or ana.screen
    await ana.taps("Reply")
    await ana.fills(text="It is.")
    ana.sees("Sent to Iva")
    await ana.goes("today")
    ana.sees("Your coming sessions", "Single with Iva")
    await ana.goes("sessions")
    await ana.taps("Coming sessions")
    await ana.taps(next(button.text for button in ana.buttons if button.to == f"booking/{kept.id}"))
    ana.sees("Single with Iva", "[Message]", "[Cancel session]")
    assert "[Client]" not in ana.text
    for closed in (
        "hours", "hours/line", "coach", "coach/place", "clients", f"client/{kept.person_id}",
        f"today/{kept.starts.date()}",
    ):  # fmt: skip
        await ana.goes(closed)
        ana.sees("This is no longer here")


async def test_a_kept_session_is_its_coachs_until_it_is_over_and_an_owner_is_asked_how_it_went(
    chat: BareChat,
) -> None:
    await ana_coaches(chat)
    kept, ana, olga, iva = await chat.booked(IVA), Somebody(chat, ANA), Somebody(chat, OWNER), Somebody(chat, IVA)
    message = made(
        await chat.desk.messages.send(await chat.practice.act(IVA, chat.practice.now()), kept.id, "Which door?")
    )
    await ana_leaves(chat, kept=[kept], cancelled=[])
    for address in (f"booking/{kept.id}", f"message/{message}", f"write/{kept.id}", f"settling/{kept.id}"):
        assert "no longer here" not in as_text(await ana.goes(address)), address
    chat.practice.advance(days=7)
    for address in (f"booking/{kept.id}", f"message/{message}", f"write/{kept.id}", f"settling/{kept.id}"):
        await ana.goes(address)
        ana.sees("This is no longer here")
    await ana.goes("agenda")
    assert "Iva" not in ana.text
    asked = [person for person, _address, state in await chat.practice.notices("settle") if state == "pending"]
    assert asked == [(await olga.turn()).person.id]
    olga.screen = await chat.notice(OWNER, f"notice/settle/{kept.id}") or olga.screen
    held = next(button for button in olga.buttons if button.text.endswith("held"))
    await olga.goes(held.to)
    assert (await chat.practice.found(kept.id)).outcome is Outcome.TOOK_PLACE
    await iva.goes(f"write/{kept.id}")
    await iva.fills(text="Thank you!")
    iva.sees("Sent to Olga Owner")
    assert (await ana.turn()).person.roles == {Role.CLIENT}


async def test_an_owner_settles_it_from_the_client_page(chat: BareChat) -> None:
    await ana_coaches(chat)
    kept, olga = await chat.booked(IVA), Somebody(chat, OWNER)
    await ana_leaves(chat, kept=[kept], cancelled=[])
    chat.practice.advance(days=7)
    await olga.goes(f"client/{kept.person_id}")
    olga.sees("Intro with Ana María")
    await olga.taps("How it went")
    held = next(button for button in olga.buttons if button.text.endswith("held"))
    await olga.goes(held.to)
    assert (await chat.practice.found(kept.id)).outcome is Outcome.TOOK_PLACE


async def test_the_client_of_a_kept_session_reads_that_it_cannot_be_moved(chat: BareChat) -> None:
    await ana_coaches(chat)
    kept, iva = await chat.booked(IVA), Somebody(chat, IVA)
    before = await chat.notice(IVA, f"notice/booked/{kept.id}")
    assert before is not None
    assert "Moving is free until" in as_text(before)
    await ana_leaves(chat, kept=[kept], cancelled=[])
    for address in (f"notice/booked/{kept.id}", f"booking/{kept.id}", f"cancel/{kept.id}"):
        seen = await chat.notice(IVA, address)
        assert seen is not None
        assert "Move" not in as_text(seen), address
        assert "[Cancel session]" in as_text(seen)
    await iva.goes(f"booking/{kept.id}")
    iva.sees("cannot be moved")
    await iva.goes(f"move/{kept.id}")
    iva.sees("The session stays as it is")


async def test_who_was_cancelled_by_a_removal_is_led_to_another_coach(chat: BareChat) -> None:
    await ana_coaches(chat)
    lost, iva = await chat.paid(IVA), Somebody(chat, IVA)
    await ana_leaves(chat, kept=[], cancelled=[lost])
    told = await chat.notice(IVA, f"notice/cancelled/{lost.id}")
    assert told is not None
    iva.screen = told
    iva.sees("Reason: Ana María no longer coaches here.", "with another coach")
    assert len([button for button in iva.buttons if "/0/" in button.to and "review" in button.to]) == 3
    await iva.taps("Book again")
    iva.sees("Single: which day?")
    await iva.goes(f"days/{lost.offer_id}/{lost.coach_id}")
    iva.sees("no longer coaches here", "Single: which day?")


async def test_nobody_promises_that_an_offer_comes_back_which_nobody_does(chat: BareChat) -> None:
    lost, iva = await chat.paid(IVA), Somebody(chat, IVA)
    await ana_leaves(chat, kept=[], cancelled=[lost])
    await iva.goes(f"booking/{lost.id}")
    await iva.taps("Book again")
    iva.sees("[Other offers]")
    assert "when it is back" not in iva.text


async def test_times_of_another_offer_are_sent_when_the_own_is_closed(chat: BareChat) -> None:
    lost, olga = await chat.paid(IVA), Somebody(chat, OWNER)
    paid = await chat.practice.offers.find(lost.offer_id)
    assert paid is not None
    done(await chat.practice.offers.pause(await chat.practice.act(OWNER, chat.practice.now()), paid.id, paid.version))
    await olga.goes(f"coach-cancel/{lost.id}")
    await olga.fills(reason="I am ill")
    olga.sees("three other times")
    await olga.taps("Cancel session")
    told = await chat.notice(IVA, f"notice/cancelled/{lost.id}")
    assert told is not None
    assert "for Intro:" in as_text(told)
    assert as_text(told).count("(Kyiv)") >= 4


async def test_no_times_are_promised_when_there_are_none(chat: BareChat) -> None:
    lost, olga = await chat.paid(IVA), Somebody(chat, OWNER)
    for offer in await chat.practice.offers.open_for():
        done(
            await chat.practice.offers.pause(
                await chat.practice.act(OWNER, chat.practice.now()), offer.id, offer.version
            )
        )
    await olga.goes(f"coach-cancel/{lost.id}")
    await olga.fills(reason="I am ill")
    olga.sees("now, with your reason.")
    assert "other times" not in olga.text


async def test_pages_name_the_coach_where_there_are_several(chat: BareChat) -> None:
    alone, olga = await chat.booked(THEO), Somebody(chat, OWNER)
    await olga.goes(f"booking/{alone.id}")
    assert "Coach:" not in olga.text
    await ana_coaches(chat)
    hers = await chat.booked(IVA, after=timedelta(days=4))
    await olga.goes(f"booking/{hers.id}")
    olga.sees("with Ana María")
    await olga.goes(f"client/{hers.person_id}")
    olga.sees("Intro with Ana María")


async def test_a_hold_that_nobody_paid_is_not_counted_as_booked(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await chat.practice.hold(await chat.next_start(True), IVA)
    await olga.goes(f"team/{chat.practice.coach_id}")
    olga.sees("0 sessions are booked.")
    assert "Next:" not in olga.text


async def test_who_left_with_sessions_kept_can_be_invited_again(chat: BareChat) -> None:
    coach = await ana_coaches(chat)
    kept, olga = await chat.booked(IVA), Somebody(chat, OWNER)
    await ana_leaves(chat, kept=[kept], cancelled=[])
    await olga.goes("invite/pick")
    await olga.taps("Ana María")
    asked = await chat.notice(ANA, "invited/2")
    assert asked is not None
    ana = Somebody(chat, ANA)
    ana.screen = asked
    await ana.taps("Accept")
    assert (await ana.turn()).person.coach_id == coach
    await ana.goes("coach")
    ana.sees("Cannot be booked yet", "No offer is open with you yet")


async def test_money_for_a_hold_that_the_practice_cancelled_goes_back(chat: BareChat) -> None:
    await ana_coaches(chat)
    held = await chat.practice.hold(await chat.next_start(True), IVA)
    page = await chat.practice.page(held)
    await ana_leaves(chat, kept=[], cancelled=[held])
    await chat.practice.pays(page)
    await chat.practice.heard()
    assert (await chat.practice.found(held.id)).state is BookingState.CANCELLED
    assert await chat.practice.refunds() == [(4500, "late")]
