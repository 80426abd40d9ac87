"""Houses for journeys: on which database, with whom on which platform; what happened is shown when one fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import HOME
from tests.support.city import City
from tests.support.house import House
from tests.support.servers.databases import fresh_sqlite

PLATFORMS = ("telegram", "slack")
HOUSES = pytest.StashKey[list[House]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--city", action="store_true", help="journeys on two web, two worker and one PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A city has one kind of database."""
    if in_city(config):
        alone = [item for item in items if "sqlite" in item.name]
        config.hook.pytest_deselected(items=alone)
        items[:] = [item for item in items if item not in alone]


def in_city(config: pytest.Config) -> bool:
    """The option is known where these journeys alone are asked for."""
    return bool(config.getoption("--city", default=False))


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


@pytest.fixture
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a house on a database, SQLite unless told; it and its processes end with the test."""
    city = in_city(request.config)
    async with AsyncExitStack() as stack:
        houses = request.node.stash.setdefault(HOUSES, [])

        async def open_one(database_url: str = "", *, oauth: bool = False, **settings: str) -> House:
            if city:
                url = database_url or request.getfixturevalue("direct_database_url")
                house: House = City(tmp_path, url, settings, oauth)
            else:
                url = database_url or fresh_sqlite(request.config.stash[HOME], tmp_path)
                house = House(tmp_path, url, settings, oauth)
            houses.append(house)
            await stack.enter_async_context(house)
            return await house.opens()

        yield open_one


@pytest.fixture
async def house(opened: Open) -> House:
    """On SQLite, with one Slack workspace installed by its token, Telegram by webhook, and Stripe."""
    return await opened()
