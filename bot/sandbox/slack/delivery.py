"""Delivers payloads to the app as Slack does, retries included; duplicates, drops and reorders on request."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.events import DEFAULT_SUBSCRIPTIONS, subscription
from bot.sandbox.slack.lines import Answer, HttpLine, Retry, SocketLine
from bot.sandbox.slack.payloads import Parcel, event_parcel
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Installation, Json, Team


@dataclass
class DeliverySettings:
    """`request_url` is the app's one address; a connected websocket wins over it.

    `retry_delays` are seconds before the three repetitions of an event (Slack: at once, 1 min, 5 min).
    `duplicate` sends every event twice; `drop` loses that many of the next events; `reorder` holds events
    back until so many wait, then sends the last first. `commands` None accepts every slash command.
    `own_messages` tells the app of its own messages too, as Slack does.
    """

    request_url: str = ""
    subscriptions: frozenset[str] = DEFAULT_SUBSCRIPTIONS
    retry_delays: tuple[float, ...] = (0.0, 0.2, 1.0)
    patience: float = 3.0
    duplicate: bool = False
    drop: int = 0
    reorder: int = 0
    own_messages: bool = True
    commands: frozenset[str] | None = None


class Delivery:
    def __init__(
        self,
        slack: Slack,
        settings: DeliverySettings,
        http: HttpLine,
        sockets: SocketLine,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._slack = slack
        self.settings = settings
        self._http = http
        self._sockets = sockets
        self._spawn = spawn
        self._held: list[tuple[Parcel, asyncio.Future[Answer]]] = []

    async def ask(self, parcel: Parcel) -> Answer:
        """A command or an interaction: sent once, never again."""
        return await self._send(parcel, None)

    def announce(self, team: Team, event: Json) -> None:
        """An event that nobody waits for."""
        own = event["type"] == "message" and (event.get("bot_id") or event.get("subtype"))
        if team.installation is not None and (self.settings.own_messages or not own):
            self.event(team, team.installation, event)

    def event(self, team: Team, bot: Installation, event: Json) -> asyncio.Future[Answer]:
        """Send if the app subscribed; the future is the answer to the first attempt (status 0: none was made)."""
        first: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if subscription(event) not in self.settings.subscriptions:
            first.set_result(Answer())
        elif self.settings.drop > 0:
            self.settings.drop -= 1
            first.set_result(Answer())
        else:
            self._held.append((event_parcel(self._slack, team, bot, event), first))
            if len(self._held) >= self.settings.reorder:
                self.release()
            else:
                first.set_result(Answer())
        return first

    def release(self) -> None:
        """Send what was held back, the last first."""
        held, self._held = self._held, []
        for parcel, first in reversed(held):
            for _ in range(2 if self.settings.duplicate else 1):
                self._spawn(self._until_taken(parcel, first))

    async def replay(self, kind: str) -> Answer:
        """The last request of this kind once more, byte by byte, timestamp and signature included."""
        last = next((sent for sent in reversed(self._http.sent) if sent.kind == kind), None)
        if last is None:
            return Answer()
        return await self._http.put(last, self.settings.patience)

    async def _until_taken(self, parcel: Parcel, first: asyncio.Future[Answer]) -> None:
        answer = await self._send(parcel, None)
        if not first.done():
            first.set_result(answer)
        for number, delay in enumerate(self.settings.retry_delays, start=1):
            if answer.fault is None or answer.no_retry:
                return
            await asyncio.sleep(delay)
            answer = await self._send(parcel, Retry(number, answer.fault))

    async def _send(self, parcel: Parcel, retry: Retry | None) -> Answer:
        if self._sockets.connected:
            return await self._sockets.send(parcel, self.settings.patience, retry)
        if not self.settings.request_url:
            return Answer(fault="connection_failed", no_retry=True)
        return await self._http.send(self.settings.request_url, parcel, self.settings.patience, retry)
