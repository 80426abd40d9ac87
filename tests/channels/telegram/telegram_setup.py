"""Serves the Telegram channel's webhook beside the stand-in, with a front that answers by a script."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.telegram.background import PATH
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import PollingLease
from bot.chat.channel import Incoming, Reply, Sent
from bot.chat.screen import Button, Kept, Screen
from bot.chat.till import Till
from bot.config import Telegram
from bot.domain.people.people import Account, Platform, Profile, Role, Unreachable
from bot.sandbox.standin import serve
from storage.engine import StorageAway
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room

SECRET = "a-secret_of-the-webhook"
MENU = {
    "en": {"client": ("/book", "Book a session"), "coach": ("/today", "Your day"), "owner": ("/setup", "Set up")},
    "de": {"client": ("/book", "Termin buchen"), "coach": ("/today", "Ihr Tag"), "owner": ("/setup", "Einrichten")},
}


def page(title: str, *labels: str, **more: Any) -> Screen:
    return Screen(title, (), tuple((Button(label, f"go/{label.lower()}"),) for label in labels), **more)


def echo(incoming: Incoming) -> Screen:
    said = incoming.address or incoming.command or incoming.payload or incoming.text or "nothing"
    return page(f"Read {said}", "One", "Two")


@dataclass
class ScriptedFront:
    """Keeps what it heard, and where each person's living message stands."""

    script: Callable[[Incoming], Screen] = echo
    heard: list[Incoming] = field(default_factory=list)
    sent_away: list[Incoming] = field(default_factory=list)
    standing: list[tuple[str, Unreachable | None]] = field(default_factory=list)
    living: dict[str, str | None] = field(default_factory=dict)
    kept_messages: list[tuple[Kept, Sent]] = field(default_factory=list)
    unseen_replies: list[tuple[str | None, float]] = field(default_factory=list)
    roles: frozenset[Role] = frozenset({Role.CLIENT})
    language: str = "en"
    away: bool = False
    delay: float = 0.0
    busy: int = 0
    most_at_once: int = 0

    async def turn(self, incoming: Incoming) -> Reply | None:
        self.busy += 1
        self.most_at_once = max(self.most_at_once, self.busy)
        await asyncio.sleep(self.delay)
        self.busy -= 1
        if self.away:
            raise StorageAway
        self.heard.append(incoming)
        profile = incoming.profile
        account = Account(1, 1, Platform.TELEGRAM, "", profile.user_ref, profile.chat_ref)
        living = self.living.get(profile.user_ref)
        new = incoming.address is None or incoming.window.notice
        screen = self.script(incoming)
        return Reply(account, screen, self.language, living, new=new, roles=self.roles)

    async def kept(self, account: Account, what: Kept, sent: Sent, key: str | None = None) -> str | None:
        self.kept_messages.append((what, sent))
        return None

    async def is_living(self, account: Account, message_ref: str) -> bool:
        return True

    async def drawn_over(self, account: Account, message_ref: str) -> None: ...

    def keeps(self, account: Account, message_ref: str) -> bool:
        return any(sent.message_ref == message_ref for _what, sent in self.kept_messages)

    async def unseen(self, reply: Reply, seconds: float) -> None:
        self.unseen_replies.append((reply.screen.address, seconds))

    async def turned_away(self, incoming: Incoming) -> Reply | None:
        self.sent_away.append(incoming)
        return None

    async def shown(self, account: Account, message_ref: str | None, key: str | None = None) -> None:
        self.living[account.user_ref] = message_ref

    async def reachable(self, profile: Profile, why_not: Unreachable | None) -> None:
        self.standing.append((profile.user_ref, why_not))

    async def profile_changed(self, profile: Profile) -> None:
        raise AssertionError("Telegram tells of no profile")

    async def workspace_gone(self, workspace: str, at: datetime | None) -> None:
        raise AssertionError("Telegram has no workspaces")

    def menu(self, language: str, roles: Sequence[str]) -> Sequence[tuple[str, str]]:
        return [MENU[language][role] for role in ("client", "coach", "owner") if role in roles]


@dataclass
class TelegramSetup:
    running: RunningTelegram
    front: ScriptedFront
    channel: TelegramChannel
    url: str

    async def post(self, body: Any = None, *, secret: str | None = SECRET, data: bytes | None = None) -> int:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        given = {"data": io.BytesIO(data)} if data is not None else {"json": body}
        async with self.running.session.post(self.url + PATH, headers=headers, **given) as answer:
            return answer.status

    async def says(self, user: int, text: str, **more: Any) -> None:
        await self.running.act("say", user=user, text=text, **more)
        await self.quiet()

    async def taps(self, user: int, message_id: int, text: str, **more: Any) -> None:
        await self.running.act("tap", user=user, message_id=message_id, text=text, **more)
        await self.quiet()

    async def quiet(self) -> None:
        """Until every update was taken, and the answers to buttons went out."""
        await self.running.until_quiet()
        await asyncio.sleep(0.03)

    async def sees(self, user: int, chat: int | None = None) -> list[dict[str, Any]]:
        """The bot's messages, oldest first."""
        shown = (await self.running.chat(user, chat))["messages"]
        return [message for message in shown if message["from_bot"]]

    def calls(self, name: str) -> list[dict[str, Any]]:
        return [call.params for call in self.running.standin.journal.calls(name)]


@asynccontextmanager
async def open_office(
    *, mode: str = "webhook", lease: PollingLease | None = None, start: bool = True, front: ScriptedFront | None = None
) -> AsyncIterator[TelegramSetup]:
    async with (
        open_room() as running,
        open_channel(running, mode, lease, start, front or ScriptedFront()) as telegram_setup,
    ):
        yield telegram_setup


@asynccontextmanager
async def open_channel(
    running: RunningTelegram,
    mode: str,
    lease: PollingLease | None,
    start: bool,
    front: ScriptedFront,
    till: Till | None = None,
) -> AsyncIterator[TelegramSetup]:
    app = web.Application(client_max_size=1024 * 1024)
    served = await serve(app_with_door(app, lambda: channel))
    token = running.standin.world.till.provider_token
    settings = Telegram(running.standin.token, SECRET, mode, running.served.url, token)
    channel = TelegramChannel(settings, served.url, front, lease=lease, till=till)
    telegram_setup = TelegramSetup(running, front, channel, served.url)
    try:
        if start:
            await channel.start()
            await introduced(telegram_setup)
        yield telegram_setup
    finally:
        await channel.close()
        await served.close()


def app_with_door(app: web.Application, channel: Callable[[], TelegramChannel]) -> web.Application:
    async def door(request: web.Request) -> web.StreamResponse:
        return await channel().handle(request)

    app.router.add_post(PATH, door)
    return app


async def introduced(telegram_setup: TelegramSetup) -> None:
    """Until Telegram was told everything: the German short description comes last."""
    await until(lambda: any("language_code" in call for call in telegram_setup.calls("setMyShortDescription")))


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")
