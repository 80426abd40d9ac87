"""What has happened stays as it was written, in its order: as the bot's own role, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind
from bot.domain.subjects import Subject
from storage.append_only import AHEAD_SECONDS, DETAIL_STAYS_DAYS, LATE_SECONDS, LATEST
from storage.engine import DatabaseError, Storage, Tx
from storage.instants import to_epoch
from storage.journal import audit
from storage.payments import transactions
from storage.tables import grants
from storage.upkeep import migrate
from tests.storage.support import NOW, add_person, new_sealer

AT = to_epoch(NOW)
ADDED = {
    "audit": "INTO audit (via, act, subject, at) VALUES ('cli', 'x', 'y:1', {at})",
    "transactions": "INTO transactions (kind, external_ref, amount, currency, at)"
    " VALUES ('charge', 'ch_{at}', 100, 'EUR', {at})",
    "credit_entries": "INTO credit_entries (grant_id, number, kind, amount, balance, reserved, at)"
    " VALUES (1, (SELECT count(*) + 1 FROM credit_entries), 'adjusted', 0, 0, 0, {at})",
}
TABLES = tuple(ADDED)


@pytest.fixture
async def a_grant(storage: Storage) -> None:
    """Whose entries those of the ledger of credits are."""
    values = {"name": "Five", "sessions": 5, "price": 1, "single_price": 1, "currency": "EUR", "bought_at": AT}
    await storage.write(lambda tx: tx.execute(sa.insert(grants).values(person_id=add_person(tx), **values)))


async def run(storage: Storage, *statements: str) -> None:
    def work(tx: Tx) -> None:
        for statement in statements:
            tx.execute(sa.text(statement))

    await storage.write(work)


async def refused(storage: Storage, statement: str) -> None:
    with pytest.raises(DatabaseError) as why:
        await run(storage, statement)
    assert any(words in str(why.value) for words in ("append-only", "permission denied", "syntax error")), why.value


async def rows(storage: Storage, table: str) -> list[tuple[object, ...]]:
    every = sa.text(f"SELECT * FROM {table} ORDER BY id")
    return await storage.read(lambda tx: [tuple(row) for row in tx.execute(every)])


def note(tx: Tx, at: datetime, number: int = 1) -> None:
    about = Subject("booking", number)
    audit.write(tx, person_id=None, via="cli", act="x", subject=about, after={"n": 1}, why="because", now=at)


def charge(at: datetime, ref: str = "ch_1", amount: int = 100) -> Movement:
    return Movement(MovementKind.CHARGE, ref, Money(amount, "EUR"), at)


async def instants(storage: Storage, table: str) -> list[int]:
    every = sa.text(f"SELECT at FROM {table} ORDER BY id")
    return await storage.read(lambda tx: list(tx.execute(every).scalars()))


@pytest.mark.usefixtures("a_grant")
@pytest.mark.parametrize("table", TABLES)
async def test_a_row_from_before_the_last_one_is_refused(storage: Storage, table: str) -> None:
    await run(storage, f"INSERT {ADDED[table].format(at=AT)}")
    await refused(storage, f"INSERT {ADDED[table].format(at=AT - LATE_SECONDS - 1)}")
    await refused(storage, f"INSERT {ADDED[table].format(at=1)}")
    assert await instants(storage, table) == [AT]


@pytest.mark.usefixtures("a_grant")
@pytest.mark.parametrize("table", TABLES)
async def test_a_row_that_is_a_little_late_gets_the_moment_of_the_last_one(storage: Storage, table: str) -> None:
    for at in (AT, AT - 120, AT + 5, AT + 4):
        await run(storage, f"INSERT {ADDED[table].format(at=at)}")
    assert await instants(storage, table) == [AT, AT, AT + 5, AT + 5]


@pytest.mark.usefixtures("a_grant")
@pytest.mark.parametrize("table", TABLES)
async def test_no_row_is_replaced_or_put_between_others(storage: Storage, table: str, database_url: str) -> None:
    await run(storage, *(f"INSERT {ADDED[table].format(at=AT + n)}" for n in range(3)))
    before = await rows(storage, table)
    for number in (-1, 0, 2, 3, 2**40):
        row = ADDED[table].format(at=AT + 9).replace("(", "(id, ", 1).replace("VALUES (", f"VALUES ({number}, ")
        await refused(storage, f"INSERT {row}")
        await refused(storage, f"INSERT {row} ON CONFLICT (id) DO UPDATE SET at = 1")
        await refused(storage, f"REPLACE {row}")
        await refused(storage, f"INSERT OR REPLACE {row}")
    await refused(storage, f"UPDATE {table} SET at = {AT + 3}")
    await refused(storage, f"DELETE FROM {table}")
    if database_url.startswith("sqlite"):
        await refused(storage, f"UPDATE OR REPLACE {table} SET id = 1 WHERE id = 2")
    assert await rows(storage, table) == before


async def test_no_movement_of_money_is_replaced_by_another_of_its_name(storage: Storage, database_url: str) -> None:
    await storage.write(lambda tx: transactions.add(tx, charge(NOW)))
    before = await rows(storage, "transactions")
    again = ADDED["transactions"].format(at=AT).replace(f"ch_{AT}", "ch_1")
    other = again.replace("100", "1")
    await refused(storage, f"INSERT {other} ON CONFLICT (kind, external_ref) DO UPDATE SET amount = 1")
    if database_url.startswith("sqlite"):
        await refused(storage, f"REPLACE {other}")
        await run(storage, f"REPLACE {again}")
    for amount in (100, 1):
        entered = await storage.write(lambda tx, amount=amount: transactions.add(tx, charge(NOW, amount=amount)))  # type: ignore[misc]
        assert not entered, "it was entered before"
    assert await rows(storage, "transactions") == before


async def test_a_process_whose_clock_is_an_hour_behind_still_works(storage: Storage, database_url: str) -> None:
    other = await Storage.open(database_url, new_sealer())
    behind = NOW - timedelta(hours=1)

    def acts(tx: Tx, at: datetime) -> None:
        note(tx, at)
        note(tx, at, 2)
        transactions.add(tx, charge(at, f"ch_{to_epoch(at)}"))

    await storage.write(lambda tx: acts(tx, NOW))
    await other.write(lambda tx: acts(tx, behind))
    await other.close()
    assert await instants(storage, "audit") == [AT] * 4
    assert await instants(storage, "transactions") == [AT] * 2


async def test_writers_with_clocks_of_their_own_never_refuse_each_other(storage: Storage, database_url: str) -> None:
    others = [await Storage.open(database_url, new_sealer(), pool_size=2) for _each in range(3)]

    async def writes(where: Storage, skew: int) -> None:
        for number in range(8):
            at = NOW + timedelta(seconds=skew * 40 + number)
            await where.write(lambda tx, at=at: note(tx, at, skew))  # type: ignore[misc]

    await asyncio.gather(*(writes(where, skew) for where in others for skew in range(3)))
    for each in others:
        await each.close()
    await storage.write(lambda tx: note(tx, NOW))
    found = await instants(storage, "audit")
    assert len(found) == 73
    assert found[-1] == max(found) == AT + 87


async def test_the_detail_of_what_is_old_can_be_cut_and_nothing_else(storage: Storage) -> None:
    real = datetime.now(UTC)
    old, young = real - timedelta(days=DETAIL_STAYS_DAYS + 1), real - timedelta(days=DETAIL_STAYS_DAYS - 1)
    for each in (old, old, young):
        await storage.write(lambda tx, at=each: note(tx, at))  # type: ignore[misc]
    before = await rows(storage, "audit")
    nothing = "before = NULL, after = NULL, why = NULL"
    for changes in (f"{nothing}, act = 'y'", f"{nothing}, at = at + 1", "why = 'other'", "act = 'y'", "after = NULL"):
        await refused(storage, f"UPDATE audit SET {changes} WHERE id = 1")
    await refused(storage, f"UPDATE audit SET {nothing} WHERE id = 3")
    assert await rows(storage, "audit") == before
    assert await storage.write(lambda tx: audit.cut_detail(tx, real, 1)) == 1
    assert await storage.write(lambda tx: audit.cut_detail(tx, real, 9)) == 1
    assert await storage.write(lambda tx: audit.cut_detail(tx, real, 9)) == 0
    entries = await storage.read(audit.recent)
    assert [(each.act, each.after, each.why) for each in entries] == [
        ("x", {"n": 1}, "because"), ("x", None, None), ("x", None, None),
    ]  # fmt: skip
    assert [each[:5] for each in await rows(storage, "audit")] == [each[:5] for each in before]


async def test_a_row_from_the_future_makes_nothing_look_old(storage: Storage) -> None:
    begins = datetime.now(UTC)
    ahead = to_epoch(begins) + AHEAD_SECONDS
    await storage.write(lambda tx: note(tx, begins))
    await run(storage, f"INSERT {ADDED['audit'].format(at=ahead)}")
    far = datetime.now(UTC) + timedelta(days=5000)
    assert await storage.write(lambda tx: audit.cut_detail(tx, far, 9)) == 0
    await refused(storage, "UPDATE audit SET before = NULL, after = NULL, why = NULL WHERE id = 1")
    await storage.write(lambda tx: note(tx, NOW))
    assert (await instants(storage, "audit"))[1:] == [ahead] * 2, "the product writes on"


@pytest.mark.usefixtures("a_grant")
@pytest.mark.parametrize("table", TABLES)
async def test_a_moment_that_cannot_be_or_is_years_ahead_is_refused(
    storage: Storage, table: str, database_url: str
) -> None:
    senseless = [-1, LATEST + 1, 9_000_000_000_000] + (["'zzz'", "1.5"] if database_url.startswith("sqlite") else [])
    for at in senseless:  # of the first row, too
        await refused(storage, f"INSERT {ADDED[table].replace('ch_{at}', 'ch_x').format(at=at)}")
    await run(storage, f"INSERT {ADDED[table].format(at=AT)}")
    for at in [*senseless, AT + AHEAD_SECONDS + 1]:
        await refused(storage, f"INSERT {ADDED[table].replace('ch_{at}', 'ch_x').format(at=at)}")
    await run(storage, f"INSERT {ADDED[table].format(at=AT + AHEAD_SECONDS)}")
    assert await instants(storage, table) == [AT, AT + AHEAD_SECONDS]


async def test_after_a_silence_of_many_years_the_product_writes_on(storage: Storage) -> None:
    later = NOW + timedelta(seconds=AHEAD_SECONDS + 86_400)
    for at in (NOW, later, later):
        await storage.write(lambda tx, at=at: note(tx, at))  # type: ignore[misc]
        await storage.write(lambda tx, at=at: transactions.add(tx, charge(at, f"ch_{at}")))  # type: ignore[misc]
    assert await instants(storage, "audit") == [AT, AT + AHEAD_SECONDS, to_epoch(later)]


async def test_nobody_follows_a_row_of_before_that_cannot_be_read(empty_database_url: str) -> None:
    """As the version before let it in; a migration brings the guards that keep the next one out."""
    await migrate.migrate(empty_database_url)
    storage = await Storage.open(empty_database_url, new_sealer())
    sqlite = empty_database_url.startswith("sqlite")
    at = "'zzz'" if sqlite else 9_000_000_000_000
    await storage.write(lambda tx: note(tx, NOW))
    await storage.write(lambda tx: transactions.add(tx, charge(NOW, "ch_first")))
    for table in ("audit", "transactions"):
        names = ("in_reach", "in_order") if sqlite else ("in_order",)
        dropped = (f"DROP TRIGGER {table}_{name}{'' if sqlite else f' ON {table}'}" for name in names)
        await run(storage, *dropped, *(f"INSERT {_poison(table, n, at)}" for n in range(30)))
    await migrate.migrate(empty_database_url)
    for table in ("audit", "transactions"):
        await refused(storage, f"INSERT {_poison(table, 99, 9_000_000_000_001)}")
        if not sqlite:  # a process of the version before follows it still
            await run(storage, f"INSERT {_poison(table, 98, at)}")
            assert (await instants(storage, table))[-1] == AT
    await storage.write(lambda tx: note(tx, NOW + timedelta(seconds=5), 2))
    await storage.write(lambda tx: transactions.add(tx, charge(NOW, "ch_new")))
    assert (await instants(storage, "audit"))[-1] == AT + 5
    assert (await instants(storage, "transactions"))[-1] == AT
    found = await storage.read(lambda tx: audit.recent(tx, limit=3))
    numbers = [number for each in found if (number := each.subject.number("booking"))]
    assert numbers == [2, 1], "the older one behind thirty others"
    await storage.close()


def _poison(table: str, number: int, at: object) -> str:
    return ADDED[table].replace("ch_{at}", f"ch_{number}").format(at=at)
