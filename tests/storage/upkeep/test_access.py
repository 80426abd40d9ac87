"""Who may touch which table on Postgres. The suite itself works as the bot's own role."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

import storage.upkeep.access
from bot.domain.people.people import Platform
from storage.append_only import DETAIL, SEALED
from storage.backends.postgres import PostgresLink, engine, transact
from storage.backends.urls import parse
from storage.bookings import sessions
from storage.engine import Storage, Tx
from storage.journal import inbox, leases
from storage.notices import outbox, outbox_claims
from storage.people import conversations, people
from storage.tables import metadata
from storage.upkeep import foreign_rights, migrate
from storage.upkeep.access import BOT
from tests.storage.support import NOW, add_account, add_coach, add_session, new_sealer
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import ADMIN, OWNER

pytestmark = pytest.mark.postgres

OPEN_TABLES = """
SELECT relname, relrowsecurity, relforcerowsecurity,
    ARRAY(SELECT polname || ' ' || CASE WHEN 0 = ANY (polroles) THEN 'public' ELSE
        array_to_string(ARRAY(SELECT pg_get_userbyid(r)::text FROM unnest(polroles) r ORDER BY 1), ' ') END
        FROM pg_policy WHERE polrelid = c.oid) AS policies
FROM pg_class c WHERE relkind NOT IN ('i', 'I', 'S', 't') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
RIGHTS = """
SELECT relname, array_agg(privilege_type::text ORDER BY privilege_type::text)
FROM pg_class c, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))
WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace = 'public'::regnamespace AND grantee {whose}
GROUP BY relname ORDER BY relname
"""
IN_COLUMNS = f"""
SELECT relname, privilege_type, array_agg(attname::text) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid,
    aclexplode(attacl) WHERE relnamespace = 'public'::regnamespace AND grantee = '{BOT}'::regrole GROUP BY 1, 2
"""
STORAGE = Path(storage.upkeep.access.__file__).parents[1]


async def rows(url: str, question: str, *values: object) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            return [tuple(row.values()) for row in await connection.fetch(question, *values)]
    finally:
        await connection.close()


async def not_closed(url: str) -> list[str]:
    """Whatever holds rows and is not closed to all but the owner and the bot."""
    closed = (True, True, [f"rapport {BOT} {OWNER}"])
    return [str(name) for name, *how in await rows(url, OPEN_TABLES) if tuple(how) != closed]


async def test_every_table_has_its_policy(direct_database_url: str) -> None:
    missing = await not_closed(direct_database_url)
    assert not missing, f"say in storage/upkeep/access.py what the bot may do with {missing}"


async def test_a_table_without_a_policy_is_found(direct_database_url: str) -> None:
    execute(as_role(direct_database_url, OWNER), "CREATE TABLE forgotten (id int)")
    execute(as_role(direct_database_url, OWNER), "CREATE VIEW seen_through AS SELECT * FROM persons")
    execute(as_role(direct_database_url, OWNER), "CREATE TABLE half (id int)")
    execute(as_role(direct_database_url, OWNER), "ALTER TABLE half ENABLE ROW LEVEL SECURITY")
    execute(as_role(direct_database_url, OWNER), "CREATE POLICY wide ON drafts USING (true)")
    assert await not_closed(direct_database_url) == ["drafts", "forgotten", "half", "seen_through"]


async def test_the_suite_works_as_the_bot(storage: Storage, database_url: str) -> None:
    me = sa.text(
        "SELECT current_user::text, rolsuper, rolbypassrls, rolcreaterole,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
        " FROM pg_roles r WHERE rolname = current_user"
    )
    if database_url.startswith("postgresql"):
        found = await storage.read(lambda tx: tuple(tx.execute(me).one()))
        assert found == (BOT, False, False, False, False)


