"""Commands and answers of coaches and owners as they come from a chat without modals: words and taps."""

import logging
import re

import pytest

from bot.chat.channel import Incoming
from bot.chat.screen import Button, Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile, Role
from bot.handlers.conversation.chat_front import ChatFront
from storage.engine import Storage
from tests.handlers.bare_chat import GUARD, BareChat, as_text
from tests.handlers.firstday import move_into
from tests.services.bare_practice import OWNER

THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


class Chat:
    """One person's private chat."""

    def __init__(self, chat: BareChat, profile: Profile) -> None:
        self.chat = chat
        self.profile = profile
        self.screen = Screen("")
        self.front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)

    async def _send(self, **said: str) -> None:
        window = Window(WindowKind.MESSAGE, chat_ref="1", message_ref="2")
        reply = await self.front.turn(Incoming(self.profile, self.chat.key(), window, **said))  # type: ignore[arg-type]
        assert reply is not None
        self.screen = reply.screen

    async def says(self, words: str) -> None:
        command, _, rest = words.partition(" ")
        await (self._send(command=command, text=rest) if words.startswith("/") else self._send(text=words))

    async def follows(self, payload: str) -> None:
        await self._send(payload=payload)

    async def taps(self, words: str) -> None:
        buttons = [each for row in self.screen.buttons for each in row if isinstance(each, Button)]
        [to] = [each.to for each in buttons if each.text.startswith(words)]
        await self._send(address=to)

    def sees(self, *words: str) -> None:
        for each in words:
            assert each in as_text(self.screen), f"{each!r} is not on:\n{as_text(self.screen)}"


async def test_six_answers_by_words_and_taps(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Chat(chat, OWNER)
    await olga.says("/setup")
    olga.sees("Setup 1 of 6", "What is your practice called?")
    await olga.says("Olga's practice")
    await olga.taps("EUR")
    await olga.says("Vienna")
    olga.sees("Setup 4 of 6", "[Someone else coaches]")
    await olga.taps("mon-fri 9-17")
    await olga.taps("Take: Session 50 min 0")
    await olga.says("https://meet.example/olga")
    olga.sees("Olga's practice is open")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("/today 24.12", "Thursday, 24 December 2026"),
        ("/today 24.12.", "Thursday, 24 December 2026"),
        ("/today 24 dec", "Thursday, 24 December 2026"),
        ("/today tomorrow", "Wednesday, 2 December 2026"),
        ("today fri", "Friday, 4 December 2026"),
        ("/today", "Tuesday, 1 December 2026"),
    ],
)
async def test_a_day_is_typed_behind_today(chat: BareChat, words: str, day: str) -> None:
    olga = Chat(chat, OWNER)
    await olga.says(words)
    assert olga.screen.title.replace(",", "") == day.replace(",", "")
    assert olga.screen.note is None


async def test_what_is_no_day_behind_today_is_said(chat: BareChat) -> None:
    olga = Chat(chat, OWNER)
    await olga.says("/today blursday")
    olga.sees("I read “blursday”, but that is no day", "1 December 2026")


