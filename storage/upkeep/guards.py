"""Makes the database refuse overlapping sessions of one coach, changes of append-only tables and their emptying, and
credits that do not add up.

Every migration creates them last, since a table that SQLite rebuilds loses its triggers.
"""

import sqlalchemy as sa

from storage.schema.bookings import SESSION_SECONDS
from storage.tables import credit_entries
from storage.upkeep import balances, history_postgres, history_sqlite

_TAKING = "state IN ('held', 'confirmed')"
_EXCLUSION = f"""
ALTER TABLE sessions ADD CONSTRAINT ex_sessions_overlap EXCLUDE USING gist (
    int8range(coach_id, coach_id, '[]') WITH &&,
    int8range(starts, ends) WITH &&
) WHERE ({_TAKING})
"""


def create(connection: sa.Connection) -> None:
    """Create the guards of the tables that exist; those that are there already stay."""
    tables = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        _create_postgres(connection, tables)
    else:
        _create_sqlite(connection, tables)
    if credit_entries.name in tables:
        balances.create(connection)


def lift(connection: sa.Connection) -> None:
    """Remove what is in a revision's way: SQLite drops no column that a trigger names. `create` makes it again."""
    if connection.dialect.name == "sqlite":
        history_sqlite.lift(connection)


def drop(connection: sa.Connection) -> None:
    """Remove what would outlive the tables."""
    if connection.dialect.name == "postgresql":
        history_postgres.drop(connection)
        balances.drop(connection)


def _create_postgres(connection: sa.Connection, tables: set[str]) -> None:
    if "sessions" in tables:
        there = connection.exec_driver_sql(
            "SELECT 1 FROM pg_constraint WHERE conname = 'ex_sessions_overlap' AND conrelid = 'sessions'::regclass"
        )
        if there.first() is None:
            connection.exec_driver_sql(_EXCLUSION)
    history_postgres.create(connection, tables)


def _create_sqlite(connection: sa.Connection, tables: set[str]) -> None:
    if "sessions" in tables:
        for name, event in (("insert", "INSERT"), ("update", "UPDATE OF coach_id, starts, ends, state")):
            connection.exec_driver_sql(_overlap_trigger(name, event))
    history_sqlite.create(connection, tables)


def _overlap_trigger(name: str, event: str) -> str:
    return f"""
    CREATE TRIGGER IF NOT EXISTS sessions_overlap_{name} AFTER {event} ON sessions
    WHEN NEW.{_TAKING}
    BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
            SELECT 1 FROM sessions
            WHERE coach_id = NEW.coach_id AND id <> NEW.id AND {_TAKING}
            AND starts < NEW.ends AND starts > NEW.starts - {SESSION_SECONDS} AND ends > NEW.starts
        );
    END
    """  # noqa: S608