async def test_the_bot_may_do_what_it_needs_and_no_more(direct_database_url: str) -> None:
    mine = await rows(direct_database_url, RIGHTS.format(whose=f"= '{BOT}'::regrole"))
    its = {str(name): set(cast(list[str], rights)) for name, rights in mine}
    assert set(metadata.tables) | {"alembic_version"} <= set(its)
    assert its["alembic_version"] == {"SELECT"}
    assert its["audit"] == its["credit_entries"] == its["transactions"] == {"SELECT"}
    in_columns = {(str(table), str(right)): set(cast(list[str], names)) for table, right, names in await rows(
        direct_database_url, IN_COLUMNS
    )}  # fmt: skip
    assert in_columns == {
        ("audit", "INSERT"): {each.name for each in metadata.tables["audit"].c} - {"id"},
        ("audit", "UPDATE"): set(DETAIL),
        ("credit_entries", "INSERT"): {each.name for each in metadata.tables["credit_entries"].c} - {"id"},
        ("credit_entries", "UPDATE"): {SEALED},
        ("transactions", "INSERT"): {each.name for each in metadata.tables["transactions"].c} - {"id"},
    }
    removed = {name for file in STORAGE.rglob("*.py") for name in re.findall(r"sa\.delete\((\w+)\)", file.read_text())}
    assert {name for name, rights in its.items() if "DELETE" in rights} == removed
    known = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert not {name: rights for name, rights in its.items() if rights - known and rights != {"USAGE"}}
    assert not await rows(direct_database_url, RIGHTS.format(whose=f"NOT IN ('{BOT}'::regrole, '{OWNER}'::regrole)"))
    for forbidden in ("CREATE TABLE public.mine (id int)", "TRUNCATE drafts", "ALTER TABLE drafts ADD x int"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rows(direct_database_url, forbidden)


async def test_somebody_who_was_granted_everything_still_finds_nothing(direct_database_url: str) -> None:
    opened = await Storage.open(direct_database_url, new_sealer())
    await opened.write(add_account)
    await opened.close()
    with granted_everything(direct_database_url) as somebody:
        for table in metadata.tables:
            assert await rows(as_role(direct_database_url, somebody), f"SELECT 1 FROM {table}") == []
        lease = "INSERT INTO leases (name, owner, epoch, until) VALUES ('a', 'me', 1, 0)"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await rows(as_role(direct_database_url, somebody), lease)
        await rows(as_role(direct_database_url, OWNER), lease)
        assert await rows(as_role(direct_database_url, OWNER), "SELECT name FROM leases") == [("a",)]


@contextmanager
def granted_everything(url: str, *, more: str = "") -> Iterator[str]:
    """A role to which a platform gave all rights on all tables, the name of which is yielded."""
    somebody, password = f"somebody_{uuid4().hex}", sa.make_url(url).password
    execute(as_role(url, ADMIN), f"CREATE ROLE {somebody} LOGIN PASSWORD '{password}' {more}")
    try:
        for what in ("TABLES", "SEQUENCES"):
            execute(as_role(url, ADMIN), f"GRANT ALL ON ALL {what} IN SCHEMA public TO {somebody}, {BOT}")
        yield somebody
    finally:
        execute(as_role(url, ADMIN), f"DROP OWNED BY {somebody}")
        execute(as_role(url, ADMIN), f"DROP ROLE {somebody}")


@pytest.mark.parametrize("more", ["", "BYPASSRLS"])
async def test_only_the_owner_of_a_table_empties_it_whatever_a_platform_granted(
    direct_database_url: str, more: str
) -> None:
    with granted_everything(direct_database_url, more=more) as somebody:
        for role in (somebody, BOT):
            for table in (*metadata.tables, "alembic_version"):
                with pytest.raises(asyncpg.PostgresError, match=r"may empty it|append-only"):
                    await rows(as_role(direct_database_url, role), f"TRUNCATE {table} CASCADE")
        await rows(as_role(direct_database_url, OWNER), "TRUNCATE drafts")


async def test_a_role_that_may_do_everything_changes_nothing_that_happened(direct_database_url: str) -> None:
    """Not the bot either, should a platform give it all rights."""
    with granted_everything(direct_database_url, more="BYPASSRLS") as somebody:
        added = "INSERT INTO audit (id, via, act, subject, at) VALUES (1, 'cli', 'x', 'y:1', 1000)"
        await rows(as_role(direct_database_url, OWNER), added)
        for role in (somebody, BOT):
            for statement in (
                f"{added} ON CONFLICT (id) DO UPDATE SET act = 'z'", "UPDATE audit SET act = 'z'", "DELETE FROM audit",
                added.replace("(1, 'cli'", "(2, 'cli'").replace("1000", "1"),
            ):  # fmt: skip
                with pytest.raises(asyncpg.PostgresError, match="append-only"):
                    await rows(as_role(direct_database_url, role), statement)
        connection = await asyncpg.connect(as_role(direct_database_url, somebody))
        try:
            await connection.execute("CREATE TEMP TABLE audit (at bigint)")  # where the guard might look instead
            with pytest.raises(asyncpg.PostgresError, match="append-only"):
                await connection.execute("INSERT INTO public.audit (via, act, subject, at) VALUES ('x', 'x', 'y:1', 1)")
        finally:
            await connection.close()


async def test_doctor_is_told_of_foreign_rights(direct_database_url: str) -> None:
    assert await migrate.foreign_grants(direct_database_url) == {}
    with granted_everything(direct_database_url) as somebody:
        found = await migrate.foreign_grants(direct_database_url)
        assert set(found) == {somebody, BOT}
        assert {"SELECT", "TRUNCATE", "UPDATE of numbers"} <= set(found[somebody])
        assert {"TRUNCATE", "UPDATE of numbers"} <= set(found[BOT])
        await migrate.migrate(as_role(direct_database_url, OWNER))
        assert set(await migrate.foreign_grants(direct_database_url)) == {somebody}
    execute(as_role(direct_database_url, OWNER), "GRANT SELECT (name_sealed) ON persons TO PUBLIC")
    assert await migrate.foreign_grants(direct_database_url) == {"everybody": ["SELECT"]}
    await migrate.migrate(as_role(direct_database_url, OWNER))
    assert await migrate.foreign_grants(direct_database_url) == {}


async def test_doctor_is_told_who_reads_our_tables_through_a_view(direct_database_url: str) -> None:
    for statement in (
        "CREATE VIEW peep AS SELECT * FROM persons JOIN accounts USING (id)",
        "GRANT SELECT ON peep TO PUBLIC",
    ):
        execute(as_role(direct_database_url, OWNER), statement)
    assert await migrate.foreign_grants(direct_database_url) == {"everybody": ["SELECT of the view peep"]}


@pytest.mark.parametrize("role", [BOT, OWNER])
async def test_doctor_is_told_who_took_the_bots_role_or_the_owners(direct_database_url: str, role: str) -> None:
    """Roles are of the whole server: this one is seen by its own transaction alone."""
    found: dict[str, list[str]] = {}
    snoop = f"snoop_{uuid4().hex}"

    def work(link: PostgresLink) -> None:
        connection = link.core()
        connection.exec_driver_sql(f"CREATE ROLE {snoop} LOGIN")
        connection.exec_driver_sql(f"GRANT {role} TO {snoop}")
        found.update(foreign_rights.find(connection))
        connection.exec_driver_sql(f"SET LOCAL ROLE {snoop}")
        found["as snoop"] = [*foreign_rights.find(connection)]
        raise LookupError

    made = engine(parse(as_role(direct_database_url, ADMIN)), 1)
    with pytest.raises(LookupError):
        await transact(made, work)
    await made.dispose()
    assert found == {snoop: [f"act as {role}"], "as snoop": []}


async def test_policies_change_no_plan(direct_database_url: str) -> None:
    """What the product asks is planned alike for the bot and for a role that no policy binds."""
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if re.match("SELECT|UPDATE|INSERT|WITH", statement):
            asked.append((statement, parameters))

    def story(tx: Tx) -> None:
        coach, account = add_coach(tx), add_account(tx)
        add_session(tx, coach, 1000, 2000)
        conversations.find(tx, account, NOW)
        people.known(tx, Platform.TELEGRAM, "", "1001", NOW)
        people.accounts_of(tx, 1)
        leases.acquire(tx, "a", "me", 60)
        inbox.claim(tx, NOW, 10, 60)
        outbox.next_due(tx)
        sessions.busy(tx, [coach], 0, 5000, 100)
        outbox_claims.claim(tx, "me", NOW, 10, 60)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        opened = await Storage.open(direct_database_url, new_sealer())
        await opened.write(story)
        await opened.close()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    plans = []
    for role in (BOT, ADMIN):
        connection = await asyncpg.connect(as_role(direct_database_url, role))
        plans.append([await explained(connection, *each) for each in asked])
        await connection.close()
    assert len(plans[0]) >= 10
    assert plans[0] == plans[1]


async def explained(connection: asyncpg.Connection, statement: str, parameters: object) -> list[str]:
    assert isinstance(parameters, tuple)
    found = await connection.fetch(f"EXPLAIN (COSTS OFF, VERBOSE) {statement}", *parameters)
    return [str(row[0]) for row in found]
