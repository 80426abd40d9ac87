"""The product in this process, behind its real doors, in a practice in which everything has happened.

The story is told once; from then on each batch begins with a copy of its database.
"""

import copy
import logging
import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from aiohttp.test_utils import TestClient, TestServer

from bot import app, http_routes, sweeps
from bot.channels.slack.channel import SlackChannel
from bot.config import Settings, load
from bot.domain.people.people import Platform, Profile
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.standin import SandboxClock, StandIn, serve
from bot.sandbox.stripe.idempotency import Idempotency
from bot.sandbox.telegram.flood import UNLIMITED
from bot.sandbox.telegram.standin import TelegramStandIn
from bot.sandbox.telegram.state import User
from bot.web.server import application
from storage.engine import Storage
from storage.sealing import Sealer
from storage.upkeep import migrate
from tests.fuzz.judge import Failures, Ledger, complaints
from tests.fuzz.shots import Shot
from tests.fuzz.story import CAST, OWN, TEAM, told
from tests.handlers.bare_chat import BareChat
from tests.promises.posting import Poster
from tests.services import paid_practice

SECRET_KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
GROUP = -1_002_000_000_000
PUBLIC_CHANNEL = "C0GENERAL"
WEBHOOK_SECRET = "a-secret-of-the-webhook"
FAST = RateLimits(post_per_second=1e9, tier_burst=1e9)
ENGLISH = "en-US"
OF_STRIPE = (
    "sessions", "intents", "charges", "refunds", "balance", "unbooked", "customers", "methods", "setups", "tax_ids",
    "calculations", "associations", "disputes", "warnings",
)  # fmt: skip
"""What the stand-in of Stripe keeps of a practice."""


