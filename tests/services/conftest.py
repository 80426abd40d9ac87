from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.services.counter import Counter
from tests.services.house import House
from tests.services.till import Till, running


@pytest.fixture
def house(storage: Storage) -> House:
    """An empty practice, on each kind of database."""
    return House(storage)


@pytest.fixture
async def counter(storage: Storage) -> Counter:
    """A practice that can be booked."""
    return await Counter(storage).open()


@pytest.fixture
async def till(storage: Storage) -> AsyncIterator[Till]:
    """A practice that takes money, beside a Stripe."""
    async with running(storage) as open_till:
        yield open_till
