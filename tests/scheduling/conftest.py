from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.storage.support import new_sealer


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    opened = await Storage.open(database_url, new_sealer())
    yield opened
    await opened.close()
