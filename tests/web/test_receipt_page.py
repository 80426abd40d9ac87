"""Receipts outlive what they are for: their links lead somewhere in a practice that takes no cards any more."""

from pathlib import Path

import aiohttp

from bot.app import build
from bot.config import load
from bot.http_routes import http_routes
from bot.sandbox.standin import serve
from bot.web.server import application
from storage.upkeep import migrate
from tests.storage.support import new_key


async def test_the_address_of_receipts_is_answered_without_payments(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/rapport.db"
    await migrate.migrate(url)
    app = await build(load({"DATABASE_URL": url, "SECRET_KEYS": new_key(), "PUBLIC_URL": "https://desk.example.org"}))
    served = await serve(application(http_routes(app)))
    async with aiohttp.ClientSession() as session, session.get(f"{served.url}/receipts/unknown") as answer:
        assert answer.status == 404
        assert "belongs to no receipt" in await answer.text()
    await served.close()
    await app.close()
