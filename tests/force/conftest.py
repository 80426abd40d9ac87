from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.force.letters import Recorder
from tests.support.city import City


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Recorder]:
    """The product in this very process, where messages need not wait out a second each."""
    async with Recorder(tmp_path, sqlite_url) as opened:
        yield await opened.opens()


@pytest.fixture
async def city(direct_database_url: str, tmp_path: Path) -> AsyncIterator[City]:
    """Two web and two worker."""
    async with City(tmp_path, direct_database_url) as opened:
        yield await opened.opens()
