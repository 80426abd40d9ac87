"""The database's files and folders are for their user alone, whatever the umask says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Storage
from storage.upkeep.migrate import migrate
from tests.storage.support import add_person, new_sealer


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


async def test_what_is_made_is_private(tmp_path: Path, umask: int) -> None:
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    file = there / "a" / "b" / "rapport.db"
    await migrate(f"sqlite:///{file}")
    storage = await Storage.open(f"sqlite:///{file}", new_sealer())
    await storage.write(add_person)
    files = list(file.parent.iterdir())
    assert {each.name.removeprefix("rapport.db") for each in files} == {"", "-wal", "-shm"}
    assert {mode(each) for each in files} == {"0o600"}, umask
    assert {mode(folder) for folder in (file.parent, file.parent.parent)} == {"0o700"}
    assert mode(there) == "0o755", "what was there is its owner's to decide"
    await storage.close()


async def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "rapport.db"
    await migrate(f"sqlite:///{file}")
    file.chmod(0o640)
    storage = await Storage.open(f"sqlite:///{file}", new_sealer())
    await storage.close()
    assert mode(file) == "0o640"
