"""Where sessions take place: a kind in clear, and sealed details (a link, a number, an address)."""

from typing import Any

import sqlalchemy as sa

from bot.domain.practice.offers import Place, PlaceKind
from storage.journal.set_aside import known
from storage.tx import Tx


def columns(tx: Tx, table: sa.Table, row_id: int, place: Place | None) -> dict[str, str | None]:
    """The two columns of a place, for this row of the table."""
    if place is None:
        return {"place_kind": None, "place_sealed": None}
    return {"place_kind": place.kind.value, "place_sealed": tx.sealer.seal(place.details, _column(table), row_id)}


def read(tx: Tx, table: sa.Table, row: Any) -> Place | None:
    """The place of a row of the table; None when there is none."""
    if row.place_kind is None or row.place_sealed is None:
        return None
    return Place(known(PlaceKind, row.place_kind), tx.sealer.open(row.place_sealed, _column(table), row.id))


def _column(table: sa.Table) -> str:
    return f"{table.name}.place_sealed"
