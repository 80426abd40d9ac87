"""Compares a database's schema with this version, without Alembic, which only a change needs."""

from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from storage.engine import Storage

State = Literal["empty", "old", "current", "newer"]

_FOLDER = Path(__file__).parents[1] / "migrations" / "versions"
_FORBIDDEN = "42501"
_STANDS_AT = sa.text("SELECT version_num FROM alembic_version")


def known() -> list[str]:
    """The revisions of this version, oldest first: a revision's file begins with its number."""
    return sorted(file.name.partition("_")[0] for file in _FOLDER.glob("[0-9]*_*.py"))


def state(connection: sa.Connection) -> State:
    """ "newer" means a revision that this version does not know."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return "empty"
    stands_at = connection.execute(_STANDS_AT).scalar()
    if stands_at is None:
        return "empty"
    revisions = known()
    if stands_at == revisions[-1]:
        return "current"
    return "old" if stands_at in revisions else "newer"


async def of(storage: Storage) -> State | Literal["closed"]:
    """The state of an open database; "closed" where its role may not look."""
    try:
        return await storage.read(lambda tx: state(tx.connection))
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _FORBIDDEN:
            raise
        return "closed"
