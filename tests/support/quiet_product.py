"""A product that does next to nothing, for tests of the simulator: it answers, and sends what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.simulator.product import Product
from bot.sandbox.simulator.server import application
from bot.sandbox.simulator.stage import Stage
from bot.sandbox.simulator.standins import StandIns
from bot.sandbox.standin import SandboxClock, Served, serve

Json = dict[str, Any]
Hear = Callable[[Json], Coroutine[Any, Any, Json | None]]


class QuietProduct(Product):
    """`due` are instants (epoch seconds) at which it writes to Telegram's person 1001; `tells`: whether it says in its
    figures when the next comes. `hear` answers Slack's commands and interactions."""

    tells = True

    def __init__(self, settings: Mapping[str, str], url: str, log: Path) -> None:
        super().__init__(settings, url, log)
        self.settings = settings
        self.due: list[float] = []
        self.got: list[Json] = []
        self.hear: Hear | None = None
        self._served: Served | None = None
        self._over = asyncio.Event()
        self._clock = SandboxClock(Path(settings["CLOCK_FILE"]))
        self._ticking: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        return self._served is not None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/metrics", self._figures)
        app.router.add_post("/slack/events", self._slack)
        app.router.add_post("/telegram/webhook", self._telegram)
        app.router.add_get("/receipts/{token}", self._receipt)
        self._served = await serve(app, port=int(self.settings["PORT"]))
        await self.telegram("setWebhook", url=f"{self._served.url}/telegram/webhook")
        self._ticking = asyncio.create_task(self._tick())

    async def _receipt(self, _request: web.Request) -> web.Response:
        return web.Response(body=b"%PDF-\xff", content_type="application/pdf")

    async def stop(self) -> None:
        self._over.set()
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        if self._served is not None:
            await self._served.close()
            self._served = None

    async def ended(self) -> int:
        await self._over.wait()
        return 0

    async def telegram(self, method: str, **arguments: Any) -> Json:
        root = f"{self.settings['TELEGRAM_API_URL']}/bot{self.settings['TELEGRAM_BOT_TOKEN']}"
        async with aiohttp.ClientSession() as session, session.post(f"{root}/{method}", json=arguments) as answer:
            told: Json = await answer.json()
            assert told["ok"], told
            return told

    async def slack(self, token: str, method: str, **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.settings['SLACK_API_URL']}{method}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(url, json=arguments) as answer,
        ):
            told: Json = await answer.json()
            assert told["ok"], told
            return told

    async def _tick(self) -> None:
        while True:
            for at in [at for at in self.due if at <= self._clock.now().timestamp()]:
                await self.telegram("sendMessage", chat_id=1001, text=f"due {at:.0f}")
                self.due.remove(at)
            await asyncio.sleep(0.02)

    async def _figures(self, _request: web.Request) -> web.Response:
        left = min(self.due, default=float("inf")) - self._clock.now().timestamp()
        return web.Response(text=f"rapport_next_due_in_seconds {left:g}\n" if self.tells else "")

    async def _telegram(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        return web.Response()

    async def _slack(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not form:
            return web.Response()
        sent = json.loads(str(form["payload"])) if "payload" in form else dict(form)
        self.got.append(sent)
        answer = await self.hear(sent) if self.hear is not None else None
        return web.Response() if answer is None else web.json_response(answer)


async def nobody(_standins: StandIns) -> None:
    """No story: the practice stays as it is."""


@asynccontextmanager
async def quiet_stage() -> AsyncIterator[tuple[Stage, QuietProduct, str]]:
    """The simulator around a quiet product: stage, product, and the page's address."""
    launched: list[QuietProduct] = []

    def launch(settings: Mapping[str, str], url: str, log: Path) -> QuietProduct:
        launched.append(QuietProduct(settings, url, log))
        return launched[-1]

    stage = Stage(nobody, launch)
    await stage.start(empty=False)
    page = await serve(application(stage))
    try:
        yield stage, launched[-1], page.url
    finally:
        await page.close()
        await stage.stop()
