"""Pager: a chat platform that posts JSON to a webhook, and keeps what it is sent in memory."""

import hmac
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from bot.channels.port import ChatPlatform
from bot.chat.channel import Front, Incoming, Sent
from bot.chat.screen import Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Account, Platform, Profile
from bot.http_route import HttpRoute

GUARD = "the secret, compared in constant time"


class PagerChannel:
    """Implements `ChatPlatform`. `shown` holds the screens of each chat, the oldest first."""

    platform = Platform("pager")
    settings: tuple[str, ...] = ("PAGER_SECRET",)

    def __init__(self, secret: str, front: Front) -> None:
        self._secret = secret
        self._front = front
        self.shown: dict[str, list[Screen]] = defaultdict(list)

    def routes(self) -> Sequence[HttpRoute]:
        return [HttpRoute("POST", "/pager/webhook", self.handle, GUARD)]

    async def handle(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("Pager-Secret", "").encode(), self._secret.encode()):
            return web.Response(status=401)
        update = await request.json()
        chat, window = update["user"], Window(WindowKind.MESSAGE, update["user"])
        profile = Profile(self.platform, "", chat, chat, update["name"])
        key = f"pager:{update['id']}"
        incoming = Incoming(profile, key, window, text=update.get("text"), address=update.get("address"))
        reply = await self._front.turn(incoming)
        if reply is not None:
            await self._front.shown(reply.account, self._post(chat, reply.screen).message_ref)
        return web.Response()

    async def start(self, *, receive: bool) -> None:
        return None

    async def close(self) -> None:
        return None

    async def check(self) -> str | None:
        return None

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        return self._post(to.chat_ref or to.user_ref, screen)

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        self.shown[sent.chat_ref][int(sent.message_ref)] = screen

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        return None

    async def publish_home(self, to: Account, screen: Screen) -> None:
        return None

    def _post(self, chat: str, screen: Screen) -> Sent:
        self.shown[chat].append(screen)
        return Sent(chat, str(len(self.shown[chat]) - 1))


_IMPLEMENTS: type[ChatPlatform] = PagerChannel
