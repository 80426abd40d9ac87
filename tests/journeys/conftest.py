"""Houses for journeys: on which database, with whom on which platform; what happened is shown when one fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import HOME
from tests.support.cluster import Cluster
from tests.support.in_process import InProcess
from tests.support.servers.databases import fresh_sqlite
from tests.support.whole_product import WholeProduct

PLATFORMS = ("telegram", "slack")
DATABASES = {"database_url", "empty_database_url", "pooled_database_url"}
HOUSES = pytest.StashKey[list[WholeProduct]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cluster", action="store_true", help="journeys on two web, two worker and one PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A cluster has one kind of database."""
    if in_city(config):
        alone = [item for item in items if "sqlite" in item.name]
        config.hook.pytest_deselected(items=alone)
        items[:] = [item for item in items if item not in alone]


def in_city(config: pytest.Config) -> bool:
    """The option is known where these journeys alone are asked for."""
    return bool(config.getoption("--cluster", default=False))


Open = Callable[..., Awaitable[WholeProduct]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        for product in item.stash.get(HOUSES, []):
            report.sections.append(("what happened", product.account()))
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
    cluster = in_city(request.config)
    for name in DATABASES & set(request.fixturenames):
        request.getfixturevalue(name)  # first, so that the processes have ended when it is dropped
    async with AsyncExitStack() as stack:
        houses = request.node.stash.setdefault(HOUSES, [])

        async def open_one(database_url: str = "", *, oauth: bool = False, **settings: str) -> WholeProduct:
            if cluster:
                url = database_url or request.getfixturevalue("direct_database_url")
                product: WholeProduct = Cluster(tmp_path, url, settings, oauth)
            else:
                url = database_url or fresh_sqlite(request.config.stash[HOME], tmp_path)
                product = WholeProduct(tmp_path, url, settings, oauth)
            houses.append(product)
            await stack.enter_async_context(product)
            return await product.opens()

        yield open_one
    houses.clear()  # pytest keeps its items until the end of the run


@pytest.fixture
async def product(request: pytest.FixtureRequest, opened: Open, tmp_path: Path) -> AsyncIterator[WholeProduct]:
    """On SQLite, in this process, with one Slack workspace installed by its token, Telegram by webhook, and Stripe.

    In a cluster: on its processes.
    """
    if in_city(request.config):
        yield await opened()
        return
    async with InProcess(tmp_path, fresh_sqlite(request.config.stash[HOME], tmp_path)) as product:
        request.node.stash.setdefault(HOUSES, []).append(product)
        yield await product.opens()
