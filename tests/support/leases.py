"""Time goes by for leases, which the database's own clock ends and no test can move."""

import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.leased import real_now
from storage.sealing import Sealer
from storage.tables import inbox, leases, marks, outbox, payments, processes, refunds
from tests.storage.support import new_key


async def time_passes(storage: Storage, seconds: float) -> None:
    """Every lease ends sooner by so many seconds, and what happened was earlier, as if its clock had gone on."""
    await storage.write(lambda tx: _sooner(tx, int(seconds)))


async def time_passes_at(database_url: str, seconds: float) -> None:
    """As `time_passes`, for a database that other processes use."""
    storage = await Storage.open(database_url, Sealer([new_key()]), pool_size=1)
    try:
        await time_passes(storage, seconds)
    finally:
        await storage.close()


def _sooner(tx: Tx, seconds: int) -> None:
    # The leases first: who claims rows prolongs one in the same transaction, and waits for this one to end. Else rows
    # that were claimed meanwhile would stay with a sender who has just lost the right to send them.
    tx.execute(sa.update(leases).where(leases.c.until > real_now()).values(until=leases.c.until - seconds))
    for table in (outbox, inbox, payments, refunds):
        ends = table.c.lease_until
        tx.execute(sa.update(table).where(ends > real_now()).values(lease_until=ends - seconds))
    tx.execute(sa.update(marks).values(at=marks.c.at - seconds))
    tx.execute(sa.update(processes).values(seen_at=processes.c.seen_at - seconds))
