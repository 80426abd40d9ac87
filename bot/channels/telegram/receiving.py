"""Takes one update: reads it, releases a waiting button, runs the turn and shows the answer. No update is refused."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import telegram
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.reply.living import tapped
from bot.channels.telegram.calls import Calls
from bot.channels.telegram.groups import for_group, private_link
from bot.channels.telegram.inbound import START, Heard, Malformed, read
from bot.channels.telegram.invoices import Invoices
from bot.channels.telegram.menus import PersonalMenus
from bot.channels.telegram.posting import Poster
from bot.channels.telegram.windows import TelegramWindows
from bot.chat.channel import Front, Incoming, NotDelivered, Reply
from bot.chat.remembered import Remembered
from bot.chat.screen import Screen
from bot.chat.till import Till
from bot.chat.words import DEFAULT_LANGUAGE, _, known_language, speaking
from bot.domain.payments.invoices import Collected, Question
from bot.domain.people.people import Role
from bot.logs import describe
from storage.engine import StorageAway

log = logging.getLogger(__name__)

TYPING_AFTER_S = 1.0
TYPING_AGAIN_S = 4.0
REMEMBERED = 4096
AT_ONCE = 16
"""Updates of one chat that are in hand or wait for that. Whoever sends more at once is a program."""

Spawn = Callable[[Coroutine[Any, Any, object]], "asyncio.Task[Any]"]


class Line:
    """The updates of one chat, one after the other."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.taken = 0


