"""Reports every call that reaches a stand-in and every call that it makes, for the simulator to show."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from types import SimpleNamespace
from typing import Literal

import aiohttp

Direction = Literal["in", "out"]


@dataclass(frozen=True)
class Line:
    """`at` is a monotonic second, `name` a method or path; status 0 stands for a call that nobody answered."""

    direction: Direction
    method: str
    name: str
    status: int
    at: float


class Traffic:
    def __init__(self) -> None:
        self._watchers: list[Callable[[Line], None]] = []

    def watch(self, watcher: Callable[[Line], None]) -> None:
        """Tell this one of every line from now on."""
        self._watchers.append(watcher)

    def add(self, direction: Direction, method: str, name: str, status: int) -> None:
        line = Line(direction, method, name, status, monotonic())
        for watcher in self._watchers:
            watcher(line)

    def tracing(self) -> aiohttp.TraceConfig:
        """For the session through which a stand-in calls the product."""
        trace = aiohttp.TraceConfig()

        async def answered(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            self.add("out", end.method, end.url.path, end.response.status)

        async def failed(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestExceptionParams
        ) -> None:
            self.add("out", end.method, end.url.path, 0)

        trace.on_request_end.append(answered)
        trace.on_request_exception.append(failed)
        return trace
