"""A Supabase project: its roles, what it grants by default, and an owner who is no superuser."""

import shutil
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.tables import metadata
from storage.upkeep.access import BOT, STRANGERS
from storage.upkeep.migrate import migrate, standing, state
from tests.conftest import HOME, server
from tests.storage.support import add_account, add_person, new_sealer
from tests.support.servers.databases import execute
from tests.support.servers.postgres import Server

pytestmark = pytest.mark.postgres

# As a new project has them; `postgres` makes our tables.
PROJECT = """
CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN BYPASSRLS;
CREATE ROLE postgres LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD '{password}';
CREATE ROLE authenticator LOGIN NOINHERIT PASSWORD '{password}';
GRANT anon, authenticated, service_role TO authenticator, postgres;
GRANT CREATE, USAGE ON SCHEMA public TO postgres;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
    GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
    GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
    GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
"""


class Project:
    def __init__(self, its: Server) -> None:
        self._server = its

    def url(self, role: str) -> str:
        return self._server.url("project", role)

    async def as_stranger(self, role: str, statement: str) -> list[asyncpg.Record]:
        """As a browser is served: the gateway's role becomes the visitor's."""
        connection = await asyncpg.connect(self.url("authenticator"))
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL ROLE {role}")
                found: list[asyncpg.Record] = await connection.fetch(statement)
                return found
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of its own: roles belong to a whole server, and elsewhere in the suite these do not exist."""
    beside = server(request.config)
    its = Server(request.config.stash[HOME] / f"beside-{uuid4().hex}", beside.binaries)
    its.home.mkdir()
    beside.home.chmod(0o755)
    yield its
    its.stop()
    shutil.rmtree(its.home, ignore_errors=True)


@pytest.fixture(scope="module")
def project(cluster: Server) -> Project:
    password, _port = cluster.reached()
    execute(cluster.url("postgres"), "CREATE DATABASE project")
    made = Project(cluster)
    execute(made.url("rapport"), PROJECT.format(password=password))
    return made


@pytest.fixture
async def migrated(project: Project) -> Project:
    """By `postgres`, which makes the bot's role; somebody then lets it in, as the guide says."""
    await migrate(project.url("postgres"))
    password = sa.make_url(project.url("postgres")).password
    execute(project.url("postgres"), f"ALTER ROLE {BOT} LOGIN PASSWORD '{password}'")
    return project


async def test_the_bot_can_live_there(migrated: Project) -> None:
    opened = await Storage.open(migrated.url(BOT), new_sealer())
    assert await state(migrated.url(BOT)) == "current"
    assert await opened.write(add_person) > 0
    await opened.write(add_account)
    await opened.close()
    assert [await standing(migrated.url(role)) for role in (BOT, "postgres")] == ["bot", "above"]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_browser_reads_and_writes_nothing(migrated: Project, stranger: str) -> None:
    for table in [*metadata.tables, "alembic_version"]:
        for statement in (f"SELECT 1 FROM {table}", f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await migrated.as_stranger(stranger, statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await migrated.as_stranger(stranger, "SELECT nextval('persons_id_seq')")
    ours = "FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(oid, 'EXECUTE')"
    assert await migrated.as_stranger(stranger, f"SELECT proname {ours}") == []


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nor_does_it_when_everything_is_granted_again(migrated: Project, stranger: str) -> None:
    opened = await Storage.open(migrated.url(BOT), new_sealer())
    await opened.write(add_account)
    await opened.close()
    execute(migrated.url("postgres"), f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {stranger}")
    for table in metadata.tables:
        assert await migrated.as_stranger(stranger, f"SELECT 1 FROM {table}") == []
    assert await migrated.as_stranger(stranger, "UPDATE persons SET language = 'xx' RETURNING id") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await migrated.as_stranger(stranger, "INSERT INTO leases (name, owner, epoch, until) VALUES ('a', 'me', 1, 0)")
    await migrate(migrated.url("postgres"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await migrated.as_stranger(stranger, "SELECT 1 FROM persons")


async def test_a_role_that_comes_later_gets_its_rights_by_migrating_again(migrated: Project) -> None:
    """As on a server where the migrating role may make no other."""
    owner, admin = migrated.url("postgres"), migrated.url("rapport")
    execute(admin, f"DROP OWNED BY {BOT}")
    execute(admin, f"DROP ROLE {BOT}")
    execute(admin, "ALTER ROLE postgres NOCREATEROLE NOBYPASSRLS")
    try:
        await migrate(owner)
        assert await standing(owner) == "alone"
        opened = await Storage.open(owner, new_sealer())
        assert await opened.write(add_person) > 0
        assert await opened.read(count) > 0
        await opened.close()
        execute(admin, f"CREATE ROLE {BOT} LOGIN PASSWORD '{sa.make_url(owner).password}'")
        await migrate(owner)
        assert await standing(owner) == "owner"
        opened = await Storage.open(migrated.url(BOT), new_sealer())
        assert await opened.read(count) > 0
        await opened.close()
    finally:
        execute(admin, "ALTER ROLE postgres CREATEROLE BYPASSRLS")


def count(tx: Tx) -> int:
    found: int = tx.execute(sa.select(sa.func.count()).select_from(metadata.tables["persons"])).scalar_one()
    return found
