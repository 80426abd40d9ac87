"""What a platform delivers again while the person goes on: what stands in the chat is not written over."""

from dataclasses import replace

import pytest

from bot.chat.channel import Incoming, Reply
from bot.chat.router import show
from bot.chat.screen import Button, Field, Form, Line, Screen
from bot.chat.turn import Turn, Window, WindowKind
from bot.handlers.conversation.chat_front import ChatFront
from bot.services.desk import Desk
from tests.handlers.bare_chat import GUARD, BareChat
from tests.handlers.conversation.test_chat import THEO


class Pages:
    """Two pages; the person goes on to the second while the first is made for a copy of the tap that led there."""

    def __init__(self, chat: BareChat) -> None:
        self._made = 0
        self.went_on: Reply | None = None
        self._chat = chat
        chat.use(chat.desk, (show("one", self._one), show("two", self._two), show("asks", self._asks)))

    async def hears(self, key: str, address: str) -> Reply | None:
        window = Window(WindowKind.MESSAGE, chat_ref="1", message_ref="2")
        return await self.takes(Incoming(THEO, key, window, address=address))

    async def takes(self, incoming: Incoming) -> Reply | None:
        """As a process of its own."""
        front = ChatFront(self._chat.desk, self._chat.router, GUARD, self._chat.practice.now, wrote=lambda: None)
        return await front.turn(incoming)

    async def _one(self, _turn: Turn, _desk: Desk) -> Screen:
        self._made += 1
        if self._made == 2:
            self.went_on = await self.hears("tap:2", "two")
        return _page("One")

    async def _asks(self, _turn: Turn, _desk: Desk) -> Screen:
        return replace(_page("Asks"), form=Form("one", (Field("name", "Name"),), "Save"))

    async def _two(self, _turn: Turn, _desk: Desk) -> Screen:
        return _page("Two")


def _page(title: str) -> Screen:
    return Screen(title, (Line("."),), ((Button("One", "one"),),))


async def test_a_copy_whose_page_was_made_while_the_person_went_on_is_not_shown(chat: BareChat) -> None:
    pages = Pages(chat)
    first = await pages.hears("tap:1", "one")
    assert first is not None
    assert await pages.hears("tap:1", "one") is None
    assert pages.went_on is not None
    assert pages.went_on.screen.title == "Two"


async def test_a_copy_of_an_answer_that_nobody_showed_is_shown(chat: BareChat) -> None:
    """The process that said that it answers has died; the person waits."""
    pages = Pages(chat)
    await pages.hears("tap:1", "two")
    again = await pages.hears("tap:1", "two")
    assert again is not None
    assert again.screen.title == "Two"


async def test_a_copy_of_a_tap_whose_answer_became_a_message_of_its_own_says_nothing(chat: BareChat) -> None:
    """Such as the last step in a window of Slack, of which another process knows nothing."""
    pages = Pages(chat)
    first = await pages.hears("tap:1", "two")
    assert first is not None
    await chat.desk.conversations.living(first.account.id, "77", "tap:1")
    assert await pages.hears("tap:1", "two") is None


OPENS = {
    "a tap on Home": Incoming(THEO, "tap:1", Window(WindowKind.HOME, trigger="1"), address="asks", modals=True),
    "a tap in a window": Incoming(
        THEO, "tap:1", Window(WindowKind.MODAL, trigger="1", view_ref="V1"), address="asks", modals=True
    ),
    "a tap on a message": Incoming(
        THEO, "tap:1", Window(WindowKind.MESSAGE, chat_ref="1", message_ref="2", trigger="1"), address="asks",
        modals=True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OPENS)
async def test_a_copy_of_what_opened_a_window_opens_none_and_asks_nothing_in_the_chat(
    chat: BareChat, what: str
) -> None:
    """Its trigger is spent, and the chat was asked in the place of the window that cannot be opened."""
    pages, opens = Pages(chat), OPENS[what]
    first = await pages.takes(opens)
    assert first is not None
    assert first.screen.is_step
    assert await pages.takes(opens) is None
    in_chat = replace(opens, key="tap:1:chat", window=Window(WindowKind.MESSAGE), modals=False)
    assert await pages.takes(in_chat) is not None


async def test_what_was_chosen_in_a_window_is_answered_each_time_that_it_comes(chat: BareChat) -> None:
    """The answer rides on the response, and whoever carried the first one may have lost it."""
    pages = Pages(chat)
    chosen = replace(OPENS["a tap in a window"], submitted=True)
    assert [(await pages.takes(chosen)) is None for _each in range(2)] == [False, False]
