"""Runs a person's turn on Slack: finds who it is, asks the front, and shows the answer in its window."""

from dataclasses import replace
from itertools import count
from typing import Any

from bot.channels.reply.living import tapped
from bot.channels.slack import inbound
from bot.channels.slack.background import Background
from bot.channels.slack.chats import Chats
from bot.channels.slack.inbound import SlackSender
from bot.channels.slack.modal import Origin
from bot.channels.slack.profiles import Profiles
from bot.channels.slack.tokens import Tokens
from bot.channels.slack.windows import SlackWindows
from bot.chat.channel import Front, Incoming, Reply, Sent
from bot.chat.screen import Line, Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Account, Profile
from storage.engine import StorageAway

Json = dict[str, Any]


class Turns:
    def __init__(
        self, tokens: Tokens, profiles: Profiles, chats: Chats, windows: SlackWindows, background: Background
    ) -> None:
        self._tokens = tokens
        self._profiles = profiles
        self._chats = chats
        self._windows = windows
        self._background = background
        self._front: Front | None = None
        self._numbers = count()

    def attach(self, front: Front) -> None:
        self._front = front

    @property
    def front(self) -> Front:
        """Raises `StorageAway` as long as nobody answers yet: it is to be tried again."""
        if self._front is None:
            raise StorageAway("nobody answers yet")
        return self._front

    async def known(self, sender: SlackSender, body: Json) -> tuple[str, Profile] | None:
        """The token to answer with, and who it is; None where nobody is to be answered."""
        token = await self._tokens.of(sender.workspace, sender.enterprise)
        if token is None:
            return None
        chat_ref = inbound.direct_of(body)
        if chat_ref is not None:
            self._chats.learn(sender.workspace, sender.user_ref, chat_ref)
        chat_ref = self._chats.known(sender.workspace, sender.user_ref)
        profile = await self._profiles.of(sender, token, chat_ref)
        if profile is None or (
            self._profiles.is_stranger(sender) and not await self._tokens.serves(sender.workspace, sender.enterprise)
        ):
            return None
        return token, profile

    async def receive(self, incoming: Incoming, token: str, origin: Origin | None = None) -> None:
        number = next(self._numbers)
        reply = await self.front.turn(self._with_progress(incoming, token, number))
        if reply is None:
            return
        window = incoming.window
        if not reply.screen.is_step or not incoming.modals:
            self.show(reply, window, token, number, origin)
            return
        if not await self._windows.open_step(reply, window, token, _origin(incoming, origin), number):
            await self.ask_in_chat(incoming, reply, token)

    def _with_progress(self, incoming: Incoming, token: str, number: int) -> Incoming:
        """Slow work is told of in the message that was tapped; the answer follows in the same lane."""
        window, message_ref = incoming.window, tapped(incoming.window)
        if window.kind is not WindowKind.MESSAGE or window.chat_ref is None or message_ref is None:
            return incoming
        sent = Sent(window.chat_ref, message_ref)

        async def edit(words: str) -> None:
            if self._windows.is_newest(incoming.profile, window, number):
                await self._chats.edit(sent, token, Screen(words))

        async def tell(words: str) -> None:
            self._background.follow(lane(incoming.profile), lambda: edit(words))

        return replace(incoming, progress=tell)

    async def ask_in_chat(self, incoming: Incoming, reply: Reply, token: str) -> None:
        """The modal could not be opened: what it asks is asked in the private chat."""
        window = incoming.window
        if window.kind in (WindowKind.HOME, WindowKind.MODAL):
            window = Window(WindowKind.MESSAGE)
        again = replace(
            incoming, key=f"{incoming.key}:chat", window=window, address=reply.screen.address, command=None, text=None,
            home=False, modals=False,
        )  # fmt: skip
        asked = await self.front.turn(again)
        if asked is not None:
            self.show(replace(asked, new=True), window, token)

    async def say_in_chat(self, words: str, profile: Profile, token: str) -> None:
        """Raises `NotDelivered` and `Refused`."""
        await self._chats.post(profile, token, Screen("", (Line(words),)))

    def show(
        self, reply: Reply, window: Window, token: str, number: int | None = None, origin: Origin | None = None
    ) -> None:
        """`number`: what came before has a lower one; without one it is the newest. `origin` of the modal, in one."""
        account = reply.account
        at = next(self._numbers) if number is None else number
        self._profiles.spoke(account.workspace, account.user_ref, reply.language)
        self._background.follow(lane(account), lambda: self._windows.show(self.front, reply, window, token, at, origin))


def _origin(incoming: Incoming, before: Origin | None) -> Origin:
    """Where the outcome of a form will be shown."""
    window = incoming.window
    if window.kind is WindowKind.HOME:
        return Origin(window="home")
    if window.kind is WindowKind.MODAL and before is not None:
        return Origin(window=before.window)
    return Origin(window="new" if window.notice or incoming.command is not None else "")


def lane(of: SlackSender | Account | Profile) -> str:
    return f"{of.workspace}:{of.user_ref}"
