"""An owner who coaches, too, acts on another coach's session: every page and message says whose it is and who acted."""

from datetime import timedelta

import pytest

from bot.chat.screen import Screen
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile, Role
from bot.domain.practice.offers import Place, PlaceKind
from storage.people import roles
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.conversation.crowded import crowded
from tests.handlers.conversation.test_addresses import reached
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, CLIENT, OWNER, done

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


@pytest.fixture
async def annas(chat: BareChat) -> Booking:
    """A paid session of Iva with Ana María, in the practice of Olga Owner, who coaches, too."""
    await ana_coaches(chat)
    return await chat.paid(IVA)


async def newest(chat: BareChat, who: Profile, kind: str) -> Screen:
    """The latest message of this kind to this person, as it reads now."""
    person = await chat.practice.meet(who, chat.practice.now())
    addresses = [address for to, address, _state in await chat.practice.notices(kind) if to == person.id]
    seen = await chat.notice(who, addresses[-1])
    assert seen is not None, addresses[-1]
    return seen


async def test_every_page_about_a_session_names_its_coach_to_an_owner(chat: BareChat, annas: Booking) -> None:
    olga, ana = Somebody(chat, OWNER), Somebody(chat, ANA)
    at = (await chat.later(annas))[-1]
    pages = ("booking", "coach-cancel", "propose", "late", "write", "notice/booked", "notice/moved",
             "notice/refund-failed", "notice/undeliverable", "notice/unsure", "notice/settle")  # fmt: skip
    for address in (*(f"{page}/{annas.id}" for page in pages), f"remind/{annas.id}/60", f"settling/{annas.id}",
                    f"propose/{annas.id}/{at.date()}", f"propose/{annas.id}/{at:%Y%m%dT%H%MZ}"):  # fmt: skip
        await olga.goes(address)
        olga.sees("Single: Iva with Ana María")
        await ana.goes(address)
        assert "Ana María" not in ana.text, address


async def test_who_calls_whom_is_said_to_who_is_neither(chat: BareChat) -> None:
    ana = await ana_coaches(chat)
    for kind, words in (
        (PlaceKind.PHONE_COACH_CALLS, "By phone: Ana María calls Iva, from +43 1 234"),
        (PlaceKind.PHONE_CLIENT_CALLS, "By phone: Iva calls Ana María at +43 1 234"),
    ):
        place = Place(kind, "+43 1 234")
        done(await chat.practice.coaches.set_place(await chat.practice.act(ANA, chat.practice.now()), ana, place))
        booking, olga = await chat.booked(IVA, timedelta(days=3)), Somebody(chat, OWNER)
        await olga.goes(f"booking/{booking.id}")
        olga.sees(words)


async def test_an_answer_goes_to_who_wrote(chat: BareChat, annas: Booking) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await olga.goes(f"write/{annas.id}")
    await olga.fills(text="The lift is broken, take the stairs")
    olga.sees("Sent to Iva")
    iva.screen = await newest(chat, IVA, "message")
    iva.sees("Olga Owner writes", "About: Single with Ana María")
    await iva.taps("Reply")
    assert iva.screen.form is not None
    assert "Olga Owner" in iva.screen.form.fields[0].label
    await iva.fills(text="Thank you")
    iva.sees("Sent to Olga Owner")
    olga.screen = await newest(chat, OWNER, "message")
    olga.sees("Iva writes", "Thank you", "About: Single: Iva with Ana María")
    await olga.taps("Reply")
    await olga.fills(text="See you")
    assert "See you" in as_text(await newest(chat, IVA, "message"))
    ana = await chat.practice.meet(ANA)
    assert ana.id not in {to for to, _address, _state in await chat.practice.notices("message")}


async def test_who_wrote_can_write_again_to_the_same_person(chat: BareChat, annas: Booking) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await olga.goes(f"write/{annas.id}")
    await olga.fills(text="Hello")
    iva.screen = await newest(chat, IVA, "message")
    await iva.taps("Reply")
    await iva.fills(text="Hi")
    told = await newest(chat, OWNER, "message")
    iva.screen = await iva.goes(told.address or "")
    iva.sees("You wrote to Olga Owner")
    await iva.taps("Write again")
    await iva.fills(text="One more thing")
    olga.screen = await newest(chat, OWNER, "message")
    olga.sees("One more thing")


async def test_an_answer_to_who_owns_it_no_more_goes_to_the_coach(chat: BareChat, annas: Booking) -> None:
    colleague = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Otto", language="en")
    otto, iva = Somebody(chat, colleague), Somebody(chat, IVA)
    await otto.goes(f"write/{annas.id}")
    await otto.fills(text="Hello")
    gone = await chat.practice.meet_quietly(colleague)
    await chat.practice.storage.write(lambda tx: roles.withdraw(tx, gone, Role.OWNER))
    iva.screen = await newest(chat, IVA, "message")
    await iva.taps("Reply")
    await iva.fills(text="Hi")
    iva.sees("Sent to Ana María")
    assert "Hi" in as_text(await newest(chat, ANA, "message"))


