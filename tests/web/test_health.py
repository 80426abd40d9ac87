"""What monitoring asks: it costs the database nothing, and says whether it can be written to."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.app import App, build
from bot.config import load
from bot.http_routes import came_through, http_routes
from bot.sandbox.standin import serve
from bot.web.server import application
from storage.journal import marks
from storage.upkeep import migrate
from tests.storage.support import new_key
from tests.support.unwritable import fills_up


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    url = f"sqlite:///{tmp_path}/rapport.db"
    await migrate.migrate(url)
    made = await build(load({"DATABASE_URL": url, "SECRET_KEYS": new_key(), "PUBLIC_URL": "https://desk.example.org"}))
    yield made
    await made.close()


@pytest.fixture
async def url(app: App) -> AsyncIterator[str]:
    served = await serve(application(http_routes(app), came_through(app)))
    yield served.url
    await served.close()


async def test_however_often_they_are_asked_no_statement_is_made(app: App, url: str) -> None:
    await app.probe.start()
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        async with aiohttp.ClientSession() as session:
            for path in ("/metrics", "/readyz", "/healthz") * 10:
                async with session.get(url + path) as answer:
                    assert answer.status == 200
                    text = await answer.text()
                    if path == "/metrics":
                        assert "rapport_database_up 1\n" in text
                        assert "rapport_rows_set_aside 0\n" in text
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert statements == []


async def test_ready_says_what_the_last_probe_came_to_and_when(app: App, url: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/readyz") as answer:
            assert (answer.status, (await answer.json())["status"]) == (503, "database away")
        await app.probe.look()
        async with session.get(f"{url}/readyz") as answer:
            said = await answer.json()
            assert (answer.status, said["status"], said["probe"]["result"]) == (200, "ready", "written")
            assert 0 <= said["probe"]["age_s"] < 5
        await fills_up(app.storage, app.settings.database_url)
        await app.probe.look()
        async with session.get(f"{url}/readyz") as answer:
            assert (answer.status, (await answer.json())["probe"]["result"]) == (503, "away")
        async with session.get(f"{url}/metrics") as answer:
            assert "rapport_database_up 0\n" in await answer.text()


@pytest.mark.parametrize(
    ("headers", "remembered"),
    [
        ({"Host": "desk.example.org", "X-Forwarded-Proto": "https"}, True),
        ({"Host": "desk.example.org"}, False),
        ({"Host": "other.example.org", "X-Forwarded-Proto": "https"}, False),
    ],
)
async def test_a_request_of_the_proxy_is_remembered(
    app: App, url: str, headers: dict[str, str], remembered: bool
) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz", headers=headers) as answer:
        assert answer.status == 200
    await app.probe.look()
    found = await app.storage.read(lambda tx: marks.age(tx, marks.PROXIED))
    assert (found is not None) == remembered
