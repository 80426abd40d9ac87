from collections.abc import AsyncIterator

import pytest

from storage.engine import Storage
from tests.channels.sms.sms_setup import SmsSetup, opened
from tests.storage.support import new_sealer


@pytest.fixture
async def sms(sqlite_url: str) -> AsyncIterator[SmsSetup]:
    """A number as the sender."""
    storage = await Storage.open(sqlite_url, new_sealer())
    async with opened(storage) as made:
        yield made
    await storage.close()
