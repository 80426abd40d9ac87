"""Several inserts as one statement of Postgres: every statement costs a round trip and a tenth of a millisecond."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]
Inserts = dict[sa.Insert, list[Row]]
"""What to insert: statements that are made once and used again, each with rows of the same columns."""

_Shape = tuple[sa.Insert, tuple[str, ...], int]


def together(inserts: Inserts) -> tuple[sa.Executable, Row]:
    """One statement that does them all, with its parameters. The rows of each insert get their ids in their order."""
    shapes = tuple((statement, tuple(rows[0]), len(rows)) for statement, rows in inserts.items())
    values = {
        _name(number, place, column): value
        for number, rows in enumerate(inserts.values())
        for place, row in enumerate(rows)
        for column, value in row.items()
    }
    return _statement(shapes), values


@lru_cache(maxsize=200)
def _statement(shapes: Sequence[_Shape]) -> sa.Executable:
    first, *others = [_insert(number, *shape) for number, shape in enumerate(shapes)]
    return first.add_cte(*(other.cte(f"part_{number}") for number, other in enumerate(others)))


def _insert(number: int, statement: sa.Insert, columns: Sequence[str], count: int) -> sa.Insert:
    types = statement.table.c
    rows = (
        {column: sa.bindparam(_name(number, place, column), type_=types[column].type) for column in columns}
        for place in range(count)
    )
    return statement.values(list(rows))


def _name(number: int, place: int, column: str) -> str:
    return f"{column}_{number}_{place}"
