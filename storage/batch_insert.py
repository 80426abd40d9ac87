"""Several inserts as one statement of Postgres: every statement costs a round trip and a tenth of a millisecond."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from storage.append_only import in_order
from storage.ready import Ready

Values = Mapping[str, Any]
Inserts = dict[sa.Insert, list[Values]]
"""What to insert: statements that are made once and used again, each with rows of the same columns."""

_Shape = tuple[sa.Insert, tuple[str, ...], bool]
"""A statement, its columns, and whether it is for one row alone."""


def together(inserts: Inserts) -> tuple[Ready, Values]:
    """One statement that does them all, with its parameters. The rows of each insert get their ids in their order."""
    shapes = tuple((statement, tuple(rows[0]), len(rows) == 1) for statement, rows in inserts.items())
    values = {
        _name(number, column): rows[0][column] if len(rows) == 1 else [row[column] for row in rows]
        for number, rows in enumerate(inserts.values())
        for column in rows[0]
    }
    return _statement(shapes), values


@lru_cache(maxsize=200)
def _statement(shapes: Sequence[_Shape]) -> Ready:
    first, *others = [_insert(number, *shape) for number, shape in enumerate(shapes)]
    return Ready(first.add_cte(*(other.cte(f"part_{number}") for number, other in enumerate(others))))


def _insert(number: int, statement: sa.Insert, columns: Sequence[str], alone: bool) -> sa.Insert:
    """A parameter for each column, so that the statement is the same for any number of rows.

    Those of one row are plain: the driver looks at each value of a list before it sends it.
    """
    table = statement.table.c
    told: Sequence[sa.ColumnElement[Any]]
    if alone:
        told = [sa.bindparam(_name(number, column), type_=table[column].type) for column in columns]
    else:
        kinds = [sa.ARRAY(table[column].type) for column in columns]
        lists = [sa.bindparam(_name(number, column), type_=kind) for column, kind in zip(columns, kinds, strict=True)]
        rows = sa.func.unnest(*lists).table_valued(*columns, name=f"rows_{number}").render_derived()
        told = [rows.c[column] for column in columns]
    values = [in_order(table[column], value) for column, value in zip(columns, told, strict=True)]
    return statement.from_select(columns, sa.select(*values), include_defaults=False)


def _name(number: int, column: str) -> str:
    return f"{column}_{number}"
