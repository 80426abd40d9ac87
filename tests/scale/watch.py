"""What each statement of the product costs the database, counted and not timed.

On SQLite the steps of its virtual machine are counted as statements run. On Postgres each statement is planned
and run again in a transaction that is undone, and the rows that it looked at are counted.
"""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from storage.engine import Storage, Tx

STEPS = 20
"""SQLite reports every so many steps."""

_CONTROL = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|SET|EXPLAIN|SELECT pg_advisory", re.IGNORECASE)
_MANY = re.compile(r"\((\?|\$\d+[\w:]*)(, (\?|\$\d+[\w:]*))*\)")


def named(statement: str) -> str:
    """On one line, with the same name for a list of one value and of a hundred."""
    return " ".join(_MANY.sub("(…)", statement).split())


class Watch:
    """By statement, with lists of values shortened: `cost`, the largest of its runs, and `last`, its last run."""

    def __init__(self) -> None:
        self.cost: dict[str, int] = {}
        self.last: dict[str, tuple[str, Any]] = {}
        self._running: dict[int, tuple[str, int]] = {}  # by thread: the statement, and its steps so far

    @contextmanager
    def __call__(self) -> Iterator["Watch"]:
        """Look at every statement of this process meanwhile."""
        sa.event.listen(sa.Engine, "before_cursor_execute", self._begins)
        sa.event.listen(sa.pool.Pool, "checkout", self._taken)
        try:
            yield self
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", self._begins)
            sa.event.remove(sa.pool.Pool, "checkout", self._taken)
            for thread in list(self._running):
                self._end(thread)

    def _taken(self, connection: Any, _record: object, _proxy: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_progress_handler(self._step, STEPS)

    def _begins(self, _connection: object, _cursor: object, statement: str, given: Any, *_more: object) -> None:
        thread = threading.get_ident()
        self._end(thread)
        if not _CONTROL.match(statement):
            self._running[thread] = (named(statement), 0)
            self.last[named(statement)] = statement, given

    def _step(self) -> int:
        thread = threading.get_ident()
        if thread in self._running:
            statement, steps = self._running[thread]
            self._running[thread] = (statement, steps + STEPS)
        return 0

    def _end(self, thread: int) -> None:
        statement, steps = self._running.pop(thread, ("", 0))
        if statement:
            self.cost[statement] = max(steps, self.cost.get(statement, 0))


class Undone(Exception):
    """Ends a transaction that is to leave nothing."""


async def rows_looked_at(storage: Storage, watch: Watch) -> dict[str, int]:
    """How many rows each statement touches on Postgres, by statement. What cannot be run again is left out.

    The plan is that of a statement that stays prepared, which knows no values. Of a small table Postgres would rather
    read all rows than use an index; here it does so only where no index helps.
    """
    found: dict[str, int] = {}
    for number, (name, (statement, given)) in enumerate(watch.last.items()):
        if isinstance(given, list):  # many rows of one insert
            continue

        prepare = f"PREPARE looked_at_{number} AS {statement}"
        values = f"({', '.join(map(_literal, given))})" if given else ""
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE looked_at_{number}{values}"

        def work(tx: Tx, name: str = name, prepare: str = prepare, explain: str = explain) -> None:
            try:
                with tx.savepoint():
                    tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
                    tx.connection.exec_driver_sql(prepare)
                    (plan,) = tx.connection.exec_driver_sql(explain).scalar_one()
            except sa.exc.IntegrityError:
                raise Undone from None
            found[name] = int(_rows(plan["Plan"]))
            raise Undone

        with suppress(Undone):
            await storage.write(work)
    return found


def _literal(value: object) -> str:
    """As SQL has it; what it is of says the statement that was prepared."""
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def _rows(plan: dict[str, Any]) -> float:
    removed = sum(value for name, value in plan.items() if name.startswith("Rows Removed by"))
    own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return float(own + sum(_rows(part) for part in plan.get("Plans", ())))
