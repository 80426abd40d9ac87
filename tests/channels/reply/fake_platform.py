"""A chat platform that exists nowhere: its private chats are lists of messages, and it fails on request."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from bot.channels.reply import living
from bot.channels.reply.port import Revised
from bot.channels.reply.replies import Patience, Replies
from bot.chat.channel import Front, Reply, Sent
from bot.chat.screen import Button, Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Account, Platform


@dataclass
class Message:
    screen: Screen
    notice: bool = False


@dataclass
class FakeChat:
    """Implements `PrivateChat`. `troubles` are raised in turn by whatever writes or changes a message.

    `meanwhile` happens while a message is on its way; `fixed`: what was written can never be changed, as by SMS.
    """

    chat_ref: str = "chat"
    messages: dict[str, Message] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    fixed: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, screen: Screen, *, notice: bool) -> Sent:
        await self._goes()
        ref = f"m{len(self.messages)}"
        self.messages[ref] = Message(screen, notice)
        self.arrived.set()
        return Sent(self.chat_ref, ref)

    async def revise(self, message_ref: str, screen: Screen, *, notice: bool) -> Revised:
        if self.fixed:
            return Revised.UNFIT
        await self._goes()
        if message_ref not in self.messages:
            return Revised.GONE
        self.messages[message_ref] = Message(screen, notice)
        return Revised.DONE

    async def strip(self, message_ref: str) -> None:
        await self._goes()
        if not self.fixed:
            message = self.messages[message_ref]
            message.screen = replace(message.screen, buttons=())

    def is_below(self, message_ref: str, other_ref: str) -> bool:
        order = list(self.messages)
        return order.index(message_ref) > order.index(other_ref)

    async def _goes(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        if self.troubles:
            raise self.troubles.pop(0)

    @property
    def seen(self) -> list[tuple[str, bool]]:
        """What each message says, and whether it has buttons."""
        return [(message.screen.title, bool(message.screen.buttons)) for message in self.messages.values()]


class FakeChannel:
    """As small as a channel's windows can be: a chat, a front, and the replies."""

    def __init__(self, chat: FakeChat, front: Front, patience: Patience) -> None:
        self._chat = chat
        self._front = front
        self.replies = Replies(patience)

    async def answer(self, window: Window, reply: Reply, *, again: bool = True) -> bool:
        show = partial(living.show, self._front, self._chat, window)
        return await self.replies.give(self._front, reply, self._chat.chat_ref, show, again=again)


ANA = Account(1, 1, Platform.TELEGRAM, "", "ana", "chat")


def typed(title: str, living_ref: str | None = None, screen: Screen | None = None) -> Reply:
    """The reply to words, which stands below them."""
    return Reply(ANA, screen or page(title), "en", living_ref, new=True)


def tap(message_ref: str, title: str, living_ref: str | None, *, notice: bool = False) -> tuple[Window, Reply]:
    window = Window(WindowKind.MESSAGE, "chat", message_ref, notice=notice)
    return window, Reply(ANA, page(title), "en", living_ref, new=notice)


def page(title: str) -> Screen:
    return Screen(title, buttons=((Button("On", "start"),),))
