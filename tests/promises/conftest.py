"""The promises are tested on the same running products as the journeys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.conftest import chat as chat
from tests.journeys.conftest import opened as opened
from tests.journeys.conftest import product as product
from tests.journeys.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.support.whole_product import TEAM, WholeProduct


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[WholeProduct]:
    """The stand-ins and the settings that lead to them; no process runs, the database is empty."""
    async with WholeProduct(tmp_path, f"sqlite:///{tmp_path / 'rapport.db'}") as product:
        product.slack.slack.install(product.slack.slack.teams[TEAM], "U0OWNER", None)
        (tmp_path / "rapport.db").touch(mode=0o600)
        yield product
