"""The past that the bench measures beside can be made."""

import sqlalchemy as sa

from bench import scale
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import BarePractice
from tests.storage.support import new_sealer
from tests.support.servers.databases import as_role
from tests.support.servers.postgres import OWNER


async def test_a_past_is_filled_in(database_url: str) -> None:
    storage = await Storage.open(database_url, new_sealer())
    practice = BarePractice(storage)
    await practice.set_up()
    await scale.fill(as_role(database_url, OWNER), 20, 40)
    count = sa.select(sa.func.count()).select_from(tables.bookings)
    assert await storage.read(lambda tx: tx.execute(count).scalar_one()) == 40
    await storage.close()
