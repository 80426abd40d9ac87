"""Shows an answer in the message that was tapped, or in a new one below what was typed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from telegram.error import TelegramError

from bot.channels.telegram.errors import Away
from bot.channels.telegram.posting import Poster
from bot.chat.channel import CannotReach, Front, NotDelivered, PerhapsDelivered, Reply, Sent, TryLater
from bot.chat.elsewhere import elsewhere
from bot.chat.late import Late
from bot.chat.screen import Screen
from bot.chat.turn import Window
from bot.logs import describe
from storage.engine import StorageAway

T = TypeVar("T")

log = logging.getLogger(__name__)

# The next thing that this person says waits behind the answer: a longer wait goes on in the background.
PATIENCE_S = 1.0
RETRY_AFTER_FAULT_S = 0.5
LATER_AFTER_FAULT_S = 2.0
# When nobody knows whether the answer stands.
UNKNOWN_S = 5.0


class TelegramWindows:
    def __init__(self, poster: Poster, front: Front) -> None:
        self._poster = poster
        self._front = front
        self._late = Late()

    async def close(self) -> None:
        """Replies that still wait are left to the outbox."""
        await self._late.close()

    async def answer(self, window: Window, reply: Reply) -> bool:
        """Show a reply in the private chat it belongs to. False when it did not get through, or not yet."""
        chat_ref = window.chat_ref
        assert chat_ref is not None
        before = await self._late.replace(chat_ref)
        if before is not None:
            reply = replace(reply, living_ref=before)
        try:
            await patiently(lambda: self._stand(chat_ref, window, reply))
        except CannotReach:
            return True  # they left: the platform tells of it by itself
        except TryLater as later:
            await self._late.wait(
                chat_ref,
                _waiting(later),
                lambda: self._stand_late(chat_ref, window, reply),
                lambda failed: self._put_off(reply, failed),
            )
            return False
        except NotDelivered as failed:
            await self._put_off(reply, failed)
            return False
        except TelegramError as failed:
            _lost(reply, failed)
            return False
        return True

    async def _put_off(self, reply: Reply, failed: NotDelivered) -> None:
        """The outbox says it again when it may be said, as a message of its own."""
        log.info("telegram.reply_put_off", extra={"ids": {"account": reply.account.id, "error": describe(failed)}})
        try:
            await self._front.unseen(reply, failed.seconds if isinstance(failed, TryLater) else UNKNOWN_S)
        except StorageAway:
            _lost(reply, failed)

    async def _stand_late(self, chat_ref: str, window: Window, reply: Reply) -> str | None:
        try:
            return await self._stand(chat_ref, window, reply)
        except CannotReach:
            return None
        except TryLater as later:
            raise _waiting(later) from later
        except TelegramError as failed:
            _lost(reply, failed)
            return None

    async def _stand(self, chat_ref: str, window: Window, reply: Reply) -> str:
        shown = await self._show(chat_ref, window, reply)
        await self._keep_one_living(chat_ref, window, reply, shown)
        return shown

    async def _show(self, chat_ref: str, window: Window, reply: Reply) -> str:
        """The message in which the reply now stands. One that is gone, or cannot hold it, gives way to a new one."""
        tapped = None if window.notice or reply.new else window.message_ref
        plain = reply.screen.picture is None
        keeps = reply.screen.kept is not None
        if tapped is not None and plain and await self._revised(chat_ref, tapped, reply.screen, notice=keeps):
            return tapped
        return await self._poster.post(chat_ref, reply.screen, notice=keeps)

    async def _revised(self, chat_ref: str, message_ref: str, screen: Screen, *, notice: bool) -> bool:
        """A change may be made twice: one of which nobody knows is made again."""
        try:
            return await self._poster.revise(chat_ref, message_ref, screen, notice=notice)
        except PerhapsDelivered as failed:
            raise Away from failed

    async def _keep_one_living(self, chat_ref: str, window: Window, reply: Reply, shown: str) -> None:
        """What came before loses its buttons, notices aside. Failing here loses nothing but tidiness."""
        dead = {reply.living_ref, None if window.notice else window.message_ref} - {None, shown}
        before = None
        if shown != reply.living_ref or reply.screen.kept is not None:
            try:
                before = await self._remember(chat_ref, reply, shown)
                dead |= {before} - {None, shown}
            except StorageAway:
                log.warning("telegram.living_not_kept", extra={"ids": {"account": reply.account.id}})
        for message_ref in dead:
            try:
                if message_ref != before or not await self._point(chat_ref, str(before), reply, shown):
                    await self._poster.strip(chat_ref, str(message_ref))
            except (NotDelivered, TelegramError) as failed:
                log.info("telegram.buttons_left", extra={"ids": {"error": describe(failed)}})

    async def _point(self, chat_ref: str, before: str, reply: Reply, shown: str) -> bool:
        """The message of a hold says where the hold goes on; False where it stays as it is."""
        kept = reply.screen.kept
        words = None if kept is None else elsewhere(kept, below=int(before) < int(shown))
        return words is not None and await self._poster.revise(chat_ref, before, words)

    async def _remember(self, chat_ref: str, reply: Reply, shown: str) -> str | None:
        """The message is the living one, or that of a hold; returns one that it takes the place of."""
        if reply.screen.kept is None:
            await self._front.shown(reply.account, shown)
            return None
        return await self._front.kept(reply.account, reply.screen.kept, Sent(chat_ref, shown))


def _waiting(later: TryLater) -> TryLater:
    """A person waits, so a fault is tried again sooner than for a notice; a wait that was asked for is kept."""
    return TryLater(LATER_AFTER_FAULT_S) if isinstance(later, Away) else later


def _lost(reply: Reply, failed: Exception) -> None:
    log.warning("telegram.reply_lost", extra={"ids": {"account": reply.account.id, "error": describe(failed)}})


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Once more, after a second at most, when nothing was done and that is enough."""
    try:
        return await call()
    except Away:
        wait = RETRY_AFTER_FAULT_S
    except TryLater as later:
        if later.seconds > PATIENCE_S:
            raise
        wait = later.seconds
    await asyncio.sleep(wait)
    return await call()
