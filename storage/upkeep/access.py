"""Grants access to tables on Postgres: row-level security, and a role of the bot's own.

Every table has row-level security, forced, and one policy for two roles: the tables' owner, who migrates, and
`rapport_bot`, which `web` and `worker` should connect as (it, or a member of it). Nobody else reads or writes a
row, whatever a platform grants by default: Supabase gives `anon` and `authenticated` everything in `public`. What
the bot may do with a table is said here; a table without an entry is closed to all, and a test names it.

Like the guards, this runs after every migration and changes only what is not yet so: a role that was made
later gets its rights from another `rapport migrate`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa

from storage.append_only import DETAIL, SEALED
from storage.columns import columns_of, metadata

BOT = "rapport_bot"
STRANGERS = ("anon", "authenticated")  # Supabase's roles of a browser; elsewhere they do not exist

_MAY = {
    "SELECT": ("alembic_version", "audit", "credit_entries", "transactions"),
    "SELECT, INSERT": ("grant_members", "grant_offers"),
    "SELECT, INSERT, UPDATE, DELETE": (
        "accounts", "acts", "calendar_feeds", "conversations", "coupon_offers", "coupon_packages", "drafts", "faults",
        "inbox", "letters", "messages", "meters", "oauth_states", "offer_coaches", "outbox", "package_offers",
        "persons", "processes", "roles", "set_aside", "sms_messages", "waits",
    ),
    "SELECT, INSERT, UPDATE": (
        "bookings", "canary", "cards", "catalogue", "coaches", "coupons", "customers", "disputes", "fee_consents",
        "freezes", "gifts", "grants", "invitations", "leases", "marks", "offers", "order_lines", "orders", "packages",
        "payments", "practice", "proposals", "receipt_counters", "receipts", "redemptions", "refunds",
        "schedule_versions", "sessions", "sms_consents", "workspaces",
    ),
}  # fmt: skip

# In columns alone: the database numbers the rows, and what the guards let through of a change is detail.
_MAY_COLUMNS = (
    ("INSERT", "audit"), ("INSERT", "credit_entries"), ("INSERT", "transactions"), ("UPDATE", "audit"),
    ("UPDATE", "credit_entries"),
)  # fmt: skip

_CHANGES = {"audit": DETAIL, "credit_entries": (SEALED,)}

# `allowed`: the roles of our policy; `sequences`: those behind the table's ids.
_TABLES = sa.text("""
SELECT relname AS name, pg_get_userbyid(relowner)::text AS owner, relrowsecurity AND relforcerowsecurity AS forced,
    (SELECT array_agg(pg_get_userbyid(role)::text)
     FROM pg_policy, unnest(polroles) role WHERE polrelid = t.oid AND polname = 'rapport') AS allowed,
    ARRAY(SELECT s.relname::text FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
          WHERE d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass) AS sequences
FROM pg_class t WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace ORDER BY relname
""")
_TRIGGER_FUNCTIONS = sa.text("""
SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables)
""")
_MAKE_BOT = f"""
DO $$ BEGIN
    CREATE ROLE {BOT} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
    NULL;
END $$
"""
_STANDING = sa.text("""
SELECT CASE WHEN me.rolsuper OR me.rolbypassrls THEN 'above' WHEN NOT pg_has_role(t.relowner, 'MEMBER') THEN 'bot'
    WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = :bot) THEN 'owner' ELSE 'alone' END
