"""Whoever has no session reaches the practice and is answered; who coaches stands before the choice."""

from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")
STRANGER = Profile(Platform.TELEGRAM, "", "7009", "7009", "Eve", language="en")

SECOND = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Otto", language="en")


async def last_letter(chat: BareChat) -> str:
    return (await chat.practice.notices("letter"))[-1][1]


async def test_a_person_without_a_session_reaches_a_human_and_is_answered(chat: BareChat) -> None:
    theo, olga, eve = (Somebody(chat, who) for who in (THEO, OWNER, STRANGER))
    await theo.goes("help")
    await theo.taps("Talk to a human")
    await theo.taps("Write to the practice")
    await theo.fills(text="Do you work with teams?")
    theo.sees("Sent. The answer comes here.")
    await olga.goes(await last_letter(chat))
    olga.sees("Theo writes", "Do you work with teams?", "[Reply]")
    await eve.goes(await last_letter(chat))
    eve.sees("no longer here")
    await olga.goes(await last_letter(chat))
    await olga.taps("Reply")
    await olga.fills(text="Yes, up to eight people.")
    await theo.goes(await last_letter(chat))
    theo.sees("Olga Owner writes", "Yes, up to eight people.", "[Reply]")
    await theo.taps("Reply")
    await theo.fills(text="Thank you")
    await olga.goes(await last_letter(chat))
    olga.sees("Theo writes", "Thank you")


async def test_what_one_owner_answers_the_others_read(chat: BareChat) -> None:
    theo, olga, second = (Somebody(chat, who) for who in (THEO, OWNER, SECOND))
    await second.goes("start")
    await theo.goes("ask")
    await theo.fills(text="Do you work with teams?")
    _olgas, of_second = await chat.practice.notices("letter")
    await olga.goes(_olgas[1])
    await olga.taps("Reply")
    await olga.fills(text="Yes, up to eight people.")
    told = (await chat.practice.notices("letter"))[2:]
    assert [person for person, *_rest in told] == [await chat.practice.meet_quietly(THEO), of_second[0]]
    await second.goes(told[1][1])
    second.sees("Olga Owner answered Theo", "Yes, up to eight people.")
    assert [button.text for button in second.buttons] == ["Start"]


async def test_who_a_coach_is_stands_before_the_choice(chat: BareChat) -> None:
    theo, olga = Somebody(chat, THEO), Somebody(chat, OWNER)
    await olga.goes("setup")
    olga.sees("✗ About me: clients read nothing yet")
    await olga.taps("Human contact")
    await olga.fills(answer="desk@example.test")
    await olga.goes("setup")
    await olga.taps("About me")
    await olga.fills(about="Executive coach,\n 15 years in tech teams")
    olga.sees("Saved.")
    await theo.goes("start")
    theo.sees("Olga Owner: Executive coach, 15 years in tech teams", "Single · 50 minutes · €45.00")
    await theo.goes(f"about/{chat.practice.coach_id}")
    theo.sees("no longer here")
    await olga.goes("setup")
    assert "About me" not in olga.text
