"""Lets a message that went out tell something else from now on."""

from collections.abc import Collection

import sqlalchemy as sa

from storage.tables import outbox
from storage.tx import Tx


def readdress(tx: Tx, ids: Collection[int], address: str) -> None:
    """What these rows of the outbox show when they are drawn again."""
    if ids:
        tx.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(address=address))
