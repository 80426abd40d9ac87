"""A plain TCP balancer: knows nothing of HTTP, gives each connection to the next process that takes it."""

import asyncio
import contextlib
from collections.abc import Sequence

from tests.support.servers.relay import Ends, Relay


class Balancer:
    """`served` counts the connections that each port of `backends` took."""

    def __init__(self, backends: Sequence[int]) -> None:
        self.served = dict.fromkeys(backends, 0)
        self._backends = list(backends)
        self._relay = Relay(self._next)

    async def start(self, port: int) -> None:
        await self._relay.open(port)

    async def close(self) -> None:
        await self._relay.close()

    async def _next(self) -> Ends | None:
        for _each in self._backends:
            port = self._backends.pop(0)
            self._backends.append(port)
            with contextlib.suppress(OSError):
                joined = await asyncio.open_connection("127.0.0.1", port)
                self.served[port] += 1
                return joined
        return None
