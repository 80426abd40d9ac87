from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.services.bare_practice import BarePractice
from tests.services.credit_practice import CreditPractice
from tests.services.paid_practice import PaidPractice, running
from tests.services.selling_practice import SellingPractice
from tests.services.written_down import not_written_down


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
