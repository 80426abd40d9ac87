from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Storage
from tests.conftest import HOME
from tests.handlers.bare_chat import BareChat
from tests.services.paid_practice import running
from tests.services.written_down import not_written_down
from tests.storage.support import new_sealer
from tests.support.servers.databases import fresh_sqlite


@pytest.fixture
async def chat(sqlite_url: str) -> AsyncIterator[BareChat]:
    """A practice with one coach, a free and a paid offer. Conversations are the same on every database."""
    storage = await Storage.open(sqlite_url, new_sealer())
    async with running(storage) as till:
        yield BareChat(till)
        assert not await storage.read(not_written_down)
    await storage.close()


@pytest.fixture
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """A database in which nobody has done anything yet."""
    folder = tmp_path / "empty"
    folder.mkdir()
    storage = await Storage.open(fresh_sqlite(request.config.stash[HOME], folder), new_sealer())
    yield storage
    await storage.close()
