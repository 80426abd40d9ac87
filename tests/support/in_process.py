"""The product in the test's own process, as `rapport web` composes it: it says itself when it is at rest."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bot import processes, sweeps
from bot.app import App, build
from bot.channels.slack.channel import SlackChannel
from bot.chat.limits import Limits
from bot.config import load
from bot.domain.people.people import Platform
from tests.support.whole_product import WholeProduct

ROUNDS = 8
HEARD_SECONDS = 2.5
LOOK_SECONDS = 0.01


async def answered(app: App) -> None:
    """What goes on after an answer was given has ended: screens are shown, messages that were written are sent."""
    slack = app.channels.get(Platform.SLACK)
    if isinstance(slack, SlackChannel):
        await slack.settled()
    woken = app.deliveries._woken
    if woken is not None:
        await asyncio.gather(woken, return_exceptions=True)


@dataclass
class InOneProcess(WholeProduct):
    """The product in the test's own process; what was opened on its stack ends with it."""

    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _hurrying: asyncio.Task[None] | None = None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._hurrying is not None:
            self._hurrying.cancel()
            await asyncio.gather(self._hurrying, return_exceptions=True)
        await self._stack.aclose()
        await super().__aexit__(kind, error, trace)


def no_wait_in_chats(app: App) -> None:
    """One second between two messages to one chat would be the length of a story."""
    pace = app.deliveries._sending.pace
    pace.limits = {platform: Limits(limits.every) for platform, limits in pace.limits.items()}


@dataclass
class InProcess(InOneProcess):
    """For stories in which no process ends, on SQLite. Messages to one chat need not wait out a second each."""

    async def opens(self) -> Self:
        self.install()
        self.app = await build(load(self.environment()))
        self._stack.push_async_callback(self.app.close)
        no_wait_in_chats(self.app)
        await processes._serve(self.app, self._stack)
        self.told = self
        await self.introduced()
        return self

    async def passes(self, **time: float) -> None:
        await super().passes(**time)
        await self.rests()

    async def answered(self) -> None:
        await answered(self.app)

    async def rests(self) -> None:
        """What vendors have to say was heard, what is due is done, and nothing more came of it."""
        for _round in range(ROUNDS):
            before = self._made()
            await self._hears()
            await self.answered()
            for sweep in sweeps.all_sweeps(self.app):
                await sweep.run()
            await self.answered()
            if self._made() == before:
                return

    def hurries(self) -> None:
        if self._hurrying is None or self._hurrying.done():
            self._hurrying = asyncio.create_task(self.rests())

    async def _hears(self) -> None:
        """Until nothing is on its way to the product, or for as long as somebody outside holds it back."""
        for _look in range(int(HEARD_SECONDS / LOOK_SECONDS)):
            if not (self.telegram.world.delivery.pending or self._stripe_has_news()):
                return
            await asyncio.sleep(LOOK_SECONDS)

    def _stripe_has_news(self) -> bool:
        webhooks = self.stripe.webhooks
        told = {attempt.event for attempt in webhooks.attempts}
        news = (event for event in self.stripe.account.events.all.values() if event["id"] not in told)
        return any(event["type"] not in webhooks.options.drop for event in news)

    def _made(self) -> int:
        """How much was asked of the outside world, and told by it, so far."""
        asked = sum(len(standin.journal.calls()) for standin in (self.slack, self.telegram, self.stripe))
        return asked + len(self.stripe.webhooks.attempts)
