"""When things last happened that leave no other trace, by the database's clock."""

import sqlalchemy as sa

from storage.leased import real_now
from storage.tables import marks
from storage.tx import Tx

WRITTEN = "written"
"""Some process could write."""

PROXIED = "proxied"
"""A request came for PUBLIC_URL's host, and something in front said how it had come."""

OWNERS = "owners:"
"""A process started with these OWNERS, whose digest follows."""


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


def put_last(tx: Tx, kind: str, what: str) -> None:
    """Of the things of one kind this is the last one to happen, whatever the clock says. One process at a time."""
    before = tx.execute(sa.select(sa.func.max(marks.c.at)).where(_is_of(kind))).scalar() or 0
    at = sa.case((real_now() > before, real_now()), else_=before + 1)
    made = tx.upsert(marks).values(name=kind + what, at=at)
    tx.execute(made.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


def last(tx: Tx, kind: str) -> str | None:
    """What was put last of this kind; None when nothing was."""
    newest = sa.select(marks.c.name).where(_is_of(kind)).order_by(marks.c.at.desc()).limit(1)
    name: str | None = tx.execute(newest).scalar_one_or_none()
    return None if name is None else name.removeprefix(kind)


def _is_of(kind: str) -> sa.ColumnElement[bool]:
    return marks.c.name.startswith(kind, autoescape=True)
