"""When things last happened that leave no other trace, by the database's clock."""

import sqlalchemy as sa

from storage.leased import real_now
from storage.tables import marks
from storage.tx import Tx

WRITTEN = "written"
"""Some process could write."""

PROXIED = "proxied"
"""A request came for PUBLIC_URL's host, and something in front said how it had come."""


def touch(tx: Tx, name: str) -> int | None:
    """It happens now; how many seconds ago it happened before, None when never. One process at a time."""
    before = sa.select(real_now() - marks.c.at).where(marks.c.name == name)
    ago = tx.execute(before.with_for_update()).scalar_one_or_none()
    made = tx.upsert(marks).values(name=name, at=real_now())
    tx.execute(made.on_conflict_do_update(index_elements=["name"], set_={"at": real_now()}))
    return None if ago is None else int(ago)


def age(tx: Tx, name: str) -> int | None:
    """How many seconds ago it happened last; None when never."""
    ago = tx.execute(sa.select(real_now() - marks.c.at).where(marks.c.name == name)).scalar_one_or_none()
    return None if ago is None else int(ago)
