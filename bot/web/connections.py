"""The open connections of a process: who keeps it waiting the longest, and who has to go so that others are served.

Nobody is turned away while somebody is slow: who comes in takes the place of whoever has kept us waiting the longest,
measured by what it was allowed. So whoever holds thousands of connections half-open only ever displaces themselves.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from typing import Protocol

from bot.tally import Tally
from bot.web.limits import BURST, Limits, Stage

STOP_LOOK_S = 0.01
OWING = (Stage.HEAD, Stage.BODY, Stage.ANSWER)
"""What somebody has begun and not ended."""


class Wire(Protocol):
    """A connection, as it is counted."""

    stage: Stage | None
    address: str

    def cut(self) -> None:
        """Close it at once, whatever is on its way. Nothing is reported back."""


class Waiting:
    """Connections by what they wait for, the longest-waiting first. One without a stage waits for us."""

    def __init__(self, limits: Limits) -> None:
        self._allowed = {stage: limits.seconds(stage) for stage in Stage}
        self._since: dict[Stage, OrderedDict[Wire, float]] = {stage: OrderedDict() for stage in Stage}
        self.open = 0

    def move(self, wire: Wire, was: Stage | None, stage: Stage | None, now: float) -> None:
        if was is not None:
            self._since[was].pop(wire, None)
        if stage is not None:
            self._since[stage][wire] = now

    def longest(self, now: float, among: Collection[Stage] = tuple(Stage)) -> Wire | None:
        """The one that has used up most of what it is allowed; None when all wait for us."""
        worst, used = None, -1.0
        for stage in among:
            if waiting := self._since[stage]:
                wire, since = next(iter(waiting.items()))
                if (part := (now - since) / self._allowed[stage]) > used:
                    worst, used = wire, part
        return worst

    def within(self, *stages: Stage) -> list[Wire]:
        return [wire for stage in stages for wire in self._since[stage]]

    def waited(self, wire: Wire, now: float) -> float:
        return 0.0 if wire.stage is None else now - self._since[wire.stage][wire]

    def overdue(self, now: float) -> list[tuple[Wire, Stage]]:
        found = []
        for stage, waiting in self._since.items():
            for wire, since in waiting.items():
                if now - since < self._allowed[stage]:
                    break
                found.append((wire, stage))
        return found


class Connections:
    def __init__(self, limits: Limits, refused: Tally, loop: asyncio.AbstractEventLoop) -> None:
        self.limits = limits
        self.incoming = memoryview(bytearray(limits.read_bytes))
        """Where bytes are read into, for all connections: each takes its own out before the next is read."""
        self.stopping = False
        self._refused = refused
        self._loop = loop
        self._all = Waiting(limits)
        self._of_address: dict[str, Waiting] = {}
        self._held: dict[Wire, int] = {}
        """Bytes of bodies that are not whole."""
        self._held_by_all = 0
        self._looking = False

    def enter(self, wire: Wire) -> bool:
        """Let a new connection in; False when there is no room, and nobody is slow who could make some."""
        own = self._of_address.get(wire.address)
        if own is not None and not self._has_room(own, self.limits.open_per_address):
            return self._refuse("too many of an address")
        if not self._has_room(self._all, self.limits.open):
            return self._refuse("too many")
        for line in (self._all, self._of_address.setdefault(wire.address, Waiting(self.limits))):
            line.open += 1
        self.move(wire, Stage.HEAD)
        if not self._looking:
            self._looking = True
            self._loop.call_later(self.limits.look_s, self._look)
        return True

    def leave(self, wire: Wire) -> None:
        self.release(wire)
        self.move(wire, None)
        own = self._of_address[wire.address]
        self._all.open -= 1
        own.open -= 1
        if not own.open:
            del self._of_address[wire.address]

    def move(self, wire: Wire, stage: Stage | None) -> None:
        was, wire.stage = wire.stage, stage
        now = self._loop.time()
        self._all.move(wire, was, stage, now)
        self._of_address[wire.address].move(wire, was, stage, now)

    def hold(self, wire: Wire, size: int) -> None:
        """So much more of a body that is not whole is kept. Where it is too much, the largest goes first."""
        self._held[wire] = self._held.get(wire, 0) + size
        self._held_by_all += size
        while self._held_by_all > self.limits.held_bytes:
            self.cut(max(self._held, key=self._held.__getitem__), "too much held")

    def release(self, wire: Wire) -> None:
        self._held_by_all -= self._held.pop(wire, 0)

    def cut(self, wire: Wire, why: str) -> None:
        self._refused.count(f"http: {why}")
        wire.cut()

    async def stop(self) -> None:
        """The process is to end: whoever has not sent a whole request by now has a moment left for it."""
        ends = self._loop.time() + self.limits.stop_s
        while self._all.within(Stage.HEAD, Stage.BODY) and self._loop.time() < ends:  # noqa: ASYNC110 - once, at the end
            await asyncio.sleep(STOP_LOOK_S)
        for wire in self._all.within(Stage.HEAD, Stage.BODY):
            self.cut(wire, "slow at the end")

    def _has_room(self, line: Waiting, most: int) -> bool:
        """Whether one more may come in, once whoever is slow has made room.

        Who has just come is not slow: what they sent may lie unread behind a burst of others. So there is room for
        a burst as large as the limit itself, and it is over within a moment. Beyond it, who owes us something goes
        at once; who was answered a moment ago owes nothing, and their next request may be on its way.
        """
        if line.open < most or self._displace(line, self.limits.grace_s):
            return True
        return line.open < BURST * most or self._displace(line, 0.0, OWING)

    def _displace(self, line: Waiting, waited_s: float, among: Collection[Stage] = tuple(Stage)) -> bool:
        """Cut whoever has kept us waiting the longest, and for so long at least; False when nobody has."""
        now = self._loop.time()
        slowest = line.longest(now, among)
        if slowest is None or line.waited(slowest, now) < waited_s:
            return False
        self.cut(slowest, "displaced")
        return True

    def _lines(self) -> list[tuple[Waiting, int]]:
        of_addresses = [(line, self.limits.open_per_address) for line in self._of_address.values()]
        return [(self._all, self.limits.open), *of_addresses]

    def _refuse(self, why: str) -> bool:
        self._refused.count(f"http: {why}")
        return False

    def _look(self) -> None:
        """Again and again, while anybody is connected."""
        for wire, stage in self._all.overdue(self._loop.time()):
            self.cut(wire, f"slow {stage.value}")
        for line, most in self._lines():
            while line.open > most and self._displace(line, self.limits.grace_s):
                pass
        self._looking = self._all.open > 0
        if self._looking:
            self._loop.call_later(self.limits.look_s, self._look)
