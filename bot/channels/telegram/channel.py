"""The Telegram channel: updates in, messages out. Nothing here touches the network before it is asked to."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

import telegram
from aiohttp import web

from bot.channels.telegram import webhook_faults
from bot.channels.telegram.background import ALLOWED_UPDATES, PATH, Introduction
from bot.channels.telegram.calls import Calls
from bot.channels.telegram.errors import meaning
from bot.channels.telegram.invoices import Invoices
from bot.channels.telegram.polling import Poller, PollingLease
from bot.channels.telegram.posting import Poster
from bot.channels.telegram.receiving import TelegramReceiver
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.windows import TelegramWindows
from bot.chat.channel import Away, Front, NoHistory, PerhapsDelivered, Sent
from bot.chat.limits import ONE_A_SECOND, Limit, Limits
from bot.chat.screen import Screen
from bot.chat.till import Till
from bot.clock import Clock
from bot.config import Telegram
from bot.domain.people.people import Account, Platform
from bot.http_body import read_body
from bot.http_route import HttpRoute
from bot.integrations.vendor import VendorAway
from bot.logs import describe
from bot.tally import REFUSED
from storage.engine import StorageAway

log = logging.getLogger(__name__)

GUARD = "the webhook's secret, compared in constant time"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
# Telegram sends an update again after this many seconds (it honours the header up to an hour).
RETRY_AFTER_S = 5
POLLING = "polling"


class TelegramChannel:
    """Implements `bot.channels.port.ChatPlatform`.

    `named` hears the bot's username as soon as Telegram told it. `lease` is needed for polling only; without a
    `till` nothing can be paid in the chat.
    """

    platform = Platform.TELEGRAM
    limits = Limits(Limit(30, 1 / 29.3, 1 / 20), ONE_A_SECOND)
    """30 a second for a bot, one a second into a chat (Bots FAQ, "How can I message all of my bot's subscribers")."""

    settings: tuple[str, ...] = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL")

    def __init__(
        self,
        settings: Telegram,
        public_url: str,
        front: Front,
        *,
        named: Callable[[str], None] = lambda _username: None,
        lease: PollingLease | None = None,
        till: Till | None = None,
    ) -> None:
        token = settings.bot_token or ""
        self._settings = settings
        self._secret = settings.webhook_secret
        self._named = named
        self._username: str | None = None
        self._request = AiohttpRequest()
        self._bot = telegram.Bot(
            token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        calls = Calls(self._bot.base_url, self._request)
        self.invoices = Invoices(calls, settings.payment_provider_token)
        self._poster = Poster(calls)
        self._windows = TelegramWindows(self._poster, front)
        self._receiver = TelegramReceiver(
            self._bot, calls, front, self._poster, self._windows, self._spawn, lambda: self._username, self.invoices,
            till,
        )  # fmt: skip
        secret = self._secret if settings.mode != POLLING else None
        self._introduction = Introduction(self._bot, front, self._learned, public_url=public_url, secret=secret)
        self._poller: Poller | None = None
        if settings.mode == POLLING and lease is not None:
            self._poller = Poller(self._bot, self._request, lease, self._receiver.receive, self._receiver.queue)
        self._polling: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._introducing: asyncio.Task[None] | None = None

    @property
    def username(self) -> str | None:
        """The bot's name in links, None until Telegram told it."""
        return self._username

    def routes(self) -> Sequence[HttpRoute]:
        return [HttpRoute("POST", "/telegram/webhook", self.handle, GUARD)]

    async def start(self, *, receive: bool = True) -> None:
        """Introduce the bot and, where so set, poll, all in the background. A worker does not `receive`."""
        self._introducing = asyncio.create_task(self._introduction.make(only_name=not receive))
        if receive and self._poller is not None:
            self._polling = asyncio.create_task(self._poller.run())

    async def close(self) -> None:
        """Finish what is in hand, then close the session."""
        if self._introducing is not None:
            self._introducing.cancel()
            await asyncio.gather(self._introducing, return_exceptions=True)
        if self._poller is not None and self._polling is not None:
            self._poller.stop()
            await self._polling
        await self._windows.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._request.shutdown()

    async def renew(self) -> None:
        """A bot's token has no end."""

    async def handle(self, request: web.Request) -> web.Response:
        """POST /telegram/webhook. 2xx for every authentic update with an id, once the reply was tried."""
        if not self._is_from_telegram(request):
            REFUSED.count("telegram: secret")
            return web.Response(status=401)
        body = await read_body(request)
        if body is None:
            return web.Response(status=413)
        update = _read(body)
        if update is None:
            return web.Response(status=400)
        try:
            await self._receiver.receive(update)
        except StorageAway:
            return web.Response(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        return web.Response()

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        """Telegram keeps no metadata with a message: `key` stays here."""
        chat_ref = to.chat_ref or to.user_ref
        return Sent(chat_ref, await self._poster.post(chat_ref, screen, notice=True))

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        where = (sent.chat_ref, sent.message_ref, screen)
        if not await self._poster.revise(*where, notice=True):
            await self._poster.recaption(*where, notice=True)

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        """A bot cannot read a chat's history."""
        raise NoHistory

    async def answers(self) -> bool:
        try:
            await self._bot.get_me()
        except telegram.error.TelegramError as error:
            return not isinstance(meaning(error), Away | PerhapsDelivered)
        except (LookupError, TypeError, ValueError, AttributeError):
            return False
        return True

    async def publish_home(self, to: Account, screen: Screen) -> None:
        """Telegram has no home page."""

    async def check(self) -> str | None:
        """What is wrong with the token or the way to Telegram; None when it answers."""
        try:
            await self._bot.get_me()
        except telegram.error.TelegramError as refused:
            return refused.message
        except (LookupError, TypeError, ValueError, AttributeError):  # the library reads what it was promised
            return "what answers there is not Telegram"
        return None

    async def webhook_faults(self, public_url: str) -> list[str]:
        """What keeps Telegram from telling us of updates, each with what to do; nothing where we poll for them."""
        if self._poller is not None:
            return []
        try:
            info = await self._bot.get_webhook_info()
        except (telegram.error.TelegramError, LookupError, TypeError, ValueError, AttributeError) as failed:
            raise VendorAway(type(failed).__name__) from failed
        return webhook_faults.faults(info, public_url + PATH, ALLOWED_UPDATES, Clock.real())

    def _is_from_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return bool(self._secret) and hmac.compare_digest(given, (self._secret or "").encode())

    def _learned(self, username: str) -> None:
        self._username = username
        self._named(username)

    def _spawn(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Run beside the answer; `close` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("telegram.task_failed", extra={"ids": {"error": describe(error)}})


def _read(body: bytes) -> Mapping[str, Any] | None:
    """The update in a body; None when it is not JSON or has no id."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and type(update.get("update_id")) is int else None
