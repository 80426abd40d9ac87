"""What every test stands on: a fresh database, no network beyond this machine, a browser if there is one."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from aiohttp import web_app
from stripe import HTTPClient

from bot.clock import use_pinned_zones
from storage.engine import Storage
from tests.storage.support import new_sealer
from tests.support import attacks, left_behind, loopback, specs
from tests.support.people.chromium import find_chromium
from tests.support.servers import postgres
from tests.support.servers.databases import Door, Reused, empty_postgres, fresh_postgres, fresh_sqlite
from tests.support.servers.pgbouncer import Pooler, find_pgbouncer, stop_both

HOME = pytest.StashKey[Path]()
ALIVE = pytest.StashKey[IO[str]]()
REUSED = pytest.StashKey[Reused]()
SLOW_FIRST = ("browser", "force", "promises", "fuzz", "journeys", "rules")
MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free there before the folders of tests go to memory; those of tests that passed are removed."""

NO_SERVER = (
    "no PostgreSQL server was found: install the locked packages (they bring one), put one on PATH, "
    "or ask for SQLite alone with --sqlite-only"
)
NO_POOLER = "PostgreSQL is asked directly, not behind a pooler: no pgbouncer on PATH (name one with PGBOUNCER)"
NO_BROWSER = "browser tests are left out: no Chromium on PATH (name one with CHROMIUM)"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sqlite-only", action="store_true", help="leave out everything that needs PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    loopback.guard()
    use_pinned_zones()
    config.pluginmanager.register(attacks)
    config.pluginmanager.register(left_behind)
    _write_to_memory()
    _repeat_soon()
    # Processes that tests start need not compile every module anew, even where this one writes none.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, (loopback.CHILDREN, config.rootpath)))
    inherited = getattr(config, "workerinput", None)
    if inherited is not None:
        config.stash[HOME] = Path(inherited["home"])
        return
    binaries = postgres.find_binaries()
    if binaries is None and not config.getoption("--sqlite-only"):
        raise pytest.UsageError(NO_SERVER)
    if os.environ.get("CI") == "true" and find_chromium() is None:
        raise pytest.UsageError("CI runs the browser tests too, and there is no Chromium on PATH")
    if os.environ.get("CI") == "true" and find_pgbouncer() is None and not config.getoption("--sqlite-only"):
        raise pytest.UsageError("CI asks PostgreSQL behind a pooler, and there is no pgbouncer on PATH")
    if binaries is not None:
        found = binaries
        postgres.remove_abandoned(lambda home: stop_both(postgres.Server(home, found)))
    config.stash[HOME], config.stash[ALIVE] = postgres.new_home()


def _repeat_soon() -> None:
    """Stripe's library waits for half a second and longer before it repeats a call."""
    HTTPClient.INITIAL_DELAY = HTTPClient.MAX_DELAY = 0.02  # type: ignore[assignment]


def _write_to_memory() -> None:
    """SQLite waits for the disk at each commit, a fifth of the suite's time, and nobody wants these files back."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """What stands now stays to the end: looking through it for garbage takes a tenth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = config.stash.get(HOME, None)
    if home is None or hasattr(config, "workerinput"):
        return
    binaries = postgres.find_binaries()
    if binaries is not None:
        stop_both(postgres.Server(home, binaries))
    shutil.rmtree(home, ignore_errors=True)
    config.stash[ALIVE].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where this run keeps its server and templates."""
    node.workerinput["home"] = str(node.config.stash[HOME])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
    for name in {"database_url", "empty_database_url"} & set(metafunc.fixturenames):
        metafunc.parametrize(name, kinds, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out = set()
    if config.getoption("--sqlite-only"):
        leave_out.add("postgres")
    if find_chromium() is None:
        leave_out.add("browser")
    if find_pgbouncer() is None:
        leave_out.add("pooler")
    items.sort(key=_rank)
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in leave_out)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _rank(item: pytest.Item) -> int:
    """The slow first: at the end both workers still have something to do."""
    folder = item.path.relative_to(item.config.rootpath).parts[1]
    return SLOW_FIRST.index(folder) if folder in SLOW_FIRST else len(SLOW_FIRST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = specs.told(str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if left_out is not None:
        terminalreporter.write_line(left_out)
    if find_chromium() is None:
        terminalreporter.write_line(NO_BROWSER)
    if config.getoption("--sqlite-only"):
        terminalreporter.write_line("PostgreSQL is left out, as asked (--sqlite-only)")
    elif find_pgbouncer() is None:
        terminalreporter.write_line(NO_POOLER)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with today's schema and no rows; the test runs once on each kind.

    PostgreSQL is reached as the bot's own role, through a transaction pooler where there is one.
    """
    if request.param == "sqlite":
        yield fresh_sqlite(request.config.stash[HOME], tmp_path)
        return
    reused = request.config.stash.setdefault(REUSED, Reused(server(request.config)))
    yield reused.begin(door(request.config))
    reused.end()


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an SQLite database with today's schema and no rows; for tests that need no other kind."""
    return fresh_sqlite(request.config.stash[HOME], tmp_path)


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    """That database, opened."""
    opened = await Storage.open(database_url, new_sealer())
    yield opened
    await opened.close()


@pytest.fixture
def direct_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on PostgreSQL alone, with nothing in between; for tests marked `postgres`."""
    url, drop = fresh_postgres(server(request.config))
    yield url
    drop()


@pytest.fixture
def pooled_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on PostgreSQL alone, and certainly behind a pooler; for tests marked `postgres` and `pooler`."""
    url, drop = fresh_postgres(server(request.config), pooler(request.config))
    yield url
    drop()


@pytest.fixture
def pooled_empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """One without any table, as its owner, certainly behind a pooler; for tests marked `postgres` and `pooler`."""
    url, drop = empty_postgres(server(request.config), pooler(request.config))
    yield url
    drop()


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table; the test runs once on each kind, PostgreSQL as its owner."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rapport.db'}"
        return
    url, drop = empty_postgres(server(request.config), door(request.config))
    yield url
    drop()


@pytest.fixture
def directly(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """The address of the same PostgreSQL database for another role, with nothing in between."""
    return lambda url, role: server(request.config).url(url.rsplit("/", 1)[1], role)


def door(config: pytest.Config) -> Door:
    """The pooler before the server, or the server itself where there is none."""
    return server(config) if find_pgbouncer() is None else pooler(config)


def pooler(config: pytest.Config) -> Pooler:
    program = find_pgbouncer()
    assert program is not None, NO_POOLER
    return Pooler(server(config), program)


def server(config: pytest.Config) -> postgres.Server:
    binaries = postgres.find_binaries()
    assert binaries is not None, NO_SERVER
    return postgres.Server(config.stash[HOME], binaries)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that the tests marked `browser` drive."""
    found = find_chromium()
    assert found, NO_BROWSER
    return found


@pytest.fixture(scope="module", autouse=True)
def products_of_a_file_are_let_go() -> Iterator[None]:
    """aiohttp remembers the handlers of the last 1024 applications, and with each the whole product behind it."""
    yield
    web_app._cached_build_middleware.cache_clear()


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine() -> Iterator[None]:
    """A refused connection fails its test even where the code under test swallowed the error."""
    loopback.refused.clear()
    yield
    assert not loopback.refused, f"tried to reach {loopback.refused}"
