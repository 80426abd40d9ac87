"""The whole product behind a transaction pooler: its processes share connections, and leave nothing on them."""

import pytest

from tests.journeys.conftest import Open
from tests.promises.everything import play
from tests.support.servers.leftovers import left_behind

pytestmark = [pytest.mark.postgres, pytest.mark.pooler]


async def test_the_product_leaves_nothing_on_a_connection(opened: Open, pooled_database_url: str) -> None:
    product = await opened(pooled_database_url)
    await play(product)
    assert await left_behind(pooled_database_url) == set()