async def test_an_owner_writes_to_the_coach_of_a_session_and_reads_the_answer(chat: BareChat, annas: Booking) -> None:
    olga, ana = Somebody(chat, OWNER), Somebody(chat, ANA)
    await olga.goes(f"booking/{annas.id}")
    await olga.taps("Write to Ana María")
    await olga.fills(text="Could you take the big room?")
    ana.screen = await newest(chat, ANA, "message")
    ana.sees("Olga Owner writes", "About: Single with Iva")
    await ana.taps("Reply")
    await ana.fills(text="Gladly")
    assert "Gladly" in as_text(await newest(chat, OWNER, "message"))


async def test_nobody_is_written_to_who_has_no_part_in_it(chat: BareChat, annas: Booking) -> None:
    stranger, iva = await chat.practice.meet(CLIENT), Somebody(chat, IVA)
    await iva.goes(f"write/{annas.id}/{stranger.id}")
    await iva.fills(text="Hello")
    iva.sees("Sent to Ana María")
    assert {to for to, _address, _state in await chat.practice.notices("message")} == {annas.coach_person_id}


async def test_it_is_the_coach_who_runs_late(chat: BareChat, annas: Booking) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes(f"late/{annas.id}")
    olga.sees("How late will Ana María be?")
    await olga.taps("10 minutes")
    olga.sees("telling Iva that Ana María is 10 minutes late")
    told = as_text(await newest(chat, IVA, "message"))
    assert "Ana María is running about 10 minutes late" in told
    assert "Olga Owner writes" in told
    assert "Ana María is running about 10 minutes late" in as_text(await newest(chat, ANA, "message"))


async def test_a_cancel_says_who_did_it_and_why_to_each_of_them(chat: BareChat, annas: Booking) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{annas.id}")
    await olga.taps("Cancel session")
    assert olga.screen.form is not None
    assert [each.label for each in olga.screen.form.fields[0].choices] == ["Ana María is ill", "Something came up"]
    await olga.fills(reason="Water in the house")
    olga.sees("Single: Iva with Ana María", "Ana María reads that it was you", "Your reason: Water in the house")
    await olga.taps("Cancel session")
    olga.sees("Cancelled, and I am letting Iva and Ana María know.", "You cancelled it: “Water in the house”")
    said = "Olga Owner cancelled it for the practice: “Water in the house”"
    for who, what in ((IVA, "Cancelled: Single with Ana María"), (ANA, "Cancelled: Single with Iva")):
        told = as_text(await newest(chat, who, "cancelled"))
        assert what in told
        assert said in told


async def test_a_usual_reason_reads_in_the_language_of_its_reader(chat: BareChat) -> None:
    await ana_coaches(chat)
    for who, says, reads in (
        (OWNER, "Ana María is ill", "Olga Owner hat für die Praxis abgesagt: „Ana María ist krank“"),
        (ANA, "I am ill", "Ana María hat abgesagt: „Ich bin krank“"),
    ):
        booking, somebody = await chat.booked(CLIENT), Somebody(chat, who)
        await somebody.goes(f"coach-cancel/{booking.id}")
        await somebody.fills(reason=says)
        await somebody.taps("Cancel session")
        assert reads in as_text(await newest(chat, CLIENT, "cancelled"))


async def test_a_proposal_is_signed_and_its_answer_reaches_who_asked_and_the_coach(
    chat: BareChat, annas: Booking
) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    at = (await chat.later(annas))[-1]
    await olga.goes(f"propose/{annas.id}/{at:%Y%m%dT%H%MZ}")
    olga.sees("Ana María reads that it was you")
    await olga.taps("Ask")
    olga.sees("I am asking Iva and telling Ana María")
    told = as_text(await newest(chat, ANA, "proposal"))
    assert "Single with Iva" in told
    assert "Olga Owner proposed: " in told
    iva.screen = await newest(chat, IVA, "proposal")
    iva.sees("Olga Owner asks for another time", "Single with Ana María")
    asked = iva.screen
    await iva.taps("Message")
    await iva.fills(text="Why is that?")
    assert "Why is that?" in as_text(await newest(chat, OWNER, "message"))
    iva.screen = asked
    await iva.taps("Accept")
    iva.sees("Agreed, and I am letting Olga Owner know")
    for who, title, proposed in (
        (OWNER, "Your proposal to Iva", "You proposed: "), (ANA, "The proposal to Iva", "Olga Owner proposed: "),
    ):  # fmt: skip
        answer = as_text(await newest(chat, who, "proposal-answered"))
        for each in (title, proposed, "Iva accepted the new time."):
            assert each in answer, answer


