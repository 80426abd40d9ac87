"""Makes the database refuse overlapping sessions of one coach, and changes of append-only tables.

Every migration creates them last, since a table that SQLite rebuilds loses its triggers.
"""

import sqlalchemy as sa

from storage.schema.bookings import SESSION_SECONDS

APPEND_ONLY = ("audit", "transactions")

_TAKING = "state IN ('held', 'confirmed')"
_EXCLUSION = f"""
ALTER TABLE sessions ADD CONSTRAINT ex_sessions_overlap EXCLUDE USING gist (
    int8range(coach_id, coach_id, '[]') WITH &&,
    int8range(starts, ends) WITH &&
) WHERE ({_TAKING})
"""
_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def create(connection: sa.Connection) -> None:
    """Create the guards of the tables that exist; those that are there already stay."""
    tables = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        _create_postgres(connection, tables)
    else:
        _create_sqlite(connection, tables)


def drop(connection: sa.Connection) -> None:
    """Remove what would outlive the tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change() CASCADE")


def _create_postgres(connection: sa.Connection, tables: set[str]) -> None:
    if "sessions" in tables:
        there = connection.exec_driver_sql(
            "SELECT 1 FROM pg_constraint WHERE conname = 'ex_sessions_overlap' AND conrelid = 'sessions'::regclass"
        )
        if there.first() is None:
            connection.exec_driver_sql(_EXCLUSION)
    for table in tables.intersection(APPEND_ONLY):
        connection.exec_driver_sql(_REFUSE)
        triggers = connection.exec_driver_sql(f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass")  # noqa: S608
        known = set(triggers.scalars())
        for name, event, each in (
            (f"{table}_append_only", "UPDATE OR DELETE", "ROW"),
            (f"{table}_not_emptied", "TRUNCATE", "STATEMENT"),
        ):
            if name not in known:  # creating one takes a lock that writers wait for
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )


def _create_sqlite(connection: sa.Connection, tables: set[str]) -> None:
    if "sessions" in tables:
        for name, event in (("insert", "INSERT"), ("update", "UPDATE OF coach_id, starts, ends, state")):
            connection.exec_driver_sql(_overlap_trigger(name, event))
    for table in tables.intersection(APPEND_ONLY):
        for event in ("update", "delete"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


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
