"""The open connections of a process: who keeps it waiting the longest, and who has to go so that others are served.

Nobody is turned away while somebody is slow: who comes in takes the place of whoever has kept us waiting the longest,
measured by what it was allowed. So whoever holds thousands of connections half-open only ever displaces themselves.
"""

import asyncio
import ipaddress
from collections import OrderedDict
from typing import Protocol

from bot.tally import Tally
from bot.web.limits import Limits, Stage


class Wire(Protocol):
    """A connection, as it is counted. `held`: bytes of a body that is not whole."""

    stage: Stage | None
    address: str
    held: int

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

    def longest(self, now: float, stages: tuple[Stage, ...] = tuple(Stage)) -> Wire | None:
        """The one that has used up most of what it is allowed; None when all wait for us."""
        worst, used = None, -1.0
        for stage in stages:
            if self._since[stage]:
                wire, since = next(iter(self._since[stage].items()))
                if (part := (now - since) / self._allowed[stage]) > used:
                    worst, used = wire, part
        return worst

    def overdue(self, now: float) -> list[Wire]:
        found = []
        for stage, waiting in self._since.items():
            for wire, since in waiting.items():
                if now - since < self._allowed[stage]:
                    break
                found.append(wire)
        return found


class Connections:
    def __init__(self, limits: Limits, refused: Tally, loop: asyncio.AbstractEventLoop) -> None:
        self.limits = limits
        self._refused = refused
        self._loop = loop
        self._all = Waiting(limits)
        self._of_address: dict[str, Waiting] = {}
        self._held = 0
        self._looking = False

    def enter(self, wire: Wire) -> bool:
        """Let a new connection in; False when there is no room, and nobody is slow who could make some."""
        own = self._of_address.get(wire.address)
        if own is not None and own.open >= self.limits.open_per_address and not self._displace(own):
            return self._refuse("too many of an address")
        if self._all.open >= self.limits.open and not self._displace(self._all):
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
        """So much more of a body that is not whole is kept. Where it is too much, the slowest bodies go."""
        wire.held += size
        self._held += size
        while self._held > self.limits.held_bytes:
            slowest = self._all.longest(self._loop.time(), (Stage.BODY,))
            if slowest is None:
                return
            self.cut(slowest, "too much held")

    def release(self, wire: Wire) -> None:
        self._held -= wire.held
        wire.held = 0

    def cut(self, wire: Wire, why: str) -> None:
        self._refused.count(f"http: {why}")
        wire.cut()

    def _displace(self, line: Waiting) -> bool:
        slowest = line.longest(self._loop.time())
        if slowest is not None:
            self.cut(slowest, f"displaced waiting for {slowest.stage.value}" if slowest.stage else "displaced")
        return slowest is not None

    def _refuse(self, why: str) -> bool:
        self._refused.count(f"http: {why}")
        return False

    def _look(self) -> None:
        """Again and again, while anybody is connected."""
        for wire in self._all.overdue(self._loop.time()):
            self.cut(wire, f"slow {wire.stage.value}" if wire.stage else "slow")
        self._looking = self._all.open > 0
        if self._looking:
            self._loop.call_later(self.limits.look_s, self._look)


def address_of(peer: object) -> str:
    """Whom a connection is counted for: of IPv6 the network, since a household has billions of addresses."""
    if not isinstance(peer, tuple) or not peer:
        return ""
    host = str(peer[0]).split("%")[0]
    if ":" not in host:
        return host
    address = ipaddress.IPv6Address(host)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