async def test_a_coachs_own_proposal_is_answered_to_the_coach_alone(chat: BareChat, annas: Booking) -> None:
    ana, iva = Somebody(chat, ANA), Somebody(chat, IVA)
    at = (await chat.later(annas))[-1]
    await ana.goes(f"propose/{annas.id}/{at:%Y%m%dT%H%MZ}")
    assert "reads that it was you" not in ana.text
    await ana.taps("Ask")
    iva.screen = await newest(chat, IVA, "proposal")
    iva.sees("Ana María asks for another time")
    await iva.taps("Accept")
    assert len(await chat.practice.notices("proposal")) == 1
    [(person, _address, _state)] = await chat.practice.notices("proposal-answered")
    assert person == annas.coach_person_id


async def test_of_a_clients_several_sessions_the_one_that_is_meant_is_chosen(chat: BareChat) -> None:
    own = await chat.booked(IVA)
    await ana_coaches(chat)
    annas, olga = await chat.paid(IVA, timedelta(days=4)), Somebody(chat, OWNER)
    await olga.goes(f"client/{own.person_id}")
    olga.sees("Which session do you mean?")
    assert not [button for button in olga.buttons if button.text in ("Cancel session", "Propose a time", "Message")]
    buttons = [button for button in olga.buttons if button.to.startswith("booking/")]
    assert [button.to for button in buttons] == [f"booking/{own.id}", f"booking/{annas.id}"]
    assert buttons[0].text.endswith(" · Olga Owner")
    assert buttons[1].text.endswith(" · Ana María")
    await olga.goes(buttons[1].to)
    olga.sees("Single: Iva with Ana María", "[Propose a time]", "[Cancel session]")


async def test_many_sessions_to_come_are_turned_page_by_page(chat: BareChat) -> None:
    await chat.practice.allows(free=6)
    *_sooner, last = [await chat.booked(IVA, timedelta(days=1 + number)) for number in range(6)]
    olga = Somebody(chat, OWNER)
    await olga.goes(f"client/{last.person_id}")
    assert f"booking/{last.id}" not in {button.to for button in olga.buttons}
    await olga.taps("Later sessions")
    assert f"booking/{last.id}" in {button.to for button in olga.buttons}


async def test_each_session_that_waits_to_be_settled_is_named(chat: BareChat) -> None:
    own = await chat.booked(IVA, timedelta(days=1))
    await ana_coaches(chat)
    annas, olga = await chat.booked(IVA, timedelta(days=2)), Somebody(chat, OWNER)
    chat.practice.advance(days=5)
    await olga.goes(f"client/{own.person_id}")
    due = {button.to: button.text for button in olga.buttons if button.text.startswith("How it went")}
    assert due[f"settling/{own.id}"].endswith("· Olga Owner")
    assert due[f"settling/{annas.id}"].endswith("· Ana María")
    await olga.taps("Message")
    olga.sees("About: Intro with Iva")


async def test_the_trail_names_whose_session_was_changed(chat: BareChat, annas: Booking) -> None:
    olga = Somebody(chat, OWNER)
    await chat.practice.cancel(annas.id, OWNER)
    await olga.goes("audit")
    cancelled = next(n for n, line in enumerate(olga.screen.body) if "was cancelled" in line.text)
    assert "Single: Iva with Ana María · Olga Owner, through Telegram" in olga.screen.body[cancelled + 1].text


async def test_a_coach_reads_who_settled_a_session(chat: BareChat, annas: Booking) -> None:
    chat.practice.advance(days=7)
    olga, ana = Somebody(chat, OWNER), Somebody(chat, ANA)
    await olga.goes(f"settling/{annas.id}")
    await olga.goes(next(button.to for button in olga.buttons if button.text.endswith("no-show")))
    assert "said so" not in olga.text
    ana.screen = await ana.goes(f"notice/settle/{annas.id}")
    ana.sees("Settled: no-show", "Olga Owner said so.")


OF_NO_COACH = {
    "order/{order:id}", "notice/order-paid/{order:id}", "grant/{grant:id}", "grant/{grant:id}/adjust",
    "client-credits/{person:id}", "client-credits/{person:id}/give", "grant/{grant:id}/return",
    "order/{order:id}/keep", "order/{order:id}/paying", "receipts/of/{person:id}", "gift-open/{token:word}",
}  # fmt: skip
"""A package is bought from the practice, and its sessions can be with any of its coaches."""


async def test_wherever_an_owner_reads_of_a_client_it_says_whose(chat: BareChat) -> None:
    """Of every page and message of a practice in which everything has happened, all of it with another coach."""
    await ana_coaches(chat)
    seeds = await crowded(chat)
    nameless = {
        pattern
        for pattern, screens in (await reached(chat, OWNER, seeds)).items()
        for screen in screens
        if IVA.name in as_text(screen) and ANA.name not in f"{as_text(screen)} {screen.form}"
    }
    assert nameless == {"invite/pick", "letter/{letter:id}"} | OF_NO_COACH, "none is about a session"
