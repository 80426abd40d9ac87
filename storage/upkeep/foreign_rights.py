"""Finds who has rights on our tables on Postgres that this version did not give, for `rapport doctor`."""

import sqlalchemy as sa

from storage.upkeep import access
from storage.upkeep.access import BOT

OPERATORS = ("service_role", "cli_login_postgres")
"""Of Supabase: whoever has its keys or its password is the project's owner, and it can be taken from nobody."""

# Every right on our tables and their columns, on the sequences that number their rows, and on the views that somebody
# made of them, by who has it; the owner's own aside.
_GRANTED = sa.text("""
WITH tables AS (
    SELECT oid, relname::text AS name, relowner, relacl, '' AS what FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname = ANY(:tables)
), numbers AS (
    SELECT s.oid, t.name, s.relowner, s.relacl, ' of numbers' FROM tables t
    JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
), views AS (
    SELECT v.oid, v.relname::text, v.relowner, v.relacl, ' of the view ' || v.relname FROM pg_class v
    WHERE v.relkind IN ('v', 'm') AND EXISTS (
        SELECT FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass
        JOIN tables t ON t.oid = d.refobjid WHERE r.ev_class = v.oid
    )
), ours AS (SELECT * FROM tables UNION ALL SELECT * FROM numbers UNION ALL SELECT * FROM views)
SELECT DISTINCT coalesce(pg_get_userbyid(nullif(acl.grantee, 0))::text, 'everybody') AS who, ours.name,
    acl.privilege_type::text AS may, acl.column_name, ours.what
FROM ours CROSS JOIN LATERAL (
    SELECT grantee, privilege_type, NULL::text AS column_name FROM aclexplode(ours.relacl)
    UNION ALL SELECT g.grantee, g.privilege_type, a.attname::text FROM pg_attribute a, aclexplode(a.attacl) g
    WHERE a.attrelid = ours.oid AND NOT a.attisdropped
) acl
WHERE acl.grantee <> ours.relowner
""")
# Whoever may take the bot's role, or the owner's, has all its rights and none of its own. From Postgres 16 on whoever
# made a role is a member of it and may not take it.
_MEMBERS = sa.text("""
SELECT DISTINCT r.rolname::text AS who, taken.rolname::text AS role, taken.oid = t.relowner AS owns
FROM pg_roles r, pg_class t, pg_roles taken
WHERE t.relname = 'persons' AND t.relnamespace = current_schema()::regnamespace
    AND (taken.rolname = :bot OR taken.oid = t.relowner)
    AND r.oid NOT IN (taken.oid, t.relowner) AND NOT r.rolsuper AND r.rolname <> current_user
    AND pg_has_role(r.oid, taken.oid, CASE WHEN current_setting('server_version_num')::int >= 160000
        THEN 'SET' ELSE 'MEMBER' END)
""")


def find(connection: sa.Connection) -> dict[str, list[str]]:
    """Who may do what; the bot's own rights, too, where it has more.

    Who may act as the bot or as the owner is one of them, unless this connection does: as that role the product may
    connect.
    """
    found: dict[str, set[str]] = {}
    given, in_columns = access.given(), access.given_in_columns()
    for who, name, may, column, what in connection.execute(_GRANTED, {"tables": sorted(access.tables())}):
        if what:
            fits = who == BOT and (may, what) == ("USAGE", " of numbers")
        else:
            fits = who == BOT and (name, may) in (given if column is None else in_columns)
        if who not in OPERATORS and not fits:
            found.setdefault(who, set()).add(f"{may}{what}")
    members = connection.execute(_MEMBERS, {"bot": BOT}).all()
    owners = {row.who for row in members if row.owns}
    for who, role, owns in members:
        if who not in OPERATORS and (owns or who not in owners):  # who owns the tables has more anyway
            found.setdefault(who, set()).add(f"act as {role}")
    return {who: sorted(rights) for who, rights in sorted(found.items())}