FROM pg_roles me, pg_class t WHERE me.rolname = current_user AND t.oid = 'persons'::regclass
""")

Standing = Literal["bot", "owner", "alone", "above"]
"""A role with the bot's rights; the tables' owner, with or without a role of the bot's own beside it; a role that no
policy binds.
"""


def create(connection: sa.Connection) -> None:
    """Close our tables to all but their owner and the bot. On SQLite, a file has its own rights."""
    if connection.dialect.name != "postgresql":
        return
    ours = tables()
    there = [row for row in connection.execute(_TABLES) if row.name in ours]
    bot = _roles(connection, BOT) or _made(connection)
    _close(connection, there, bot)
    if bot:
        _grant(connection, there)
    for table in there:
        _admit(connection, table, bot)


def standing(connection: sa.Connection) -> Standing:
    """Whom this connection to Postgres acts as."""
    found: Standing = connection.execute(_STANDING, {"bot": BOT}).scalar_one()
    return found


def tables() -> set[str]:
    """The names of all that are ours."""
    return {*metadata.tables, *(name for names in _MAY.values() for name in names)}


def given() -> set[tuple[str, str]]:
    """What the bot may do with whole tables: table and right."""
    return {(name, right) for rights, names in _MAY.items() for right in rights.split(", ") for name in names}


def given_in_columns() -> set[tuple[str, str]]:
    """And with some columns of these."""
    return {(name, right) for right, name in _MAY_COLUMNS}


def may_make_tables(connection: sa.Connection) -> bool:
    """Whether this connection to Postgres could migrate an empty database."""
    return bool(connection.exec_driver_sql("SELECT has_schema_privilege(current_schema(), 'CREATE')").scalar_one())


def _roles(connection: sa.Connection, *names: str) -> list[str]:
    """Those of `names` that exist."""
    found = sa.text("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(:names) ORDER BY rolname")
    return list(connection.execute(found, {"names": list(names)}).scalars())


def _made(connection: sa.Connection) -> list[str]:
    """The bot's role, if we may make it: it cannot log in before somebody gives it a password."""
    connection.exec_driver_sql(_MAKE_BOT)
    return _roles(connection, BOT)


def _close(connection: sa.Connection, tables: Sequence[sa.Row[Any]], bot: list[str]) -> None:
    """Take back what a platform granted by default. Nothing is taken from the owner."""
    strangers = ", ".join(["PUBLIC", *_roles(connection, *STRANGERS), *bot])
    if tables:
        connection.exec_driver_sql(f"REVOKE ALL ON {', '.join(row.name for row in tables)} FROM {strangers}")
    if sequences := _sequences(tables):
        connection.exec_driver_sql(f"REVOKE ALL ON SEQUENCE {sequences} FROM {strangers}")
    names = [row.name for row in tables]
    for function in connection.execute(_TRIGGER_FUNCTIONS, {"tables": names}).scalars():  # triggers need no right
        connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {function} FROM {strangers}")


def _grant(connection: sa.Connection, tables: Sequence[sa.Row[Any]]) -> None:
    there = {row.name for row in tables}
    for rights, names in _MAY.items():
        if mine := [name for name in names if name in there]:
            connection.exec_driver_sql(f"GRANT {rights} ON {', '.join(mine)} TO {BOT}")
    for right, name in _MAY_COLUMNS:
        if name in there:
            columns = (
                _CHANGES[name] if right == "UPDATE" else [each for each in columns_of(connection, name) if each != "id"]
            )
            connection.exec_driver_sql(f"GRANT {right} ({', '.join(columns)}) ON {name} TO {BOT}")
    if sequences := _sequences(tables):
        connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {sequences} TO {BOT}")
    schema = connection.exec_driver_sql(
        f"SELECT quote_ident(current_schema()) WHERE NOT has_schema_privilege('{BOT}', current_schema(), 'USAGE')"
    ).scalar()
    if schema is not None:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {BOT}")


def _admit(connection: sa.Connection, table: sa.Row[Any], bot: list[str]) -> None:
    """Row-level security and its policy. Each changes the table under a lock, so only where it is not yet so."""
    if not table.forced:
        connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    admitted = {table.owner, *bot}
    if not any(table.name in names for names in _MAY.values()) or set(table.allowed or ()) == admitted:
        return
    quote = connection.dialect.identifier_preparer.quote
    to = ", ".join(quote(role) for role in sorted(admitted))
    if table.allowed is None:
        # A constant is folded away when a statement is planned: plans stay those of a table without policies.
        connection.exec_driver_sql(f"CREATE POLICY rapport ON {table.name} TO {to} USING (true) WITH CHECK (true)")
    else:
        connection.exec_driver_sql(f"ALTER POLICY rapport ON {table.name} TO {to}")


def _sequences(tables: Sequence[sa.Row[Any]]) -> str:
    return ", ".join(name for row in tables for name in row.sequences)
