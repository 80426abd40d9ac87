"""Statements that turns run, made ready once for each database: its SQL, what binds the values, what reads the rows.

SQLAlchemy writes the SQL and knows the types; at run time it is not asked again. That saves a turn about a third of
its time (docs/decisions/0013).
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

from storage.tables import IN_THE_CATALOGUE

Values = Mapping[str, Any]
_Process = Callable[[Any], Any]
T = TypeVar("T")

LENGTHS = 50
"""For how many lengths of a list a statement keeps its SQL: each takes about 40 kB."""


class Ready:
    """A statement that is built once: as it is, or by a function that is told whether it is for Postgres.

    Whatever differs between two runs is a named parameter. It may change no table of the catalogue.
    `by_columns`: an INSERT without values, whose parameters are the columns that it fills.
    """

    __slots__ = ("__weakref__", "_made", "_reads", "_what", "by_columns")

    def __init__(self, what: sa.Executable | Callable[[bool], sa.Executable], *, by_columns: bool = False) -> None:
        self._what = what
        self.by_columns = by_columns
        self._made: dict[bool, sa.Executable] = {}
        self._reads: dict[bool, frozenset[object] | None] = {}

    def statement(self, postgres: bool) -> sa.Executable:
        made = self._made.get(postgres)
        if made is None:
            made = self._made[postgres] = self._what(postgres) if callable(self._what) else self._what
            assert not (isinstance(made, sa.UpdateBase) and made.table in IN_THE_CATALOGUE)
        return made

    def reads(self, postgres: bool) -> frozenset[object] | None:
        """Its tables, where it only reads; None for any other, and for text, of which nobody knows."""
        if postgres not in self._reads:
            statement = self.statement(postgres)
            parts = list(visitors.iterate(statement)) if isinstance(statement, sa.Select) else []
            known = parts and not any(isinstance(each, sa.UpdateBase | sa.TextClause) for each in parts)
            self._reads[postgres] = frozenset(each for each in parts if isinstance(each, sa.Table)) if known else None
        return self._reads[postgres]


class Rows(list[Any]):
    """The rows that a ready statement gave, as named tuples. `rowcount`: of how many it wrote, or gave."""

    __slots__ = ("rowcount",)

    def __init__(self, rows: Iterable[Any] = (), rowcount: int | None = None) -> None:
        super().__init__(rows)
        self.rowcount = len(self) if rowcount is None else rowcount

    def all(self) -> list[Any]:
        return self

    def first(self) -> Any | None:
        return self[0] if self else None

    def one(self) -> Any:
        if len(self) != 1:
            raise LookupError(f"{len(self)} rows instead of one")
        return self[0]

    def scalars(self) -> list[Any]:
        return [row[0] for row in self]

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any | None:
        return self.one()[0] if self else None


class Made:
    """A statement compiled for one database and one set of parameters."""

    __slots__ = (
        "__weakref__", "_bound", "_compiled", "_defaults", "_expands", "_lengths", "_read", "_row", "gives_rows", "sql",
    )  # fmt: skip

    def __init__(self, ready: Ready, dialect: sa.Dialect, names: Sequence[str]) -> None:
        statement = ready.statement(dialect.name == "postgresql")
        assert isinstance(statement, sa.ClauseElement)
        compiled = statement.compile(dialect=dialect, column_keys=list(names) if ready.by_columns else None)
        assert isinstance(compiled, SQLCompiler)
        self._compiled = compiled
        self._expands = [name for name, bind in compiled.binds.items() if bind.expanding]
        self._lengths: dict[tuple[int, ...], tuple[str, list[tuple[str, _Process | None]]]] = {}
        unsaid = ((name, bind) for name, bind in compiled.binds.items() if name not in names)
        self._defaults = {name: bind.effective_value for name, bind in unsaid if not bind.required}
        self.sql = compiled.string
        self._bound = [] if self._expands else _binders(compiled.positiontup or (), compiled.binds, dialect)
        columns = _columns(statement, compiled)
        self.gives_rows = bool(columns)
        self._row: Any = namedtuple("Row", [name for name, _kind in columns], rename=True)  # type: ignore[misc]
        reads = ((n, kind.result_processor(dialect, None)) for n, (_name, kind) in enumerate(columns))
        self._read = [(n, process) for n, process in reads if process is not None]

    def bind(self, values: Values, dialect: sa.Dialect) -> tuple[str, list[Any]]:
        """The SQL with its values in order."""
        given = {**self._defaults, **values} if self._defaults else values
        if self._expands:
            sql, binders, given = self._expanded(given, dialect)
        else:
            sql, binders = self.sql, self._bound
        return sql, [given[name] if process is None else process(given[name]) for name, process in binders]

    def _expanded(self, given: Values, dialect: sa.Dialect) -> tuple[str, list[tuple[str, _Process | None]], Values]:
        """A list among the values is written out: there is SQL for each length of it."""
        lengths = tuple(len(given[name]) for name in self._expands)
        known = self._lengths.get(lengths)
        if known is None:
            state = self._compiled.construct_expanded_state(dict(given))
            binds = dict(self._compiled.binds)
            for name, those in state.parameter_expansion.items():
                binds.update(dict.fromkeys(those, self._compiled.binds[name]))
            if len(self._lengths) >= LENGTHS:
                self._lengths.clear()
            known = self._lengths[lengths] = state.statement, _binders(state.positiontup or (), binds, dialect)
        flat = dict(given)
        for name in self._expands:
            flat.update({f"{name}_{number}": each for number, each in enumerate(given[name], 1)})
        return *known, flat

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """What the driver gave, as tuples with names, with the values that the columns' types make of it."""
        make = self._row._make
        if not self._read:
            return [make(each) for each in found]
        rows = []
        for each in found:
            values = list(each)
            for number, process in self._read:
                values[number] = process(values[number])
            rows.append(make(values))
        return rows


class Workshop:
    """All statements that were made ready for one database, and are still kept by whoever runs them."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self._made: WeakKeyDictionary[Ready, dict[tuple[str, ...], Made]] = WeakKeyDictionary()

    def made(self, ready: Ready, values: Values) -> Made:
        mine = self._made.get(ready)
        if mine is None:
            mine = self._made[ready] = {}
        names = tuple(values)
        found = mine.get(names)
        if found is None:
            found = mine[names] = Made(ready, self.dialect, names)
        return found


def _columns(statement: sa.ClauseElement, compiled: SQLCompiler) -> list[tuple[str, sa.types.TypeEngine[Any]]]:
    if isinstance(statement, sa.UpdateBase):
        given: Iterable[Any] = compiled.effective_returning or ()
    else:
        assert isinstance(statement, sa.SelectBase)
        given = statement.selected_columns
    return [(column.key or column.name, column.type) for column in given]


def _binders(
    names: Iterable[str], binds: Mapping[str, sa.BindParameter[Any]], dialect: sa.Dialect
) -> list[tuple[str, _Process | None]]:
    return [(name, _process(binds[name].type, dialect)) for name in names]


def _process(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Process | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)
