"""The product as it runs for many: two `web` behind a plain TCP balancer and two `worker`, on one Postgres."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.support.processes import Process
from tests.support.servers.balancer import Balancer
from tests.support.servers.postgres import free_port
from tests.support.whole_product import WholeProduct

WEBS, WORKERS = 2, 2


@dataclass
class Cluster(WholeProduct):
    """A house whose address is the balancer's. Everybody outside opens a connection for each call, as many do."""

    fresh_connections: bool = True

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.ports = [free_port() for _each in range(WEBS)]
        self.balancer = Balancer(self.ports)
        await self.balancer.start(self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        await self.balancer.close()

    async def opens(self) -> Self:
        self.install()
        await asyncio.gather(self.start_web(), *(self.start("worker") for _each in range(WORKERS)))
        return self

    async def start_web(self) -> None:
        """As many as are missing."""
        running = {process.settings["PORT"] for process in self.processes if process.alive}
        missing = [port for port in self.ports if str(port) not in running]
        await asyncio.gather(*(self._start_web(port) for port in missing))
        await self.introduced()

    async def _start_web(self, port: int) -> Process:
        web = await self.start("web", PORT=str(port))
        await web.answers(f"http://127.0.0.1:{port}")
        return web
