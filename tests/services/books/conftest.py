from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.services.paid_practice import PaidPractice, running
from tests.storage.support import new_sealer


@pytest.fixture
async def practice(sqlite_url: str) -> AsyncIterator[PaidPractice]:
    """A practice that takes money, on SQLite alone: what is compared is asked of both databases elsewhere."""
    storage = await Storage.open(sqlite_url, new_sealer())
    async with running(storage) as opened:
        yield opened
    await storage.close()
