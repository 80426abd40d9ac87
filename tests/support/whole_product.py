"""The whole product as in production, with the outside world played in the test's own process."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from bot.sandbox.slack.delivery import DeliverySettings
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.standin import SandboxClock, Served, serve
from bot.sandbox.stripe import charging
from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.telegram.delivery import DeliveryOptions
from bot.sandbox.telegram.flood import UNLIMITED
from bot.sandbox.telegram.standin import TelegramStandIn
from bot.sandbox.telegram.state import User
from tests.support.leases import time_passes_at
from tests.support.people.browser import Browser
from tests.support.people.hands import Told
from tests.support.people.person import Person
from tests.support.people.slack_hands import SlackHands
from tests.support.people.telegram_hands import TelegramHands
from tests.support.processes import Process
from tests.support.servers.postgres import free_port

MONDAY = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
"""When every journey begins: 9 in Vienna, 10 in Kyiv, 3 at night in New York; no clock changes near it."""

TEAM = "T0HARBOUR"
FIRST_OWNER = {"telegram": "telegram:1001", "slack": f"slack:{TEAM}:U0OWNER"}
ZONES = {
    "Vienna": "Europe/Vienna", "Kyiv": "Europe/Kyiv", "London": "Europe/London", "New York": "America/New_York",
}  # fmt: skip
ALWAYS = 10**6
"""So many times fails what fails until it is mended."""

FAST = RateLimits(post_per_second=1e6, tier_burst=1e6)


@dataclass
class WholeProduct:
    """Stand-ins on loopback, one clock for all, the product's processes, and the people of the story."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    """Added to the environment; an empty value leaves a setting out."""

    oauth: bool = False
    people: list[Person] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    fresh_connections: bool = False
    """Whether everybody outside opens a connection for each call."""

    told: Told | None = None
    """A product that says itself when it has answered: nobody need watch the chats for it."""

    async def __aenter__(self) -> Self:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.clock = SandboxClock(self.folder / "clock")
        self.clock.advance((MONDAY - datetime.now(UTC)).total_seconds())
        self.telegram = TelegramStandIn(
            clock=self.clock, limits=UNLIMITED, options=DeliveryOptions(retry_unit=0.05, late=0.05)
        )
        self.slack = SlackStandIn(
            clock=self.clock, limits=FAST,
            settings=DeliverySettings(request_url=f"{self.url}/slack/events", retry_delays=(0.0, 0.1, 0.2)),
        )  # fmt: skip
        self.stripe = StripeSandbox(
            clock=self.clock, webhook_url=f"{self.url}/webhooks/stripe", poll=0.1, retry_delays=(0.1, 0.2, 0.5)
        )
        self.telegram.world.till.collect = partial(charging.collect, self.stripe.account)
        self.slack.slack.add_team("Harbour Coaching", "harbour-coaching", TEAM)
        standins = {"telegram": self.telegram, "slack": self.slack, "stripe": self.stripe}
        for one in standins.values():
            one.fresh_connections = self.fresh_connections
        self.served: dict[str, Served] = {name: await serve(one.app) for name, one in standins.items()}
        self.slack.slack.origin = self.served["slack"].url
        self.session = aiohttp.ClientSession()
        self.browser = Browser(self.session)
        self.port = port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(process.stop() for process in self.processes if process.alive))
        await self.session.close()
        for served in self.served.values():
            await served.close()

    def environment(self) -> dict[str, str]:
        identity, base = self.slack.identity, {name: served.url for name, served in self.served.items()}
        installation = self.slack.slack.teams[TEAM].installation
        slack = {"SLACK_BOT_TOKEN": installation.token} if installation else {}
        if self.oauth:
            slack = {"SLACK_CLIENT_ID": identity.client_id, "SLACK_CLIENT_SECRET": identity.client_secret}
        known = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": self.database_url,
            "SECRET_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(),
            "OWNERS": ",".join(FIRST_OWNER.values()),
            "CLOCK_FILE": str(self.folder / "clock"),
            **slack,
            "SLACK_SIGNING_SECRET": identity.signing_secret,
            "SLACK_API_URL": f"{base['slack']}/api/",
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
            "TELEGRAM_API_URL": base["telegram"],
            "STRIPE_SECRET_KEY": self.stripe.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.stripe.webhook_secret,
            "STRIPE_API_URL": base["stripe"],
        }
        return {name: value for name, value in (known | self.settings).items() if value}

    async def opens(self) -> Self:
        """`rapport web`, and on PostgreSQL the worker beside it that sweeps."""
        self.install()
        await self.start_web()
        if not self.database_url.startswith("sqlite"):
            await self.start("worker")
        return self

    def install(self) -> None:
        """Into the first workspace, unless the story is about how that comes about."""
        if not self.oauth:
            self.slack.slack.install(self.slack.slack.teams[TEAM], "U0OWNER", None)

    async def start_web(self) -> None:
        web = await self.start("web")
        await web.answers(self.url)
        await self.introduced()

    async def introduced(self) -> None:
        """Until the bot told Telegram where it listens."""
        for _ in range(500):
            if self._introduced():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"the bot never told Telegram where it listens:\n{self.account()}")

    def _introduced(self) -> bool:
        """Whether Telegram knows where updates go."""
        delivery = self.telegram.world.delivery
        polling = self.settings.get("TELEGRAM_MODE") == "polling"
        return delivery.polls > 0 if polling else delivery.webhook is not None

    async def start(self, command: str, **settings: str) -> Process:
        """`settings` are this process's own."""
        number = len(self.processes)
        process = Process(command, self.environment() | settings, self.folder / f"{number}-{command}.log")
        self.processes.append(process)
        await process.start()
        return process

    async def kills(self, *commands: str) -> None:
        """Every running process of these commands, as a machine that goes down."""
        await asyncio.gather(*(each.kill() for each in self.processes if each.alive and each.command in commands))

    async def stops(self, *commands: str) -> None:
        """Every running process of these commands, as an operator does."""
        await asyncio.gather(*(each.stop() for each in self.processes if each.alive and each.command in commands))

    async def passes(self, **time: float) -> None:
        """The clock moves forward for the product and for everybody outside, its database too."""
        seconds = timedelta(**time).total_seconds()
        self.clock.advance(seconds)
        if seconds > 0:
            await time_passes_at(self.database_url, seconds)
        for standin in (self.telegram, self.slack, self.stripe):
            await standin.tick()

    async def moves_to(self, when: datetime) -> None:
        """To an instant; journeys of many steps do not depend on how long they took."""
        await self.passes(seconds=(when - self.clock.now()).total_seconds())

    async def until(self, so: Callable[[], bool], within: float = 20.0) -> None:
        """Something outside the chats becomes so."""
        if self.told is not None:
            self.told.hurries()
        for _ in range(int(within / 0.05)):
            if so():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it did not come about in time")

    def person(self, platform: str, name: str, cluster: str = "Vienna", **about: str) -> Person:
        """Somebody with an account there. `id` if it matters, `language` as the platform says it."""
        hands = self._on_slack(name, cluster, about) if platform == "slack" else self._on_telegram(name, about)
        person = Person(name, cluster, hands, self.browser, self.told)
        self.people.append(person)
        return person

    def owner(self, platform: str, name: str = "Ana Fischer") -> Person:
        """The person whom OWNERS names there."""
        return self.person(platform, name, "Vienna", id=FIRST_OWNER[platform].rpartition(":")[2])

    def _on_telegram(self, name: str, about: dict[str, str]) -> TelegramHands:
        world = self.telegram.world
        number = int(about.get("id", 0)) or 2001 + len(self.people)
        first, _, last = name.partition(" ")
        world.add_user(User(number, first, last or None, language_code=about.get("language", "en")))
        return TelegramHands(self.session, self.served["telegram"].url, number)

    def _on_slack(self, name: str, cluster: str, about: dict[str, str]) -> SlackHands:
        team = self.slack.slack.teams[about.get("team", TEAM)]
        user = self.slack.slack.add_user(
            team, name.split(maxsplit=1)[0].lower(), name,
            tz=ZONES[cluster], locale=about.get("language", "en-US"), user_id=about.get("id"),
        )  # fmt: skip
        return SlackHands(self.session, self.served["slack"].url, team.id, user.id)

    def account(self) -> str:
        """What happened, for a report: every conversation, then the end of every log."""
        told = [person.transcript() for person in self.people]
        told += [f"── rapport {process.command} ──\n{process.logged()}" for process in self.processes]
        return "\n\n".join(told)
