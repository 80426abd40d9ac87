from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.services.bare_practice import BarePractice
from tests.services.credit_practice import CreditPractice
from tests.services.paid_practice import PaidPractice, running
from tests.services.selling_practice import SellingPractice
from tests.services.written_down import not_written_down
from tests.storage.support import new_sealer


@pytest.fixture
def bare_practice(storage: Storage) -> BarePractice:
    """An empty practice, on each kind of database."""
    return BarePractice(storage)


@pytest.fixture
async def selling_practice(storage: Storage) -> SellingPractice:
    """A practice that can be booked."""
    return await SellingPractice(storage).open()


@pytest.fixture
async def credit_practice(storage: Storage) -> CreditPractice:
    """A practice that can be booked on credit."""
    opened = CreditPractice(storage)
    await opened.open()
    return opened


@pytest.fixture
async def paid_practice(storage: Storage) -> AsyncIterator[PaidPractice]:
    """A practice that takes money, beside a Stripe. At its end the audit trail has every movement of that."""
    async with running(storage) as open_till:
        yield open_till
        assert not await storage.read(not_written_down)


@pytest.fixture
async def taxed_practice(sqlite_url: str) -> AsyncIterator[PaidPractice]:
    """A practice in Germany whose Stripe reckons tax; what Stripe says is heard of when somebody asks."""
    storage = await Storage.open(sqlite_url, new_sealer())
    async with running(storage) as open_till:
        await open_till.silence()
        await open_till.control("tax", head_office={"country": "DE"}, registrations=["DE", "AT"])
        yield open_till
    await storage.close()