class TelegramReceiver:
    """Keeps the order of a chat inside this process; `username` is asked when it is needed.

    Without a `till` nothing can be paid in the chat.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        calls: Calls,
        front: Front,
        poster: Poster,
        windows: TelegramWindows,
        spawn: Spawn,
        username: Callable[[], str | None],
        invoices: Invoices,
        till: Till | None,
    ) -> None:
        self._bot = bot
        self._calls = calls
        self._front = front
        self._poster = poster
        self._windows = windows
        self._spawn = spawn
        self._username = username
        self._invoices = invoices
        self._till = till
        self._menus = PersonalMenus(bot, front)
        self._bot_ref = bot.token.partition(":")[0]
        self._lines: WeakValueDictionary[str, Line] = WeakValueDictionary()
        self._shown: Remembered[str, bool] = Remembered(REMEMBERED)

    async def receive(self, update: Mapping[str, Any]) -> None:
        """Handle one update with an `update_id`. Raises StorageAway, and then nothing was done; nothing else."""
        key = f"telegram:{self._bot_ref}:{update['update_id']}"
        try:
            heard = self._read(update, key)
            if heard is not None:
                await self._take(heard, key)
        except StorageAway:
            raise
        except Exception:  # an update that cannot be handled must not hold up its chat for ever
            log.exception("telegram.update_failed", extra={"ids": {"key": key}})

    def queue(self, update: Mapping[str, Any]) -> str:
        """The chat in whose order the update stands; its own id where that cannot be told."""
        key = str(update.get("update_id"))
        heard = self._read(update, key)
        return key if heard is None else heard.chat_ref

    def _read(self, update: Mapping[str, Any], key: str) -> Heard | None:
        """What it says to us; None where that is nothing, or nothing that can be read."""
        try:
            return read(update, key, self._username())
        except Malformed as wrong:
            log.info("telegram.malformed", extra={"ids": {"key": key, "part": str(wrong)}})
            return None

    async def _take(self, heard: Heard, key: str) -> None:
        """What is about money waits for nothing else that is said in its chat."""
        if heard.question is not None:
            await self._let_pay(heard, heard.question)
            return
        if heard.collected is not None:
            await self._keep_money(heard.collected, key)
            return
        if heard.query_id is not None:
            self._spawn(self._answer_query(heard, heard.query_id))
        with self._typing(heard):
            await self._in_turn(heard, key)

    async def _let_pay(self, heard: Heard, question: Question) -> None:
        """Without an answer Telegram takes no money."""
        if self._till is None:
            return
        refusal = await self._till.asked(heard.profile, question)
        await self._quietly(self._invoices.answer(heard.question_id or "", refusal))

    async def _keep_money(self, money: Collected, key: str) -> None:
        """Unlike anything else it is told again until it is kept, whatever keeps us from that."""
        if self._till is None:
            raise StorageAway("no till")
        try:
            await self._till.collected(money)
        except StorageAway:
            raise
        except Exception as failed:
            log.exception("telegram.money_failed", extra={"ids": {"key": key}})
            raise StorageAway("money was not kept") from failed

    async def _in_turn(self, heard: Heard, key: str) -> None:
        line = self._lines.setdefault(heard.chat_ref, Line())
        if line.taken >= AT_ONCE and heard.incoming is not None and heard.private:
            await self._say(heard, heard.incoming, await self._front.turned_away(heard.incoming))
            return
        line.taken += 1
        try:
            async with line.lock:
                await self._answer(heard, key)
        finally:
            line.taken -= 1

    async def _answer(self, heard: Heard, key: str) -> None:
        """A second delivery has waited for the first; what that one showed is not shown again."""
        if self._shown.get(key):
            return
        if heard.standing:
            await self._front.reachable(heard.profile, heard.unreachable)
            return
        if heard.incoming is None or not (heard.private or self._is_ours(heard.incoming)):
            return
        reply = await self._front.turn(self._with_progress(heard, heard.incoming))
        if await self._say(heard, heard.incoming, reply):
            self._shown.put(key, True)

    async def _say(self, heard: Heard, incoming: Incoming, reply: Reply | None) -> bool:
        if reply is None:
            return False
        with speaking(reply.language):
            return await self._show(heard, incoming, reply)

    def _with_progress(self, heard: Heard, incoming: Incoming) -> Incoming:
        """Slow work is told of in the message that was tapped; elsewhere the chat shows that the bot types."""
        message_ref = tapped(incoming.window)
        if message_ref is None or not heard.private:
            return incoming

        async def tell(words: str) -> None:
            await self._quietly(self._poster.revise(heard.chat_ref, message_ref, Screen(words)))

        return replace(incoming, progress=tell)

    async def _show(self, heard: Heard, incoming: Incoming, reply: Reply) -> bool:
        if heard.private:
            app_language = known_language(heard.profile.language)
            if self._menus.is_due(heard.chat_ref, reply, app_language):
                self._spawn(self._quietly(self._menus.give(heard.chat_ref, reply, app_language)))
            return await self._windows.answer(incoming.window, reply)
        screen = for_group(reply, incoming.command or START, self._username())
        post = self._poster.post(heard.chat_ref, screen, under=heard.asked_in)
        return await self._quietly(post)

    def _is_ours(self, incoming: Incoming) -> bool:
        """In a group other bots have commands, too."""
        ours = {name for name, _words in self._front.menu(DEFAULT_LANGUAGE, [role.value for role in Role])}
        return incoming.command in {*ours, START}

    async def _answer_query(self, heard: Heard, query_id: str) -> None:
        """Stop the button's spinning. One that waited too long cannot be answered any more."""
        more = {} if heard.private else self._way_home(heard)
        await self._quietly(self._calls.call("answerCallbackQuery", {"callback_query_id": query_id, **more}))

    def _way_home(self, heard: Heard) -> dict[str, object]:
        """A button in a group does nothing there: it opens the private chat of who tapped it."""
        username = self._username()
        if username is not None:
            return {"url": private_link(username)}
        with speaking(known_language(heard.profile.language)):
            return {"text": _("Write to me in our private chat, please."), "show_alert": True}

    @contextmanager
    def _typing(self, heard: Heard) -> Iterator[None]:
        """Work that takes longer is seen to be done. Most is done at once, so nothing runs for it before."""
        begun: list[asyncio.Task[Any]] = []
        waits = asyncio.get_running_loop().call_later(
            TYPING_AFTER_S, lambda: begun.append(self._spawn(self._type(heard)))
        )
        try:
            yield
        finally:
            waits.cancel()
            for task in begun:
                task.cancel()

    async def _type(self, heard: Heard) -> None:
        """The sign lasts five seconds (Bot API, sendChatAction)."""
        while heard.private and heard.incoming is not None:
            await self._quietly(self._bot.send_chat_action(int(heard.chat_ref), ChatAction.TYPING))
            await asyncio.sleep(TYPING_AGAIN_S)

    async def _quietly(self, call: Awaitable[object]) -> bool:
        """For what is a courtesy: failing is logged, and False."""
        try:
            await call
        except (NotDelivered, TelegramError) as failed:
            log.info("telegram.courtesy_failed", extra={"ids": {"error": describe(failed)}})
            return False
        return True