async def test_an_owner_is_led_to_what_is_missing_from_the_first_word_on(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Chat(chat, OWNER)
    await olga.says("hi")
    buttons = [each.text for row in olga.screen.buttons for each in row if isinstance(each, Button)]
    assert buttons == ["Set up the practice", "Help"]
    await olga.taps("Set up")
    await olga.says("Olga's practice")
    await olga.says("Euro")
    olga.sees("Setup 3 of 6")


async def test_back_leads_to_the_answer_before_which_is_mended(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Chat(chat, OWNER)
    await olga.says("/setup")
    for words in ("Olgas practise", "EUR", "Vienna", "mon-fri 9-17", "Coching 50 min 0"):
        await olga.says(words)
    olga.sees("Setup 6 of 6")
    await olga.taps("Back")
    olga.sees("Setup 5 of 6", "Now: Coching 50 min 0")
    await olga.says("Coaching 1 h 0")
    olga.sees("Setup 6 of 6")
    [offer] = await chat.desk.offers.all()
    assert (offer.name, offer.length_min) == ("Coaching", 60)
    for number in (5, 4, 3, 2, 1):
        await olga.says("back")
        olga.sees(f"Setup {number} of 6")
    await olga.says("Olga's practice")
    olga.sees("Setup 6 of 6")
    await olga.says("cancel")
    olga.sees("Nothing was changed.")


async def test_setup_goes_on_after_a_command_in_between(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Chat(chat, OWNER)
    await olga.says("/setup")
    await olga.says("Olga's practice")
    await olga.says("/settings")
    olga.sees("put aside")
    await olga.says("/setup")
    olga.sees("Setup 2 of 6")


async def test_hours_in_the_line_of_the_command(chat: BareChat) -> None:
    olga = Chat(chat, OWNER)
    await olga.says("/availability mon-thu 9-12,14-17")
    olga.sees("This would change", "Mon: 09:00–12:00 → 09:00–12:00, 14:00–17:00", "[Save]")
    await olga.taps("Save")
    olga.sees("[Undo the last change]")
    await olga.says("/availability mon 9-5")
    olga.sees("“9-5” can be in the morning or in the afternoon", "[mon 9-17]")
    await olga.taps("mon 9-17")
    olga.sees("This would change", "Mon: 09:00–12:00, 14:00–17:00 → 09:00–17:00")
    await olga.taps("Change it")
    await olga.says("munday 14-9")
    olga.sees("I do not understand “munday”", "[monday 9-14]")
    await olga.says("off 3/4")
    olga.sees("“3/4” can be two different dates", "[off 3.4.]", "[off 4.3.]")
    await olga.taps("off 4.3.")
    olga.sees("This would change", "Thu 4 Mar: as every week → off")


async def test_settings_of_an_offer_one_by_one(chat: BareChat) -> None:
    olga = Chat(chat, OWNER)
    await olga.says("/setup")
    await olga.taps("Offers")
    await olga.taps("Single")
    await olga.taps("Limits")
    olga.sees("Limits (1 of 2)", "[Keep: none]", "[Cancel]")
    await olga.says("3")
    olga.sees("Limits (2 of 2)", "[Back]")
    await olga.says("2")
    olga.sees("lower than the one for a day", "Limits (2 of 2)")
    await olga.says("12")
    olga.sees("Saved.", "At most 3 a day", "At most 12 a week")


async def test_a_code_typed_after_the_command(chat: BareChat) -> None:
    olga, theo = Chat(chat, OWNER), Chat(chat, THEO)
    await olga.says("/setup")
    await olga.taps("Coaches")
    await olga.taps("Invite a coach")
    await olga.taps("Make a link")
    [code] = re.findall(r"/coach join (\S+)", as_text(olga.screen))
    await theo.says("/coach join wrong")
    theo.sees("Ask for a new one", "Which code were you given?")
    await theo.says(f"/coach join {code}")
    theo.sees("Welcome!", "Which time zone are your hours in?")


async def test_an_invitations_token_is_in_no_log(chat: BareChat, caplog: pytest.LogCaptureFixture) -> None:
    olga, theo = Chat(chat, OWNER), Chat(chat, THEO)
    await olga.says("/setup")
    await olga.taps("Coaches")
    await olga.taps("Invite a coach")
    await olga.taps("Make a link")
    [token] = re.findall(r"start=(\S+)", as_text(olga.screen))
    with caplog.at_level(logging.DEBUG):
        await theo.follows(token)
        addresses = [each.to for row in theo.screen.buttons for each in row if isinstance(each, Button)]
        addresses.append(theo.screen.address or "")
        await theo.taps("Accept")
    theo.sees("Welcome!")
    met = await chat.desk.people.meet(THEO, chat.practice.now())
    assert met is not None
    assert Role.COACH in met.person.roles
    written = "".join(str(record.__dict__) for record in caplog.records)
    assert "offered/" in written
    assert token not in written
    assert token not in str(addresses)
