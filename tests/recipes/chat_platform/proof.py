"""A person on the new platform writes, taps, and is sent a notice."""

import asyncio
import importlib
import os
from typing import Any

from bot import doctor
from bot.app import App, build
from bot.config import load
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.people.people import Platform
from bot.handlers.kit import phrases
from bot.http_routes import http_routes
from bot.sandbox.standin import Served, serve
from bot.web.server import application
from storage.notices import outbox

CHAT = "500"


async def says(app: App, served: Served, secret: str, **update: Any) -> int:
    body = {"user": CHAT, "name": "Petra", **update}
    url, headers = f"{served.url}/pager/webhook", {"Pager-Secret": secret}
    async with app.session.post(url, json=body, headers=headers) as answer:
        return answer.status


async def is_sent_a_notice(app: App) -> None:
    now = app.clock.now()
    notice = Notice("key", 1, NoticeKind.OPENED, "help", now)
    await app.storage.write(lambda tx: outbox.put(tx, notice, now))
    await app.deliveries.sweep()


async def main() -> None:
    settings = load(dict(os.environ))
    app = await build(settings)
    pager = app.channels[Platform("pager")]
    assert isinstance(pager, importlib.import_module("bot.channels.pager.channel").PagerChannel)
    served = await serve(application(http_routes(app)))
    assert await says(app, served, "false", id=1, text="hello") == 401
    assert await says(app, served, "s3cret", id=2, text="hello") == 200
    assert await says(app, served, "s3cret", id=3, address="settings") == 200
    await is_sent_a_notice(app)
    addresses = [screen.address for screen in pager.shown[CHAT]]
    assert addresses == ["start", "settings", "help"], addresses
    assert phrases.PLATFORMS[Platform("pager")] == "Pager"
    await served.close()
    await app.close()
    lines = {line.name: line.state for line in await doctor.all_lines(settings)}
    assert lines["pager"] == "on", lines


asyncio.run(main())
