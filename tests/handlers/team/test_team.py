"""Coaches: invited by link, code or hand, paused, and removed with a word on each booking."""

import re

from bot.domain.bookings.bookings import BookingState
from bot.domain.people.people import Platform, Profile, Role
from bot.domain.practice.coaches import CoachState
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import ANA, OWNER
from tests.services.selling_practice import guest

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def invited(chat: BareChat) -> tuple[Somebody, str, str]:
    """The owner with the screen of a new invitation, its token and its code."""
    olga = Somebody(chat, OWNER)
    await olga.goes("invite")
    await olga.taps("Make a link")
    [token] = re.findall(r"start=(\S+)", olga.text)
    [code] = re.findall(r"/coach join (\S+)", olga.text)
    return olga, token, code


async def roles(chat: BareChat, who: Profile) -> frozenset[Role]:
    met = await chat.desk.people.meet(who, chat.practice.now())
    assert met is not None
    return met.person.roles


async def test_a_link_makes_a_coach_once(chat: BareChat) -> None:
    olga, token, _code = await invited(chat)
    olga.sees("https://t.me/front_bot?start=j-", "shown only now")
    theo = Somebody(chat, THEO)
    met = await chat.desk.people.meet(THEO, chat.practice.now())
    assert met is not None
    to = await chat.desk.sharing.resolve(token, met.person, chat.practice.now())
    assert to is not None
    await theo.goes(to)
    theo.sees("Coach at Olga's practice?", "[Accept]", "[Not now]")
    iva = Somebody(chat, IVA)
    await iva.goes(theo.screen.address or "")
    iva.sees("used, withdrawn or is too old")
    await iva.goes(theo.button("Accept").to)
    assert await roles(chat, IVA) == {Role.CLIENT}
    await theo.taps("Accept")
    theo.sees("Welcome!")
    for answer in ("London", "mon-fri 9-17", "https://meet.example/theo"):
        await theo.fills(answer=answer)
    theo.sees("Theo", "Cannot be booked yet", "No offer is open with you yet", "London")
    olga = Somebody(chat, OWNER)
    await olga.goes("team")
    olga.sees("Theo: Cannot be booked yet")
    told = await chat.notice(OWNER, f"joined/{(await theo.turn()).person.coach_id}")
    assert told is not None
    assert "Theo coaches here now" in as_text(told)

    await iva.goes(to)
    iva.sees("used, withdrawn or is too old")
    assert await roles(chat, IVA) == {Role.CLIENT}


async def test_a_code_is_typed_and_a_wrong_one_is_told(chat: BareChat) -> None:
    _olga, _token, code = await invited(chat)
    ana = Somebody(chat, ANA)
    await ana.goes("coach/join")
    form = ana.screen.form
    assert form is not None
    turn = await ana.turn()
    refused = await chat.router.send(turn, form.to, {"code": "aaaaa-bbbbb"})
    assert "older than seven days" in str(refused)
    await ana.fills(code=code.upper())
    ana.sees("Welcome!")
    assert Role.COACH in await roles(chat, ANA)


async def test_a_withdrawn_invitation_is_dead(chat: BareChat) -> None:
    olga, token, _code = await invited(chat)
    await olga.taps("Open invitations")
    await olga.taps("Withdraw no. 1")
    olga.sees("Withdrawn", "No invitation is open")
    theo = Somebody(chat, THEO)
    await theo.goes(f"coach/accept/{token}")
    theo.sees("used, withdrawn or is too old")


async def test_only_the_picked_person_can_accept(chat: BareChat) -> None:
    await Somebody(chat, ANA).goes("start")
    olga, iva, ana = Somebody(chat, OWNER), Somebody(chat, IVA), Somebody(chat, ANA)
    await olga.goes("invite/pick")
    await olga.taps("Ana María")
    assert await chat.notice(IVA, "invited/1") is None
    await ana.goes("invited/1")
    accept = ana.button("Accept").to
    await iva.goes(accept)
    assert await roles(chat, IVA) == {Role.CLIENT}
    await ana.goes(accept)
    assert Role.COACH in await roles(chat, ANA)


async def test_whoever_wrote_can_be_picked_however_many_there_are(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    for number in range(1, 11):
        await Somebody(chat, guest(number)).goes("start")
    await olga.goes("invite/pick")
    seen: dict[str, str] = {}  # the newest first: on which page each stands depends on the second in which they came
    while True:
        picks = [button for button in olga.buttons if button.to.startswith("invite/") and "Guest" in button.text]
        seen |= {button.text: button.to for button in picks}
        if "[Next page]" not in olga.text:
            break
        await olga.taps("Next page")
    assert len(seen) == 10
    assert "Olga" not in olga.text
    await olga.goes(next(to for text, to in seen.items() if text.startswith("Guest 10")))
    olga.sees("Invited")
    olga.sees("For Guest 10,")


async def test_a_coach_pauses_and_an_owner_resumes(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("coach")
    await olga.taps("Pause new bookings")
    olga.sees("Paused")
    await olga.goes(f"team/{chat.practice.coach_id}")
    await olga.taps("Take bookings again")
    olga.sees("Takes bookings")


async def test_removing_asks_about_each_booking(chat: BareChat) -> None:
    kept, dropped = await chat.booked(IVA), await chat.paid(THEO)
    olga, coach_id = Somebody(chat, OWNER), chat.practice.coach_id
    await olga.goes(f"team/{coach_id}")
    await olga.taps("Remove Olga Owner")
    form = olga.screen.form
    assert form is not None
    assert len(form.fields) == 2
    await olga.fills(**{f"booking-{kept.id}": "Keep it", f"booking-{dropped.id}": "Cancel, refund in full"})
    olga.sees("Remove Olga Owner?", "Intro with Iva: kept", "Single with Theo: cancelled, €45.00 goes back")
    assert (await chat.practice.coach(coach_id)).state is CoachState.ACTIVE
    yes = olga.button("Remove Olga Owner").to
    await olga.goes(yes)
    olga.sees("no longer coaches here")
    told = await chat.practice.notices("cancelled")
    await olga.goes(yes)
    olga.sees("Done already.")
    assert await chat.practice.notices("cancelled") == told != []
    assert (await chat.practice.coach(coach_id)).state is CoachState.REMOVED
    assert (await chat.practice.found(kept.id)).state is BookingState.CONFIRMED
    assert (await chat.practice.found(dropped.id)).state is BookingState.CANCELLED


async def test_a_booking_made_meanwhile_is_asked_about(chat: BareChat) -> None:
    kept, olga = await chat.booked(IVA), Somebody(chat, OWNER)
    await olga.goes(f"team/{chat.practice.coach_id}/remove")
    await olga.fills(**{f"booking-{kept.id}": "Keep it"})
    await chat.paid(THEO)
    await olga.taps("Remove Olga Owner")
    olga.sees("Remove a coach", "all questions again")
    assert olga.screen.form is not None
    assert len(olga.screen.form.fields) == 2


async def test_a_place_keeps_its_kind_when_it_is_shown_again(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("coach/place")
    await olga.fills(answer="I call from +43 660 1234567")
    olga.sees("the coach calls, from +43 660 1234567")
    await olga.goes("coach/place")
    form = olga.screen.form
    assert form is not None
    assert form.fields[0].default == "I call from +43 660 1234567"
