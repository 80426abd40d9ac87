"""Triggers that raise the catalogue's generation whenever the practice, an offer, a package or a coach changes.

Like the guards they are created after every migration.
"""

from collections.abc import Sequence

import sqlalchemy as sa

TABLES = ("practice", "offers", "offer_coaches", "packages", "package_offers", "coaches")
_EVENTS = ("INSERT", "UPDATE", "DELETE")
_FUNCTION = """
CREATE OR REPLACE FUNCTION raise_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue SET generation = generation + 1;
    RETURN NULL;
END $$
"""
_RENAMED = "CREATE TRIGGER persons_renamed AFTER UPDATE OF name_sealed ON persons FOR EACH ROW"


def create(connection: sa.Connection) -> None:
    """Create the triggers of the tables that exist; those that are there already stay."""
    tables = set(sa.inspect(connection).get_table_names())
    if "catalogue" not in tables:
        return
    if connection.dialect.name == "postgresql":
        _create_postgres(connection, [table for table in TABLES if table in tables])
    else:
        _create_sqlite(connection, [table for table in TABLES if table in tables])


def drop(connection: sa.Connection) -> None:
    """Remove what would outlive the table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS raise_generation() CASCADE")
        return
    for table in TABLES:
        for event in _EVENTS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_generation_{event.lower()}")
    connection.exec_driver_sql("DROP TRIGGER IF EXISTS persons_renamed")


def _create_postgres(connection: sa.Connection, tables: Sequence[str]) -> None:
    known = set(
        connection.exec_driver_sql(
            "SELECT tgname::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace"
        ).scalars()
    )
    connection.exec_driver_sql(_FUNCTION)
    for table in tables:
        if f"{table}_generation" not in known:  # creating one takes a lock that writers wait for
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_generation AFTER {' OR '.join(_EVENTS)} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION raise_generation()"
            )
    if "persons_renamed" not in known:
        connection.exec_driver_sql(
            f"{_RENAMED} WHEN (OLD.name_sealed IS DISTINCT FROM NEW.name_sealed) EXECUTE FUNCTION raise_generation()"
        )


def _create_sqlite(connection: sa.Connection, tables: Sequence[str]) -> None:
    body = "BEGIN UPDATE catalogue SET generation = generation + 1; END"
    for table in tables:
        for event in _EVENTS:
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {table}_generation_{event.lower()} AFTER {event} ON {table} {body}"
            )
    renamed = _RENAMED.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS")
    connection.exec_driver_sql(f"{renamed} WHEN OLD.name_sealed IS NOT NEW.name_sealed {body}")
