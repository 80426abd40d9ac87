from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Storage
from tests.conftest import HOME
from tests.handlers.room import Room
from tests.services.till import running
from tests.storage.support import new_sealer
from tests.support.servers.databases import fresh_sqlite


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    """A practice with one coach, a free and a paid offer. Conversations are the same on every database."""
    storage = await Storage.open(sqlite_url, new_sealer())
    async with running(storage) as till:
        yield Room(till)
    await storage.close()


@pytest.fixture
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """A database in which nobody has done anything yet."""
    folder = tmp_path / "empty"
    folder.mkdir()
    storage = await Storage.open(fresh_sqlite(request.config.stash[HOME], folder), new_sealer())
    yield storage
    await storage.close()
