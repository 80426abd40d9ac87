"""Pager: a chat platform that posts JSON to a webhook, and keeps what it is sent in memory."""

import hmac
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from aiohttp import web

from bot.channels.port import ChatPlatform
from bot.channels.reply import living
from bot.channels.reply.port import PrivateChat, Revised
from bot.channels.reply.replies import Patience, Replies
from bot.chat.channel import Front, Incoming, NoHistory, Sent
from bot.chat.limits import Limit, Limits
from bot.chat.screen import Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Account, Platform, Profile
from bot.http_route import HttpRoute

GUARD = "the secret, compared in constant time"


class PagerChannel:
    """Implements `ChatPlatform`. `shown` holds the screens of each chat, the oldest first."""

    platform = Platform("pager")
    limits = Limits(Limit(5, 0.2, 0.2))
    settings: tuple[str, ...] = ("PAGER_SECRET",)

    def __init__(self, secret: str, front: Front) -> None:
        self._secret = secret
        self._front = front
        self._replies = Replies(Patience())
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
            show = partial(living.show, self._front, PagerChat(chat, self.shown[chat]), window)
            await self._replies.give(self._front, reply, chat, show)
        return web.Response()

    async def start(self, *, receive: bool) -> None:
        return None

    async def close(self) -> None:
        await self._replies.close()

    async def renew(self) -> None: ...

    async def check(self) -> str | None:
        return None

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        chat = to.chat_ref or to.user_ref
        return await PagerChat(chat, self.shown[chat]).post(screen, notice=True)

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        self.shown[sent.chat_ref][int(sent.message_ref)] = screen

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        raise NoHistory

    async def answers(self) -> bool:
        return True

    async def publish_home(self, to: Account, screen: Screen) -> None:
        return None


class PagerChat:
    """Implements `PrivateChat`. What was answered stands: the next answer comes below it."""

    def __init__(self, chat_ref: str, screens: list[Screen]) -> None:
        self.chat_ref = chat_ref
        self._screens = screens

    async def post(self, screen: Screen, *, notice: bool) -> Sent:
        self._screens.append(screen)
        return Sent(self.chat_ref, str(len(self._screens) - 1))

    async def revise(self, message_ref: str, screen: Screen, *, notice: bool) -> Revised:
        return Revised.UNFIT

    async def strip(self, message_ref: str) -> None:
        return None

    def is_below(self, message_ref: str, other_ref: str) -> bool:
        return int(message_ref) > int(other_ref)


_IMPLEMENTS: tuple[type[ChatPlatform], type[PrivateChat]] = (PagerChannel, PagerChat)
