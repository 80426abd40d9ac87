"""The helpers of the suite do what they promise."""

import contextlib
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.promises.everything import ask
from tests.support import loopback, specs
from tests.support.servers.postgres import new_home, remove_abandoned


async def test_each_test_gets_a_database_of_its_own(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
            database.execute("CREATE TABLE left_behind (id int)")
        database.close()
        return
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("INSERT INTO leases (name, owner, epoch, until) VALUES ('left behind', 'me', 1, 0)")
    finally:
        await connection.close()


test_and_nothing_is_left_for_the_next = test_each_test_gets_a_database_of_its_own


async def test_a_connection_left_open_does_not_keep_the_database(database_url: str) -> None:
    if database_url.startswith("postgresql"):
        pool = await asyncpg.create_pool(database_url, min_size=1)
        pool.terminate()


@pytest.mark.parametrize("host", ["203.0.113.7", "api.stripe.com", "8.8.8.8", "2001:db8::1"])
def test_the_outside_world_is_refused_even_where_errors_are_swallowed(host: str) -> None:
    with contextlib.suppress(Exception):
        socket.create_connection((host, 443), timeout=1)
    assert loopback.refused == [host]
    loopback.refused.clear()


def test_a_process_that_a_test_starts_is_refused_too() -> None:
    program = "import socket; socket.create_connection(('203.0.113.7', 443), timeout=1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "OutsideWorldError" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost", "0.0.0.0", ""])
def test_this_machine_is_not_the_outside_world(host: str) -> None:
    assert loopback.is_local(host)


def test_the_folder_of_a_killed_run_is_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine, alive = new_home()
    abandoned, dead = new_home()
    dead.close()
    stopped: list[Path] = []
    remove_abandoned(stopped.append)
    assert stopped == [abandoned]
    assert mine.exists()
    assert not abandoned.exists()
    alive.close()


def test_checks_without_their_descriptions_are_counted() -> None:
    reasons = []
    for checks in (1, 77):
        with pytest.raises(pytest.skip.Exception) as left_out:
            specs.described("of-nobody.json", checks)
        reasons.append(str(left_out.value))
    assert specs.told(["a file has no roles"]) is None
    assert (specs.told([*reasons, "a file has no roles"]) or "").startswith("78 checks did not run")


async def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    if empty_database_url.startswith("postgresql"):
        assert await ask(empty_database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
