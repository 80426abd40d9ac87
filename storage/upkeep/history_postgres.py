"""Guards what must not be lost, on Postgres: rows are added to the append-only tables in their order and never changed,
and only the owner of a table empties it.

Functions that are there already are replaced, which nobody waits for. A trigger is created once: that takes a lock.
"""

import sqlalchemy as sa

from storage.append_only import AHEAD_SECONDS, DETAIL, DETAIL_STAYS_DAYS, EARLIEST, LATE_SECONDS, LATEST, SEALED, TABLES
from storage.columns import metadata

_CUT = " AND ".join(f"NEW.{name} IS NULL" for name in DETAIL)
_REST = f"'{{{','.join(DETAIL)}}}'::text[]"
# In a guard, names mean the server's own functions and operators, whatever a session puts before them.
_REFUSE = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
        IF OLD.at < extract(epoch FROM clock_timestamp()) - {DETAIL_STAYS_DAYS * 86_400} AND {_CUT}
            AND to_jsonb(NEW) - {_REST} = to_jsonb(OLD) - {_REST}
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'credit_entries' THEN
        IF OLD.{SEALED} IS NOT NULL AND to_jsonb(NEW) - '{SEALED}' = to_jsonb(OLD) - '{SEALED}' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_IN_ORDER = """
CREATE OR REPLACE FUNCTION {table}_in_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint := (SELECT max(at) FROM {schema}.{table} WHERE at BETWEEN {earliest} AND {latest});
BEGIN
    IF NEW.at > {latest} AND last IS NOT NULL AND EXISTS (SELECT FROM {schema}.{table} WHERE at = NEW.at) THEN
        NEW.at := last;  -- a process of the version before follows a row that was let in then
    END IF;
    IF NEW.at NOT BETWEEN {earliest} AND {latest} OR NEW.at < last - {late} OR NEW.at > last + {ahead} THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.at := greatest(NEW.at, last);
    RETURN NEW;
END $$
"""
_BOUNDS = {"earliest": EARLIEST, "latest": LATEST, "late": LATE_SECONDS, "ahead": AHEAD_SECONDS}
# Row-level security binds no TRUNCATE, and a platform may grant it with everything else.
_ONLY_THE_OWNER = """
CREATE OR REPLACE FUNCTION refuse_emptying() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of % may empty it', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$
"""
_TRIGGERS = sa.text(
    "SELECT tgname::text AS name, tgenabled = 'D' AS disabled FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace"
)


def create(connection: sa.Connection, tables: set[str]) -> None:
    known = {row.name: row.disabled for row in connection.execute(_TRIGGERS)}
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(_REFUSE)
    connection.exec_driver_sql(_ONLY_THE_OWNER)
    wanted = [(table, "only_owner_empties", "TRUNCATE", "STATEMENT", "refuse_emptying") for table in _ours(tables)]
    for table in sorted(tables.intersection(TABLES)):
        connection.exec_driver_sql(_IN_ORDER.format(schema=schema, table=table, **_BOUNDS))
        wanted += [
            (table, "append_only", "UPDATE OR DELETE", "ROW", "refuse_change"),
            (table, "not_emptied", "TRUNCATE", "STATEMENT", "refuse_change"),
            (table, "in_order", "INSERT", "ROW", f"{table}_in_order"),
        ]
    for table, name, event, each, function in wanted:
        if f"{table}_{name}" not in known:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
            )
        elif known[f"{table}_{name}"]:  # by whoever restored rows
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_{name}")


def drop(connection: sa.Connection) -> None:
    """Remove what would outlive the tables."""
    for function in ("refuse_change", "refuse_emptying", *(f"{table}_in_order" for table in TABLES)):
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}() CASCADE")


def _ours(tables: set[str]) -> list[str]:
    return sorted(tables.intersection({*metadata.tables, "alembic_version"}))
