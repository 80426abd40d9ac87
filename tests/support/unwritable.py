"""A database that can be read and not written to, as one that is read-only or full."""

from storage.backends.sqlite import SqliteBackend
from storage.engine import Storage
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import OWNER

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""


async def fills_up(storage: Storage, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        _query_only(storage, 1)
        return
    execute(as_role(database_url, OWNER), FULL)
    for table in ("marks", "conversations", "bookings", "acts", "outbox", "workspaces"):
        trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
        execute(as_role(database_url, OWNER), trigger)


async def has_room_again(storage: Storage, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        _query_only(storage, 0)
        return
    execute(as_role(database_url, OWNER), "DROP FUNCTION full_disk CASCADE")


def _query_only(storage: Storage, on: int) -> None:
    """Of the connection that writes: no transaction could be begun to take it back."""
    assert isinstance(storage._backend, SqliteBackend)
    connection = storage._backend._writer.raw_connection()
    connection.cursor().execute(f"PRAGMA query_only = {on}")
    connection.close()
