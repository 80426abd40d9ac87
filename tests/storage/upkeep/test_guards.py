"""What the database refuses by itself."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
import sqlalchemy as sa

from storage.engine import DatabaseError, Overlap, Storage, Tx, Violation
from storage.tables import sessions
from storage.upkeep.migrate import migrate
from tests.storage.support import add_coach, add_session, new_sealer
from tests.support.servers.postgres import ADMIN, BOT, OWNER


async def coach_with_session(storage: Storage) -> tuple[int, int]:
    def work(tx: Tx) -> tuple[int, int]:
        coach = add_coach(tx)
        return coach, add_session(tx, coach, 1000, 2000)

    return await storage.write(work)


async def test_an_overlap_is_refused(storage: Storage) -> None:
    coach, _ = await coach_with_session(storage)

    async def refused(starts: int, ends: int, state: str) -> None:
        with pytest.raises(Overlap):
            await storage.write(lambda tx: add_session(tx, coach, starts, ends, state))

    for starts, ends in [(1000, 2000), (500, 1001), (1999, 3000), (500, 3000), (1200, 1300)]:
        await refused(starts, ends, "held")
        await refused(starts, ends, "confirmed")


async def test_what_touches_or_takes_no_time_is_kept(storage: Storage) -> None:
    coach, _ = await coach_with_session(storage)

    def work(tx: Tx) -> None:
        add_session(tx, coach, 2000, 3000)
        add_session(tx, coach, 500, 1000, "held")
        for state in ("conflict", "moving", "ended"):
            add_session(tx, coach, 1000, 2000, state)
        add_session(tx, add_coach(tx), 1000, 2000)

    await storage.write(work)


@pytest.mark.parametrize("change", [{"starts": 1500, "ends": 2500}, {"starts": 1999}, {"state": "confirmed"}])
async def test_a_change_into_an_overlap_is_refused(storage: Storage, change: dict[str, object]) -> None:
    coach, _ = await coach_with_session(storage)
    start = 1500 if "state" in change else 2000
    state = "ended" if "state" in change else "held"
    other = await storage.write(lambda tx: add_session(tx, coach, start, 3000, state))
    with pytest.raises(Overlap):
        await storage.write(
            lambda tx: tx.execute(sa.update(sessions).where(sessions.c.id == other).values(**change)).close()
        )


async def test_a_session_can_be_moved_over_its_own_time(storage: Storage) -> None:
    _, own = await coach_with_session(storage)
    move = sa.update(sessions).where(sessions.c.id == own).values(starts=1500, ends=2500)
    await storage.write(lambda tx: tx.execute(move).close())


async def test_an_overlap_inside_a_savepoint_lets_the_work_go_on(storage: Storage) -> None:
    coach, _ = await coach_with_session(storage)

    def work(tx: Tx) -> None:
        with pytest.raises(Overlap), tx.savepoint():
            add_session(tx, coach, 1000, 2000)
        add_session(tx, coach, 1000, 2000, "conflict")

    await storage.write(work)


@pytest.mark.parametrize("lock", [True, False])
async def test_of_twenty_at_once_one_wins(storage: Storage, lock: bool) -> None:
    coach = await storage.write(add_coach)

    def book(n: int) -> object:
        def work(tx: Tx) -> int:
            if lock:
                tx.lock_coach(coach)
            return add_session(tx, coach, 1000 + n % 4 * 10, 2000 + n % 4 * 10)

        return storage.write(work)

    outcomes = await asyncio.gather(*(book(n) for n in range(20)), return_exceptions=True)  # type: ignore[call-overload]
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Overlap) for outcome in outcomes) == 19


async def test_no_session_is_longer_than_a_day(storage: Storage) -> None:
    coach = await storage.write(add_coach)
    with pytest.raises(Violation):
        await storage.write(lambda tx: add_session(tx, coach, 0, 86_401))
    with pytest.raises(Violation):
        await storage.write(lambda tx: add_session(tx, coach, 10, 10))


ROWS = {
    "audit": "INSERT INTO audit (via, act, subject, at) VALUES ('cli', 'x', 'y:1', 1)",
    "transactions": "INSERT INTO transactions (kind, external_ref, amount, currency, at)"
    " VALUES ('charge', 'ch_1', 100, 'EUR', 1)",
}


@pytest.mark.parametrize("table", ROWS)
async def test_append_only_tables_refuse_every_other_change(empty_database_url: str, table: str) -> None:
    """Even from the tables' owner."""
    await migrate(empty_database_url)
    storage = await Storage.open(empty_database_url, new_sealer())
    await storage.write(lambda tx: tx.execute(sa.text(ROWS[table])).close())
    for statement in (f"UPDATE {table} SET at = 2", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError) as refused:
            await storage.write(lambda tx, sql=statement: tx.execute(sa.text(sql)).close())  # type: ignore[misc]
        assert "append-only" in str(refused.value) or "TRUNCATE" in statement
    count = sa.text(f"SELECT count(*) FROM {table} WHERE at = 1")
    assert await storage.read(lambda tx: tx.execute(count).scalar()) == 1
    await storage.close()


STAND_INS = (
    "CREATE SCHEMA mine AUTHORIZATION {bot}",
    "CREATE FUNCTION mine.nothing(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT NULL::bigint'",
    "CREATE AGGREGATE mine.max(bigint) (sfunc = mine.nothing, stype = bigint)",
    "CREATE FUNCTION mine.pg_has_role(name, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "GRANT TRUNCATE ON outbox TO {bot}",
)


@pytest.mark.postgres
async def test_no_function_of_a_session_stands_in_for_one_of_the_server(
    direct_database_url: str, directly: Callable[[str, str], str]
) -> None:
    owner = await asyncpg.connect(directly(direct_database_url, ADMIN))
    for statement in STAND_INS:
        await owner.execute(statement.format(bot=BOT))
    bot = await asyncpg.connect(direct_database_url)
    await bot.execute(ROWS["audit"].replace(", 1)", ", 2000000000)"))
    await bot.execute("SET search_path = mine, pg_catalog, public")
    with pytest.raises(asyncpg.RestrictViolationError):
        await bot.execute(ROWS["audit"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await bot.execute("TRUNCATE outbox")
    await bot.close()
    await owner.close()


@pytest.mark.postgres
async def test_a_guard_that_was_disabled_is_back_after_a_migration(
    direct_database_url: str, directly: Callable[[str, str], str]
) -> None:
    as_owner = directly(direct_database_url, OWNER)
    owner = await asyncpg.connect(as_owner)
    await owner.execute("ALTER TABLE audit DISABLE TRIGGER USER")
    await migrate(as_owner)
    await owner.execute(ROWS["audit"])
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute("DELETE FROM audit")
    await owner.close()
