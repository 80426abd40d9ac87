"""What a transaction puts off, to go as one statement of Postgres: each costs a round trip and a tenth of a
millisecond.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from storage.append_only import in_order
from storage.ready import Ready

Values = Mapping[str, Any]
MOST_ALIKE = 2
"""How often a change goes along in one statement: the statements of a long list would all be different."""

STATEMENTS = 100
"""How many are kept: each takes about 170 kB."""

FEW = 8
"""So many rows are written out. Of more there is a list for each column: the driver looks at each value of a list."""

_Shape = tuple[sa.Insert, tuple[str, ...], int | None]
"""A statement, its columns, and how many rows are written out."""


@dataclass(frozen=True)
class Change:
    """An update that is built once, with its parameters. `of`: what stands in certain columns of every row that it
    may meet. `as_read`: it is to find one row."""

    statement: sa.Update
    values: Values
    of: Values
    as_read: bool


@dataclass
class PutOff:
    """Changes in their order, and what to insert after them: statements that are made once and used again, each with
    rows of the same columns."""

    changes: list[Change] = field(default_factory=list)
    inserts: dict[sa.Insert, list[Values]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.changes or self.inserts)

    @property
    def tables(self) -> set[object]:
        return {each.statement.table for each in self.changes} | {each.table for each in self.inserts}

    def has_room(self, change: Change) -> bool:
        """Whether it may go along: of one statement, no part sees what another writes."""
        alike = [each for each in self.changes if each.statement.table is change.statement.table]
        mine = (rows for insert, rows in self.inserts.items() if insert.table is change.statement.table)
        others = [*(each.of for each in alike), *(row for rows in mine for row in rows)]
        often = sum(each.statement is change.statement for each in alike)
        return often < MOST_ALIKE and all(_are_apart(change.of, other) for other in others)

    def insert(self, statement: sa.Insert, rows: Sequence[Values]) -> None:
        self.inserts.setdefault(statement, []).extend(rows)

    def together(self) -> tuple[Ready, Values]:
        """One statement that does it all, with its parameters. Where there are changes, it gives for each of them how
        many rows it found. The rows of each insert get their ids in their order."""
        shapes: list[_Shape] = []
        values: dict[str, Any] = {}
        for number, (statement, rows) in enumerate(self.inserts.items()):
            columns = tuple(rows[0])
            shape = statement, columns, len(rows) if len(rows) <= FEW else None
            shapes.append(shape)
            values.update(zip(_names(number, columns, shape[2]), _values(rows, columns, shape[2]), strict=True))
        for number, change in enumerate(self.changes):
            values.update({_name_in_change(number, name): value for name, value in change.values.items()})
        return _statement(tuple(each.statement for each in self.changes), tuple(shapes)), values


def _are_apart(one: Values, other: Values) -> bool:
    """Whether no row can be both."""
    return any(name in other and other[name] != value for name, value in one.items())


@lru_cache(maxsize=200)
def alone(statement: sa.Update) -> Ready:
    """A change that nothing goes along with."""
    return Ready(statement)


@lru_cache(maxsize=STATEMENTS)
def _statement(changes: Sequence[sa.Update], shapes: Sequence[_Shape]) -> Ready:
    done: list[sa.CTE] = []
    for number, change in enumerate(changes):
        named = _named(number, change).where(*_after(done))
        done.append(named.returning(sa.literal_column("1").label("one")).cte(f"change_{number}"))
    inserts = [_insert(number, *shape, after=done) for number, shape in enumerate(shapes)]
    first = sa.select(*(_count(each).label(each.name) for each in done)) if done else inserts.pop(0)
    return Ready(first.add_cte(*(each.cte(f"part_{number}") for number, each in enumerate(inserts))))


def _named(number: int, change: sa.Update) -> sa.Update:
    """With names of its own for its parameters."""

    def rename(bind: sa.BindParameter[Any]) -> None:
        if not bind.unique:
            bind.key = _name_in_change(number, bind.key)

    return visitors.cloned_traverse(change, {}, {"bindparam": rename})


def _after(done: Sequence[sa.CTE]) -> list[sa.ColumnElement[bool]]:
    """True, once the last of these is over: parts of one statement run in any order that their data allow, and a time
    is to be free before it is taken anew."""
    return [_count(each) >= sa.literal_column("0") for each in done[-1:]]


def _count(done: sa.CTE) -> sa.ColumnElement[int]:
    return sa.select(sa.func.count()).select_from(done).scalar_subquery()


def _insert(
    number: int, statement: sa.Insert, columns: tuple[str, ...], count: int | None, *, after: Sequence[sa.CTE]
) -> sa.Insert:
    """With a parameter for each value of its rows, or where no `count` is given for each column, with a list in it."""
    types = [statement.table.c[column].type for column in columns]
    names = _names(number, columns, count)
    if count is None:
        lists = [sa.bindparam(name, type_=sa.ARRAY(kind)) for name, kind in zip(names, types, strict=True)]
        rows = sa.func.unnest(*lists).table_valued(*columns, name=f"rows_{number}").render_derived()
        told: Sequence[sa.ColumnElement[Any]] = list(rows.c)
    else:
        binds = [sa.bindparam(name, type_=kind) for name, kind in zip(names, types * count, strict=True)]
        listed = [tuple(binds[first : first + len(types)]) for first in range(0, len(binds), len(types))]
        heads = (sa.column(column, kind) for column, kind in zip(columns, types, strict=True))
        told = listed[0] if count == 1 else list(sa.values(*heads, name=f"rows_{number}").data(listed).c)
    values = [in_order(statement.table.c[column], value) for column, value in zip(columns, told, strict=True)]
    return statement.from_select(columns, sa.select(*values).where(*_after(after)), include_defaults=False)


@lru_cache(maxsize=STATEMENTS)
def _names(number: int, columns: tuple[str, ...], count: int | None) -> Sequence[str]:
    """Of the parameters of an insert, in the order of `_values`."""
    if count is None:
        return [f"{column}_{number}" for column in columns]
    return [f"{column}_{number}_{row}" for row in range(count) for column in columns]


def _values(rows: Sequence[Values], columns: Sequence[str], count: int | None) -> list[Any]:
    if count is None:
        return [[row[column] for row in rows] for column in columns]
    return [row[column] for row in rows for column in columns]


def _name_in_change(number: int, name: str) -> str:
    return f"{name}_of_change_{number}"
