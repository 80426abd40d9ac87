"""Guards what must not be lost, on SQLite: rows are added to the append-only tables in their order and never changed.

A REPLACE removes the row that it replaces without asking any trigger, so it is refused before it begins.
"""

import sqlalchemy as sa

from storage.append_only import AHEAD_SECONDS, DETAIL, DETAIL_STAYS_DAYS, EARLIEST, LATE_SECONDS, LATEST, SEALED, TABLES
from storage.columns import columns_of

_SAME_MOVEMENT = "kind = NEW.kind AND external_ref = NEW.external_ref"

_READABLE = f"BETWEEN {EARLIEST} AND {LATEST}"


def create(connection: sa.Connection, tables: set[str]) -> None:
    for table in sorted(tables.intersection(TABLES)):
        for name, body in _triggers(table, columns_of(connection, table)).items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{name}")
            connection.exec_driver_sql(f"CREATE TRIGGER {table}_{name} {body}")


def lift(connection: sa.Connection) -> None:
    """Remove the triggers that name columns."""
    for table in sorted(TABLES):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_update")


def _triggers(table: str, columns: list[str]) -> dict[str, str]:
    """By name. A row's number is not known before it is there, when SQLite gives it: NEW.id is then -1."""
    refuse, last, number = _refuse(table), _last(table), _newest(table, "id")
    found = {
        "no_update": f"BEFORE UPDATE ON {table} WHEN NOT ({_allowed(table, columns)}) BEGIN {refuse}; END",
        "no_delete": f"BEFORE DELETE ON {table} BEGIN {refuse}; END",
        "no_replace": f"BEFORE INSERT ON {table}"
        f" WHEN NEW.id <> -1 AND NEW.id <> coalesce({number}, 0) + 1 BEGIN {refuse}; END",
        "in_reach": f"BEFORE INSERT ON {table} WHEN typeof(NEW.at) <> 'integer' OR NEW.at NOT {_READABLE}"
        f" OR NEW.at > {last} + {AHEAD_SECONDS} BEGIN {refuse}; END",
        "in_order": f"AFTER INSERT ON {table} WHEN NEW.id < 1 OR NEW.at < {last}"  # noqa: S608
        f" BEGIN {refuse} WHERE NEW.id < 1 OR NEW.at < {last} - {LATE_SECONDS};"
        f" UPDATE {table} SET at = {last} WHERE id = NEW.id; END",
    }
    if table == "transactions":
        found["once"] = _once(table)
    return found


def _newest(table: str, column: str) -> str:
    return f"(SELECT max({column}) FROM {table})"  # noqa: S608


def _last(table: str) -> str:
    """The newest instant; a row from before the guards were so may have one that cannot be read, or none."""
    return f"(SELECT max(at) FROM {table} WHERE at {_READABLE})"  # noqa: S608


def _refuse(table: str) -> str:
    return f"SELECT RAISE(ABORT, '{table} is append-only')"


def _allowed(table: str, columns: list[str]) -> str:
    """A new row is put in order; the trail loses the detail of what is old, and an owner's reason is sealed anew."""
    newest = f"OLD.id = {_newest(table, 'id')} AND NEW.at = {_last(table)}"
    allowed = f"NEW.at > OLD.at AND {newest} AND {_same(columns, 'at')}"
    if table == "credit_entries" and SEALED in columns:
        return f"({allowed}) OR (OLD.{SEALED} IS NOT NULL AND {_same(columns, SEALED)})"
    if table != "audit":
        return allowed
    old = f"OLD.at < CAST(strftime('%s', 'now') AS INTEGER) - {DETAIL_STAYS_DAYS * 86_400}"
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in DETAIL)
    return f"({allowed}) OR ({old} AND {emptied} AND {_same(columns, *DETAIL)})"


def _same(columns: list[str], *but: str) -> str:
    return " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name not in but)


def _once(table: str) -> str:
    """The same movement entered again is passed over, as the product means it; another one in its place is refused."""
    there = f"SELECT 1 FROM {table} WHERE {_SAME_MOVEMENT}"  # noqa: S608
    same = f"{there} AND amount = NEW.amount AND currency = NEW.currency"
    return (
        f"BEFORE INSERT ON {table} WHEN EXISTS ({there})"
        f" BEGIN {_refuse(table)} WHERE NOT EXISTS ({same}); SELECT RAISE(IGNORE); END"
    )
