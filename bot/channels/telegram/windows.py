"""Shows an answer in the message that was tapped, or in a new one below what was typed."""

from functools import partial

from bot.channels.reply import living
from bot.channels.reply.port import Revised
from bot.channels.reply.replies import Patience, Replies
from bot.channels.telegram.errors import AWAY_S
from bot.channels.telegram.posting import Poster
from bot.chat.channel import Away, Front, PerhapsDelivered, Reply, Sent
from bot.chat.screen import Screen
from bot.chat.turn import Window


class TelegramWindows:
    def __init__(self, poster: Poster, front: Front) -> None:
        self._poster = poster
        self._front = front
        # The next thing that a person says waits behind the answer, so no long wait is sat out.
        self._replies = Replies(Patience())

    async def close(self) -> None:
        """Replies that still wait are left to the outbox."""
        await self._replies.close()

    async def answer(self, window: Window, reply: Reply) -> bool:
        """Show a reply in the private chat it belongs to. False when it did not get through, or not yet."""
        chat_ref = window.chat_ref
        assert chat_ref is not None
        chat = TelegramPrivateChat(self._poster, chat_ref)
        return await self._replies.give(self._front, reply, chat_ref, partial(living.show, self._front, chat, window))


class TelegramPrivateChat:
    """Implements `bot.channels.reply.port.PrivateChat`."""

    def __init__(self, poster: Poster, chat_ref: str) -> None:
        self._poster = poster
        self.chat_ref = chat_ref

    async def post(self, screen: Screen, *, notice: bool) -> Sent:
        return Sent(self.chat_ref, await self._poster.post(self.chat_ref, screen, notice=notice))

    async def revise(self, message_ref: str, screen: Screen, *, notice: bool) -> Revised:
        """A message of words cannot become a picture or a file. Telegram does not tell one that is gone from one that
        is not to be changed."""
        if screen.picture is not None or screen.file is not None:
            return Revised.UNFIT
        try:
            done = await self._poster.revise(self.chat_ref, message_ref, screen, notice=notice)
        except PerhapsDelivered as failed:
            raise Away(AWAY_S) from failed
        return Revised.DONE if done else Revised.UNFIT

    async def strip(self, message_ref: str) -> None:
        await self._poster.strip(self.chat_ref, message_ref)

    def is_below(self, message_ref: str, other_ref: str) -> bool:
        return int(message_ref) > int(other_ref)