class World:
    """`database_url` None: SQLite in `folder`, with a ledger of what changes."""

    house: app.App
    poster: Poster
    settings: Settings
    ledger: Ledger | None = None

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self._story = folder / "story.db"
        self._live = folder / "live.db"
        self.url = database_url
        self.failures = Failures()
        self.seeds: list[str] = []
        self._outside = AsyncExitStack()
        self._inside = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for name in ("bot", "aiohttp.server"):
            logging.getLogger(name).addHandler(self.failures)
            self._outside.callback(logging.getLogger(name).removeHandler, self.failures)
        logging.getLogger("bot").setLevel(logging.INFO)
        url = self.url or f"sqlite:///{self._story}"
        if self.url is None:
            await migrate.migrate(url)
        storage = await Storage.open(url, Sealer([SECRET_KEY]))
        self._outside.push_async_callback(storage.close)
        self.practice = await self._outside.enter_async_context(paid_practice.running(storage))
        self.chat = BareChat(self.practice)
        self.seeds = await told(self.chat)
        await self.practice.control("options", webhook_url=None)
        await self.practice.webhook.drain()
        self._account = copy.deepcopy({name: getattr(self.practice.sandbox.account, name) for name in OF_STRIPE})
        self._now = self.practice.now()
        self.clock = SandboxClock(self.folder / "clock")
        self.slack, self.telegram = self._slack_standin(), self._telegram_standin()
        self.slack.slack.origin = await self._served(self.slack)
        self._telegram_url = await self._served(self.telegram)
        await self.begin()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._inside.aclose()
        await self._outside.aclose()

    async def _served(self, standin: StandIn) -> str:
        served = await serve(standin.app)
        self._outside.push_async_callback(served.close)
        return served.url

    async def begin(self) -> None:
        """A batch: the practice as the story left it, here and at the vendors, at the moment when it ended."""
        await self._inside.aclose()
        self._inside = AsyncExitStack()
        for moved in (self.clock, self.practice.sandbox.clock):
            moved.advance((self._now - moved.now()).total_seconds())
        self._forget()
        if self.url is None:
            self._copy()
            self.ledger = Ledger(self._live)
            self._inside.callback(self.ledger.close)
        self.settings = load(self._environment())
        self.house = await app.build(self.settings)
        self._inside.push_async_callback(self.house.close)
        self.house.deliveries._sending.pace.limits.clear()  # a second a message would be the length of a batch
        await self.house.channels[Platform.TELEGRAM].start(receive=True)
        found = http_routes.http_routes(self.house)
        self._drains = [door.drain for door in found if door.drain is not None]
        client = TestClient(TestServer(application(found)))
        await self._inside.enter_async_context(client)
        self.poster = Poster(client.session, str(client.make_url("")).rstrip("/"), self._environment())
        await self.passes(0)
        self.failures.taken()

    def _copy(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._live.with_name(self._live.name + suffix).unlink(missing_ok=True)
        source, target = sqlite3.connect(self._story), sqlite3.connect(self._live)
        with source, target:
            source.backup(target)
        source.close()
        target.close()

    def _forget(self) -> None:
        """What the stand-ins learned in the batch before, and their messages, which a long run would fill."""
        stripe = self.practice.sandbox
        vars(stripe.account).update(copy.deepcopy(self._account))
        stripe.account.events.all.clear()
        stripe.idempotency = Idempotency(stripe.clock)
        team = self.slack.slack.teams[TEAM]
        for channel in team.channels.values():
            channel.messages.clear()
        team.stacks.clear()
        team.homes.clear()
        for chat in self.telegram.world.chats.values():
            chat.messages.clear()
        self.telegram.world.callbacks.clear()
        self.telegram.world.events = type(self.telegram.world.events)()
        for standin in (self.slack, self.telegram, self.practice.sandbox):
            standin.journal.clear()

    async def fires(self, shot: Shot) -> tuple[int, list[str]]:
        """The status, and what is wrong: see `complaints`."""
        poster = self.poster
        doors = {"telegram": poster.telegram, "stripe": poster.stripe}
        post = doors[shot.door](shot.body) if shot.door in doors else poster.slack(shot.body, shot.content)
        answer = await poster.send(post)
        await self.settles()
        found = complaints(shot, answer.status, answer.text, self.failures.taken(), self.ledger)
        return answer.status, found

    async def settles(self) -> None:
        """What was answered is also done."""
        slack = self.house.channels[Platform.SLACK]
        assert isinstance(slack, SlackChannel)
        for drain in self._drains:
            await drain()
        await slack.settled()
        if self.ledger is None or self.ledger.touched():
            await self.house.deliveries.sweep()
            await slack.settled()

    async def passes(self, seconds: float) -> None:
        """Time goes by, and what falls due is done: by the clock, not by a payload."""
        self.clock.advance(seconds)
        for sweep in sweeps.all_sweeps(self.house):
            await sweep.run()
        await self.settles()
        if self.ledger is not None:
            self.ledger.changes()

    def trigger(self, who: Profile) -> str:
        """One that opens a modal."""
        return self.slack.slack.triggers.issue(TEAM, who.user_ref).id

    def response_url(self, who: Profile, channel: str, kind: str = "actions") -> str:
        made = self.slack.slack.response_urls.issue(TEAM, who.user_ref, channel)
        return f"{self.slack.slack.origin}/{kind}/{TEAM}/{made.key}"

    def _slack_standin(self) -> SlackStandIn:
        standin = SlackStandIn(clock=self.clock, limits=FAST)
        slack = standin.slack
        team = slack.add_team("Olga's practice", "olga", TEAM)
        bot = slack.install(team, OWN.user_ref, None)
        for channel, name in ((PUBLIC_CHANNEL, "lobby"), ("D0OTHERS", None)):
            team.channels[channel] = Channel(channel, TEAM, name, [bot.bot_user], 0, bot.bot_user)
        for who in CAST:
            if who.platform is Platform.SLACK and who.chat_ref:
                slack.add_user(team, who.user_ref.lower(), who.name, tz=who.zone, locale=ENGLISH, user_id=who.user_ref)
                members = [who.user_ref, bot.bot_user]
                team.channels[who.chat_ref] = Channel(who.chat_ref, TEAM, None, members, 0, who.user_ref)
                team.channels[PUBLIC_CHANNEL].members.append(who.user_ref)
        return standin

    def _telegram_standin(self) -> TelegramStandIn:
        standin = TelegramStandIn(clock=self.clock, limits=UNLIMITED)
        numbers = {int(who.user_ref): who for who in CAST if who.platform is Platform.TELEGRAM}
        for number, who in numbers.items():
            standin.world.add_user(User(number, who.name, language_code=who.language))
            standin.world.chats[number].started = True
        standin.world.add_group("Friends", set(numbers))
        return standin

    def _environment(self) -> dict[str, str]:
        installation = self.slack.slack.teams[TEAM].installation
        assert installation is not None
        return {
            "PUBLIC_URL": "https://desk.example",
            "DATABASE_URL": self.url or f"sqlite:///{self._live}",
            "SECRET_KEYS": SECRET_KEY,
            "OWNERS": f"telegram:1001,slack:{TEAM}:U0OWN",
            "CLOCK_FILE": str(self.folder / "clock"),
            "SLACK_BOT_TOKEN": installation.token,
            "SLACK_SIGNING_SECRET": self.slack.identity.signing_secret,
            "SLACK_API_URL": f"{self.slack.slack.origin}/api/",
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_API_URL": self._telegram_url,
            "STRIPE_SECRET_KEY": paid_practice.KEY,
            "STRIPE_WEBHOOK_SECRET": paid_practice.SECRET,
            "STRIPE_API_URL": self.practice.stripe,
        }
