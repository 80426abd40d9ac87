from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.services.house import House
from tests.services.till import Till, running
from tests.storage.support import new_sealer


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    opened = await Storage.open(database_url, new_sealer())
    yield opened
    await opened.close()


@pytest.fixture
def house(storage: Storage) -> House:
    """An empty practice, on each kind of database."""
    return House(storage)


@pytest.fixture
async def till(storage: Storage) -> AsyncIterator[Till]:
    """A practice that takes money, beside a Stripe."""
    async with running(storage) as open_till:
        yield open_till
