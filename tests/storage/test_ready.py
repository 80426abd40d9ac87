"""Ready statements give what SQLAlchemy's own do, and what the database refuses has the same name on both."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from storage.engine import DatabaseError, Overlap, Storage, Tx, Violation
from storage.ready import LENGTHS, Ready, Workshop
from storage.tables import accounts, audit, coaches, conversations, leases, sessions
from tests.storage.support import add_account, add_coach, add_lease, add_session

AMONG = Ready(
    sa.select(leases.c.name, sa.literal(7).label("seven"))
    .where(leases.c.name.in_(sa.bindparam("names", expanding=True)), leases.c.epoch <= sa.bindparam("most"))
    .order_by(leases.c.name)
)
NOTED = Ready(sa.insert(audit).returning(audit.c.before, audit.c.act), by_columns=True)
ENDED = Ready(sa.update(leases).where(leases.c.name == sa.bindparam("which")).values(until=sa.bindparam("at")))
HELD = Ready(sa.insert(leases).returning(leases.c.name, leases.c.epoch), by_columns=True)


async def test_a_list_may_be_of_any_length_and_what_is_not_given_stays(storage: Storage) -> None:
    def work(tx: Tx) -> list[list[tuple[object, ...]]]:
        for name in "abc":
            add_lease(tx, name)
        asked: tuple[list[str], ...] = (["a", "c"], [], ["b"], ["a", "b", "c"], ["a", "c"])
        return [[tuple(row) for row in tx.execute(AMONG, {"most": 1, "names": names})] for names in asked]

    a, b, c = ("a", 7), ("b", 7), ("c", 7)
    assert await storage.write(work) == [[a, c], [], [b], [a, b, c], [a, c]]


def test_the_sql_of_a_length_is_not_kept_for_ever() -> None:
    dialect = sqlite.dialect()
    made = Workshop(dialect).made(AMONG, {"most": 1, "names": []})
    first, *_others, again = [made.bind({"most": 1, "names": ["a"] * n}, dialect)[0] for n in (*range(LENGTHS + 1), 0)]
    assert again == first
    assert again is not first


async def test_values_of_a_type_of_their_own_come_and_go(storage: Storage) -> None:
    entry = {"via": "cli", "act": "x", "subject": "coach:1", "at": 1}

    def work(tx: Tx) -> list[tuple[object, ...]]:
        return [tuple(tx.execute(NOTED, {**entry, "before": before}).one()) for before in ({"a": [1, "ä"]}, None)]

    assert await storage.write(work) == [({"a": [1, "ä"]}, "x"), (None, "x")]


async def test_a_change_says_of_how_many_rows(storage: Storage) -> None:
    def work(tx: Tx) -> list[int]:
        add_lease(tx)
        return [tx.execute(ENDED, {"which": which, "at": 5}).rowcount for which in ("a", "b")]

    assert await storage.write(work) == [1, 0]


async def test_an_insert_fills_the_columns_that_it_is_given(storage: Storage) -> None:
    def work(tx: Tx) -> tuple[object, ...]:
        return tuple(tx.execute(HELD, {"name": "a", "owner": "me", "epoch": 4, "until": 0}).one())

    assert await storage.write(work) == ("a", 4)


async def test_a_ready_statement_changes_no_table_of_the_catalogue(storage: Storage) -> None:
    with pytest.raises(AssertionError):
        await storage.write(lambda tx: tx.execute(Ready(sa.update(coaches).values(state="paused"))))


def twice(tx: Tx) -> None:
    add_lease(tx)
    tx.execute(HELD, {"name": "a", "owner": "me", "epoch": 1, "until": 0})


def same_account(tx: Tx) -> None:
    mine = sa.select(accounts.c.person_id, accounts.c.platform, accounts.c.user_ref, accounts.c.seen_at)
    add_account(tx)
    tx.execute(sa.insert(accounts).from_select(["person_id", "platform", "user_ref", "seen_at"], mine))


def backwards(tx: Tx) -> None:
    add_session(tx, add_coach(tx), 2000, 1000)


def overlapping(tx: Tx) -> None:
    coach = add_coach(tx)
    tx.batch_insert(sa.insert(sessions), *(session(coach, starts) for starts in (1000, 1500)))


def session(coach: int, starts: int) -> dict[str, object]:
    return {"coach_id": coach, "starts": starts, "ends": starts + 1000, "state": "confirmed"}


def of_nobody(tx: Tx) -> None:
    tx.execute(sa.insert(conversations).values(account_id=12345))


@pytest.mark.parametrize(
    ("work", "constraint"),
    [
        (twice, "pk_leases"),
        (same_account, "uq_accounts_platform_workspace_user_ref"),
        (backwards, "ck_sessions_order"),
        (overlapping, "ex_sessions_overlap"),
    ],
)
async def test_what_refused_a_row_has_one_name(storage: Storage, work: Callable[[Tx], None], constraint: str) -> None:
    with pytest.raises(Violation) as refused:
        await storage.write(work)
    assert refused.value.constraint == constraint
    assert isinstance(refused.value, Overlap) == (work is overlapping)


async def test_a_foreign_key_is_a_violation_too(storage: Storage) -> None:
    with pytest.raises(Violation):
        await storage.write(of_nobody)


async def test_what_failed_unheard_is_not_taken_for_done(storage: Storage) -> None:
    """Postgres ends such a transaction with nothing written, and calls that no error."""

    def work(tx: Tx) -> None:
        add_lease(tx, "b")
        try:
            twice(tx)
        except Violation:
            return

    if await storage.read(lambda tx: tx.postgres):
        with pytest.raises(DatabaseError, match="that had failed"):
            await storage.write(work)
    else:
        await storage.write(work)
    names = await storage.read(lambda tx: list(tx.execute(sa.select(leases.c.name)).scalars()))
    assert names in ([], ["a", "b"])
