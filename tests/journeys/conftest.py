"""Houses for journeys: on which database, with whom on which platform; what happened is shown when one fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.house import House

PLATFORMS = ("telegram", "slack")
HOUSES = pytest.StashKey[list[House]]()

Open = Callable[..., Awaitable[House]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        for house in item.stash.get(HOUSES, []):
            report.sections.append(("what happened", house.account()))
    return report


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    """The journey is told once for people on each platform."""
    return str(request.param)


@pytest.fixture(params=[("telegram", "slack"), ("slack", "telegram")], ids="-serves-".join)
def crossing(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Coach and client on different platforms, either way."""
    coach, client = request.param
    return coach, client


@pytest.fixture(params=[(coach, client) for coach in PLATFORMS for client in PLATFORMS], ids="-serves-".join)
def pairing(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Coach and client, each on either platform."""
    coach, client = request.param
    return coach, client


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the migrated database is kept from which journeys start."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
async def opened(request: pytest.FixtureRequest, tmp_path: Path, templates: Path) -> AsyncIterator[Open]:
    """Opens a house on a database, SQLite unless told; it and its processes end with the test."""
    async with AsyncExitStack() as stack:
        houses = request.node.stash.setdefault(HOUSES, [])

        async def open_one(database_url: str = "", *, oauth: bool = False, **settings: str) -> House:
            house = House(tmp_path, database_url or fresh_sqlite(templates, tmp_path), settings, oauth)
            houses.append(house)
            await stack.enter_async_context(house)
            return await house.opens()

        yield open_one


@pytest.fixture
async def house(opened: Open) -> House:
    """On SQLite, with one Slack workspace installed by its token, Telegram by webhook, and Stripe."""
    return await opened()
