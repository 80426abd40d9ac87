"""A disk that is full: told to the person, nothing kept by halves, and over once there is room."""

import asyncio
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.engine import Storage, StorageAway, Tx
from storage.tables import leases
from tests.journeys.stories import FREE, arrives, first_day, reviews
from tests.promises.everything import ask
from tests.storage.support import new_sealer
from tests.support.whole_product import WholeProduct

BIG = 200
LONG = "x" * 20_000


async def test_a_full_database_is_away_keeps_nothing_by_halves_and_comes_back(sqlite_url: str) -> None:
    """SQLite's own SQLITE_FULL: the file may have no more pages."""
    storage = await Storage.open(sqlite_url, new_sealer())

    async def may_have(pages: int) -> None:
        await storage.write(lambda tx: tx.execute(sa.text(f"PRAGMA max_page_count={pages}")).close())

    await may_have(1)  # it stays as large as it is

    def fill(tx: Tx) -> None:
        for number in range(BIG):
            tx.execute(sa.insert(leases).values(name=f"{number}", owner=LONG, epoch=1, until=0))

    with pytest.raises(StorageAway, match="full"):
        await storage.write(fill)
    assert await storage.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(leases)).scalar_one()) == 0
    await may_have(2**30)
    await storage.write(fill)
    await storage.close()


@pytest.fixture
async def product(sqlite_url: str, tmp_path: Path) -> AsyncIterator[WholeProduct]:
    async with WholeProduct(tmp_path, sqlite_url) as opened:
        yield await opened.opens()


def may_write(product: WholeProduct, most: int) -> None:
    """The product's files may grow to so many bytes: beyond, writing fails as on a full volume."""
    process = product.processes[0]._process
    assert process is not None
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def fill_up(product: WholeProduct) -> None:
    log = Path(product.database_url.removeprefix("sqlite:///") + "-wal")
    may_write(product, max(log.stat().st_size, product.processes[0].path.stat().st_size + 2**16))


@pytest.mark.timeout(240)
@pytest.mark.attack("Fills the disk under the database")
async def test_who_taps_while_the_disk_is_full_is_told_and_what_comes_again_is_done(product: WholeProduct) -> None:
    ana = product.owner("telegram")
    await first_day(ana, FREE)
    mia = await arrives(product.person("telegram", "Mia Kovalenko", "Kyiv"))
    sam = await arrives(product.person("slack", "Sam Hughes", "London"))
    await reviews(mia, "Wed 3 Feb", "10:00")
    await reviews(sam, "Thu 4 Feb", "10:00")
    fill_up(product)
    tapping = asyncio.create_task(mia.taps("Book it"))
    await sam.taps("Book it")
    await sam.sees("Nothing was changed")
    await tapping
    assert await ask(product.database_url, "SELECT * FROM bookings") == []
    assert product.processes[0].alive
    may_write(product, resource.RLIM_INFINITY)
    await mia.still_sees("Booked: First talk", within=20)
    await sam.leaves_form()  # what it said lies over the page that asks
    await sam.taps("Book it", on="First talk with Ana Fischer")
    await sam.sees("Booked: First talk")
    await ana.still_sees("New booking: First talk with Mia Kovalenko", within=20)
    await ana.still_sees("New booking: First talk with Sam Hughes", within=20)
    assert len(await ask(product.database_url, "SELECT * FROM bookings")) == 2
