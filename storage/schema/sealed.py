"""Which columns are sealed, and what names their rows: see `storage.sealing`."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage.columns import SEALED_ROW, metadata
from storage.sealing import RowRef


def sealed_columns() -> dict[sa.Table, list[str]]:
    """The names of the sealed columns of each table that has any."""
    found: dict[sa.Table, list[str]] = {}
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns if column.name.endswith("_sealed")]
        if names:
            found[table] = names
    return found


def naming(table: sa.Table) -> Sequence[str]:
    """The columns that name a row of this table."""
    names: Sequence[str] = table.info.get(SEALED_ROW) or table.primary_key.columns.keys()
    return names


def sealed_row(table: sa.Table, row: Mapping[str, Any]) -> RowRef:
    """What names this row, which holds at least those columns, to whatever is sealed in it."""
    values = [row[name] for name in naming(table)]
    return values[0] if len(values) == 1 else ":".join(str(value) for value in values)
