from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.force.recorded_payloads import Recorder
from tests.support.cluster import Cluster


@pytest.fixture
async def product(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Recorder]:
    """The product in this very process, where messages need not wait out a second each."""
    async with Recorder(tmp_path, sqlite_url) as opened:
        yield await opened.opens()


@pytest.fixture
async def cluster(direct_database_url: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    """Two web and two worker."""
    async with Cluster(tmp_path, direct_database_url) as opened:
        yield await opened.opens()
