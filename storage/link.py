"""What a transaction has of its database: the driver's connection, and the locks that it begins with."""

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from storage.errors import DatabaseError
from storage.ready import Ready, Rows, Values


@dataclass(frozen=True)
class Locks:
    """Whose locks on Postgres a transaction holds to its end, the coach's first; None: nobody's."""

    coach_id: int | None = None
    client_id: int | None = None

    @property
    def sql(self) -> str:
        """Statements that are sent together and run in this order."""
        # Coaches have the positive keys, and a migration has -1.
        keys = (self.coach_id, None if self.client_id is None else -1 - self.client_id)
        return "".join(f"SELECT pg_advisory_xact_lock({int(key)});" for key in keys if key is not None)


class Link(Protocol):
    """The driver's connection while a transaction has it."""

    postgres: bool

    def run(self, ready: Ready, values: Values) -> Rows:
        """Run a ready statement. Raises `DatabaseError`."""

    def command(self, sql: str) -> None:
        """Run SQL that has no values and gives nothing."""

    def core(self) -> sa.Connection:
        """SQLAlchemy's connection over the same one; it neither begins nor ends a transaction."""

    def translated(self, error: sa.exc.DBAPIError) -> DatabaseError:
        """What an error of `core` is here."""
