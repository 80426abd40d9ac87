"""What the links of both databases share: a connection out of SQLAlchemy's pool, and SQLAlchemy's face of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.ready import Ready, Values, Workshop


class PooledLink:
    """A driver's connection while a transaction has it. Closing gives it back to the pool."""

    def __init__(self, engine: sa.Engine, workshop: Workshop) -> None:
        self._engine = engine
        self._workshop = workshop
        self._pooled = engine.raw_connection()
        self._driver: Any = self._pooled.driver_connection
        self._core: sa.Connection | None = None

    def core(self) -> sa.Connection:
        if self._core is None:
            self._core = sa.Connection(self._engine, self._pooled)
            self._core.begin()  # to SQLAlchemy alone, so that what listens to it hears of a transaction
        return self._core

    def _bound(self, ready: Ready, values: Values) -> tuple[str, list[Any], Any]:
        """The SQL, its values, and the statement that reads its rows."""
        made = self._workshop.made(ready, values)
        sql, bound = made.bind(values, self._workshop.dialect)
        self._told(sql, bound)
        return sql, bound, made

    def _told(self, sql: str, bound: Sequence[Any] = ()) -> None:
        """Who listens to SQLAlchemy hears of what goes past it, too."""
        for hears in self._engine.dispatch.before_cursor_execute:
            hears(self.core(), None, sql, tuple(bound), None, False)

    def close(self) -> None:
        if self._core is not None:
            self._core.close()
        else:
            self._pooled.close()
