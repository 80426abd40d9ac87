"""Records every request to the product during a story, and sends the same ones to a fresh product."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from aiohttp import web

from bot import sweeps
from bot.sandbox.standin import serve
from bot.scheduling.ticker import Ticker
from tests.force.instances import Instances
from tests.promises.posting import FORM, JSON, Post
from tests.support.servers.databases import fresh_sqlite

FAR = 1_000_000
"""Numbers of messages that no recorded tap names: what a replayed tap was on is gone, and is not mistaken."""

Story = Callable[["Recorder"], Awaitable[None]]


@dataclass(frozen=True)
class RecordedPayload:
    """One request of Slack's or Telegram's, without its signature, at the moment of the story when it came."""

    path: str
    body: bytes
    content: str
    at: datetime


@dataclass(frozen=True)
class Paid:
    """Somebody paid on the page of this payment."""

    payment: str
    at: datetime


Step = RecordedPayload | Paid


@dataclass(frozen=True)
class Recording:
    steps: tuple[Step, ...]
    people: tuple[tuple[str, str, str, str], ...]
    """Platform, name, city and the platform's id of everybody, in the order in which they came."""

    origin: str
    """Of Slack's stand-in, as it stands in the letters."""


@dataclass
class Recorder(Instances):
    """One process behind a door that keeps what came in; sweeps run as in production."""

    steps: list[Step] = field(default_factory=list)
    known: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def opens(self) -> Self:
        await self.opens_desks()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        door = await serve(app, port=self.port)
        self._stack.push_async_callback(door.close)
        parts = self.desks[0].parts
        for channel in parts.channels.values():
            await channel.start(receive=True)
        await self.introduced()
        self.told = self
        ticker = Ticker(sweeps.all_sweeps(parts), parts.clock.now)
        ticker.start()
        self._stack.push_async_callback(ticker.stop)
        return self

    async def passes(self, **time: float) -> None:
        await super().passes(**time)
        await self.sweeps()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        self._keep(request, body)
        headers = {name: value for name, value in request.headers.items() if name not in ("Host", "Content-Length")}
        url = f"{self.desks[0].served.url}{request.path_qs}"
        async with self.session.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as got:
            kept = {name: got.headers[name] for name in ("Content-Type", "Location") if name in got.headers}
            return web.Response(status=got.status, body=await got.read(), headers=kept)

    def _keep(self, request: web.Request, body: bytes) -> None:
        at = self.clock.now()
        if request.path == "/webhooks/stripe":
            event = json.loads(body)
            if event["type"] == "checkout.session.completed":
                self.steps.append(Paid(event["data"]["object"]["metadata"]["rapport_payment"], at))
        elif request.method == "POST":
            self.steps.append(RecordedPayload(request.path, body, request.content_type, at))


async def record(story: Story, folder: Path, templates: Path) -> Recording:
    """The story told once to a product of its own."""
    async with Recorder(folder, fresh_sqlite(templates, folder)) as product:
        await product.opens()
        try:
            await story(product)
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\n{product.account()}") from wrong
        people = tuple(
            (one.platform, one.name, one.city, str(one.hands.user))  # type: ignore[attr-defined]
            for one in product.people
        )
        return Recording(tuple(product.steps), people, product.served["slack"].url)


@dataclass
class Replay(Instances):
    """A fresh product of one or more processes, to which a recording is brought step by step."""

    recording: Recording | None = None
    _told: set[str] = field(default_factory=set)

    async def begins(self, processes: int) -> Self:
        """Whoever wrote in the story is known to the platforms; nothing is delivered by itself."""
        assert self.recording is not None
        self.stripe.webhooks.url = None
        self.telegram.options.pause = True
        self.slack.delivery.settings.request_url = ""
        for platform, name, cluster, number in self.recording.people:
            self.person(platform, name, cluster, id=number)
            if platform == "telegram":
                self.telegram.world.chats[int(number)].started = True
        self.telegram.world.last_message_id = FAR
        await self.opens_desks(processes)
        return self

    async def reaches(self, at: datetime) -> None:
        """The clock goes on to a moment of the story; after a leap everything that is due is done."""
        ahead = (at - self.clock.now()).total_seconds()
        if ahead > 0:
            self.clock.advance(ahead)
        if ahead > 30:
            await self.stripe.tick()
            await self.sweeps()

    def post_of(self, letter: RecordedPayload) -> Post:
        """Signed now, with the addresses of this Slack."""
        poster = self.desks[0].poster
        if letter.path == "/telegram/webhook":
            return poster.telegram(letter.body)
        assert self.recording is not None
        here, there = self.served["slack"].port, int(self.recording.origin.rpartition(":")[2])
        body = letter.body
        for colon in (b":", b"%3A"):
            body = body.replace(b"127.0.0.1" + colon + b"%d" % there, b"127.0.0.1" + colon + b"%d" % here)
        return poster.slack(body, FORM if letter.content == FORM else JSON)

    async def pays(self, paid: Paid) -> None:
        pages = self.stripe.account.sessions.values()
        page = next(one for one in pages if one.asked["metadata"]["rapport_payment"] == paid.payment)
        async with self.session.post(f"{self.served['stripe'].url}/_sandbox/pay", json={"session": page.id}) as answer:
            assert answer.status == 200, await answer.text()

    def news_of_stripe(self) -> list[Post]:
        """What Stripe has to say and did not say yet, each signed."""
        news = [event for key, event in self.stripe.account.events.all.items() if key not in self._told]
        self._told |= {event["id"] for event in news}
        return [self.desks[0].poster.stripe(json.dumps(event).encode()) for event in news]
