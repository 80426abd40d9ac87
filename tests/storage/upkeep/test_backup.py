"""A copy of SQLite is whole and private whoever writes meanwhile, and a failed one leaves nothing."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.tables import leases
from storage.upkeep import backup
from storage.upkeep.backup import CannotBackUp
from tests.storage.support import add_lease, names_of_leases, new_sealer


def silent(_left: int, _whole: int) -> None:
    pass


@pytest.fixture
async def written(sqlite_url: str) -> AsyncIterator[Storage]:
    """An open database whose newest rows stand in the file beside it only."""
    storage = await Storage.open(sqlite_url, new_sealer())
    await storage.write(lambda tx: add_lease(tx, "before"))
    yield storage
    await storage.close()


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.mark.parametrize("mask", [0, 0o777], ids=oct)
async def test_a_copy_has_what_was_written_last_and_is_private(
    written: Storage, file: Path, tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        to = tmp_path / "copy.db"
        copied = await asyncio.to_thread(backup.copy, file, to, silent)
    finally:
        os.umask(before)
    assert (to.stat().st_mode & 0o777, copied.bytes) == (0o600, to.stat().st_size)
    assert files(tmp_path) == ["copy.db", "rapport.db"]
    restored = await Storage.open(f"sqlite:///{to}", new_sealer())
    assert await restored.read(names_of_leases) == ["before"]
    await restored.close()


async def test_a_folder_that_is_missing_is_named(written: Storage, file: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp) as refused:
        backup.copy(file, tmp_path / "backups" / "x.db", silent)
    assert str(refused.value) == f"There is no folder {tmp_path / 'backups'}: make it, or name a file in another one."


async def test_writers_go_on_and_the_copy_is_of_one_moment(written: Storage, file: Path, tmp_path: Path) -> None:
    """Each transaction writes two rows: a copy never has one of them alone."""
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            await written.write(partial(pair, number=number))
        return number

    writing = asyncio.create_task(write())
    copies = [tmp_path / f"{number}.db" for number in range(5)]
    for to in copies:
        await asyncio.to_thread(backup.copy, file, to, silent)
    stop.set()
    assert await writing > len(copies)
    for to in copies:
        with sqlite3.connect(to) as copied:
            names = {str(name) for (name,) in copied.execute("SELECT name FROM leases")} - {"before"}
        copied.close()
        assert {name[1:] for name in names if name[0] == "a"} == {name[1:] for name in names if name[0] == "b"}


def pair(tx: Tx, number: int) -> None:
    for each in "ab":
        add_lease(tx, f"{each}{number}")


async def test_of_several_copies_to_one_file_at_once_one_is_kept(written: Storage, file: Path, tmp_path: Path) -> None:
    """The second begins while the first is read through, and ends before it."""
    to = tmp_path / "copy.db"
    ended: list[str] = []

    def second(left: int, _whole: int) -> None:
        if left == 0 and not ended:
            ended.append("begun")
            ended.append(str(backup.copy(file, to, silent).rows))

    with pytest.raises(CannotBackUp, match=r"wrote .* meanwhile"):
        backup.copy(file, to, second)
    assert len(ended) == 2
    assert files(tmp_path) == ["copy.db", "rapport.db"]
    with sqlite3.connect(to) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copied.close()


async def test_no_other_file_is_written_over(written: Storage, file: Path, tmp_path: Path) -> None:
    to = tmp_path / "mine.txt"
    to.write_text("mine")
    with pytest.raises(CannotBackUp, match="is there already"):
        backup.copy(file, to, silent)
    assert to.read_text() == "mine"
    with pytest.raises(CannotBackUp, match="There is no database"):
        backup.copy(tmp_path / "none.db", tmp_path / "copy.db", silent)
    assert not (tmp_path / "none.db").exists()


async def test_a_damaged_database_is_not_copied(sqlite_url: str, file: Path, tmp_path: Path) -> None:
    storage = await Storage.open(sqlite_url, new_sealer())
    await storage.write(lambda tx: tx.execute(sa.insert(leases), [_lease(number) for number in range(2000)]))
    await storage.close()
    damage(file)
    with pytest.raises(CannotBackUp):
        backup.copy(file, tmp_path / "copy.db", silent)
    assert files(tmp_path) == ["rapport.db"]


def damage(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        for at in range(size // 2, size - 4096, 4096):
            opened.seek(at)
            opened.write(b"\xff" * 64)


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if not each.name.endswith(("-wal", "-shm")))


async def test_another_file_is_no_database_of_ours(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (id INTEGER)")
    other.close()
    with pytest.raises(CannotBackUp, match="no database of Rapport"):
        backup.copy(tmp_path / "other.db", tmp_path / "copy.db", silent)
    (tmp_path / "words.txt").write_text("no database at all, but longer than a header of one would be " * 20)
    with pytest.raises(CannotBackUp, match="failed"):
        backup.copy(tmp_path / "words.txt", tmp_path / "copy.db", silent)


def _lease(number: int) -> dict[str, object]:
    return {"name": f"lease {number} {'x' * 100}", "owner": "me", "epoch": 1, "until": 0}
