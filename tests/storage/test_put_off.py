"""What is written without a question about it goes together, in its order, and before anything else is asked."""

import asyncio
import contextlib
import weakref
from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.subjects import Subject
from storage.engine import DatabaseError, Outdated, Overlap, Storage, Tx, Violation
from storage.journal import acts, audit
from storage.notices import outbox, outbox_claims
from storage.ready import Ready, Workshop
from storage.tables import conversations, leases, sessions
from tests.storage.support import NOW, add_account, add_coach, add_lease, add_person, add_session, names_of_leases
from tests.support.servers.statements import asked

LEASES = Ready(sa.select(leases.c.name))


def write(tx: Tx, person: int, number: int) -> None:
    notices = [Notice(f"{number}:{each}", person, NoticeKind.REMINDER, "remind/1/60", NOW) for each in range(2)]
    outbox.put_all(tx, notices, NOW)
    after = None if number else {"name": "'; --"}
    audit.write(tx, person_id=person, via="slack", act="x", subject=Subject("booking", number), after=after, now=NOW)


async def test_what_is_put_off_is_there_when_it_is_asked_for_and_when_the_transaction_ends(storage: Storage) -> None:
    person = await storage.write(add_person)

    def work(tx: Tx) -> list[Mapping[str, object] | None]:
        for number in range(2):
            write(tx, person, number)
        seen = [entry.after for entry in audit.recent(tx)]
        acts.mark(tx, "k", person, "start", NOW)
        write(tx, person, 2)
        return seen

    assert await storage.write(work) == [None, {"name": "'; --"}]
    entries = await storage.read(audit.recent)
    assert [str(entry.subject) for entry in entries] == ["booking:2", "booking:1", "booking:0"]
    assert await storage.read(lambda tx: acts.led_to(tx, "k")) == "start"
    claimed = await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 1, 60))
    assert [row.notice.key for row in claimed] == ["0:0"]


async def test_what_cannot_be_written_undoes_all_that_went_with_it(storage: Storage) -> None:
    account = await storage.write(add_account)

    def work(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("booking", 1), now=NOW)
        tx.batch_insert(sa.insert(conversations), {"account_id": account, "misses": None})

    with pytest.raises(Violation):
        await storage.write(work)
    assert await storage.read(audit.recent) == []


async def test_a_savepoint_undoes_what_was_put_off_inside_it_and_no_more(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 1), now=NOW)
        with contextlib.suppress(ZeroDivisionError), tx.savepoint():
            audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 2), now=NOW)
            raise ZeroDivisionError
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 3), now=NOW)

    await storage.write(work)
    assert [str(entry.subject) for entry in await storage.read(audit.recent)] == ["coach:3", "coach:1"]


async def test_what_is_put_off_is_not_lost_without_a_transaction_and_refused_in_a_read(storage: Storage) -> None:
    def entry(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("booking", 1), now=NOW)

    with pytest.raises(DatabaseError):
        await storage.read(entry)
    await storage.write_one(entry)
    assert [str(one.subject) for one in await storage.read(audit.recent)] == ["booking:1"]


_OF = sessions.c.id == sa.bindparam("row")
ENDS = sa.update(sessions).where(_OF).values(state=sa.bindparam("becomes", type_=sessions.c.state.type))
GOES = sa.update(sessions).where(_OF).values(version=sessions.c.version + 1)
IF_AS_READ = (
    sa.update(sessions)
    .where(_OF, sessions.c.version == sa.bindparam("was"))
    .values(version=sessions.c.version + 1, ends=sa.bindparam("until"))
)
TAKES = sa.insert(sessions)
STATES = Ready(sa.select(sessions.c.state, sessions.c.version, sessions.c.ends).order_by(sessions.c.id))


def ends(tx: Tx, session_id: int, becomes: str = "ended") -> None:
    tx.batch_update(ENDS, {"row": session_id, "becomes": becomes}, of={"id": session_id})


def goes(tx: Tx, session_id: int) -> None:
    tx.batch_update(GOES, {"row": session_id}, of={"id": session_id})


def takes(tx: Tx, coach_id: int, starts: int = 0) -> None:
    values = {"id": tx.next_id(sessions), "coach_id": coach_id, "starts": starts, "ends": starts + 3600}
    tx.batch_insert(TAKES, {**values, "state": "held"})


async def session(storage: Storage, coach_id: int, starts: int = 0) -> int:
    return await storage.write(lambda tx: add_session(tx, coach_id, starts, starts + 3600))


async def test_a_time_is_free_before_it_is_taken_in_the_same_statement(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    old = await session(storage, coach_id)

    def work(tx: Tx) -> None:
        ends(tx, old)
        takes(tx, coach_id)

    with asked() as statements:
        await storage.write(work)
    assert await storage.read(lambda tx: [row.state for row in tx.execute(STATES)]) == ["ended", "held"]
    if await storage.read(lambda tx: tx.postgres):
        assert sum("sessions SET" in each for each in statements) == 1
        assert len(statements) == 2  # with the one that draws the id


async def test_a_row_that_is_changed_twice_or_was_just_made_is_changed_in_order(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    one, other = [await session(storage, coach_id, starts) for starts in (0, 9000)]

    def work(tx: Tx) -> None:
        takes(tx, coach_id, 20_000)
        goes(tx, one)
        goes(tx, other)
        goes(tx, one)
        goes(tx, other + 1)
        ends(tx, one)
        ends(tx, one, "held")

    await storage.write(work)
    rows = await storage.read(lambda tx: [(row.state, row.version) for row in tx.execute(STATES)])
    assert rows == [("held", 3), ("confirmed", 2), ("held", 2)]


async def test_only_what_a_question_could_see_is_written_before_it(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    session_id = await session(storage, coach_id)

    def work(tx: Tx) -> tuple[int, str]:
        ends(tx, session_id)
        with asked() as statements:
            tx.execute(LEASES)
        return len(statements), tx.execute(STATES).one().state

    assert await storage.write(work) == (1, "ended")


async def test_who_finds_a_row_changed_since_it_was_read_is_run_again(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    session_id = await session(storage, coach_id)
    seen: list[int] = []

    def longer(tx: Tx) -> None:
        row = tx.execute(STATES).one()
        seen.append(row.version)
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(0.3)"))
        told = {"row": session_id, "was": row.version, "until": row.ends + 1}
        tx.batch_update(IF_AS_READ, told, of={"id": session_id}, as_read=True)
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 1), now=NOW)

    await asyncio.gather(*(storage.write(longer) for _number in range(3)))
    assert (await storage.read(lambda tx: tx.execute(STATES).one()))[1:] == (4, 3603)
    assert len(await storage.read(audit.recent)) == 3
    assert sorted(set(seen)) == [1, 2, 3]


async def test_who_meets_one_that_changes_the_row_at_this_moment_waits_and_goes_on_from_there(storage: Storage) -> None:
    """A second change of one statement, which waits for the row that another transaction holds."""
    coach_id = await storage.write(add_coach)
    one, other = [await session(storage, coach_id, starts) for starts in (0, 9000)]

    def first(tx: Tx) -> None:
        goes(tx, other)
        tx.flush()
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(0.3)"))

    def second(tx: Tx) -> None:
        ends(tx, one)
        goes(tx, other)
        takes(tx, coach_id, 0)

    await storage.write(lambda tx: tx.next_id(sessions))
    await asyncio.gather(storage.write(first), storage.write(second))
    rows = await storage.read(lambda tx: [(row.state, row.version) for row in tx.execute(STATES)])
    assert rows == [("ended", 1), ("confirmed", 3), ("held", 1)]


async def test_who_still_finds_it_changed_hears_of_it(storage: Storage) -> None:
    session_id = await storage.write(lambda tx: add_session(tx, add_coach(tx), 0, 3600))

    def work(tx: Tx) -> None:
        tx.batch_update(IF_AS_READ, {"row": session_id, "was": 7, "until": 1}, of={"id": session_id}, as_read=True)

    with pytest.raises(Outdated):
        await storage.write(work)


async def test_what_is_refused_of_before_a_savepoint_is_not_taken_for_what_is_inside(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    await session(storage, coach_id)

    def work(tx: Tx) -> None:
        takes(tx, coach_id)
        with contextlib.suppress(Violation), tx.savepoint():
            add_lease(tx)

    if await storage.read(lambda tx: tx.postgres):  # on SQLite it is refused before
        with pytest.raises(Overlap):
            await storage.write(work)
        assert await storage.read(names_of_leases) == []


async def test_a_part_needs_no_savepoint_where_all_of_it_waits(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    first, *others = [await session(storage, coach_id, starts) for starts in (0, 9000)]

    def work(tx: Tx) -> None:
        with contextlib.suppress(ZeroDivisionError), tx.part():
            ends(tx, first)
            raise ZeroDivisionError
        for session_id in others:
            with tx.part():
                ends(tx, session_id)
        with contextlib.suppress(ZeroDivisionError), tx.part():
            add_lease(tx)
            goes(tx, first)
            raise ZeroDivisionError

    with asked() as statements:
        await storage.write(work)
    assert await storage.read(names_of_leases) == []
    rows = await storage.read(lambda tx: [(row.state, row.version) for row in tx.execute(STATES)])
    assert rows == [("confirmed", 1), ("ended", 1)]
    if await storage.read(lambda tx: tx.postgres):
        assert sum("SAVEPOINT" in each for each in statements) == 2


async def test_a_long_list_of_changes_goes_in_several_statements(storage: Storage) -> None:
    coach_id = await storage.write(add_coach)
    those = [await session(storage, coach_id, number * 9000) for number in range(5)]

    def work(tx: Tx) -> None:
        for session_id in those:
            ends(tx, session_id)

    with asked() as statements:
        await storage.write(work)
    assert await storage.read(lambda tx: {row.state for row in tx.execute(STATES)}) == {"ended"}
    assert len(statements) == (3 if await storage.read(lambda tx: tx.postgres) else 5)


def test_a_statement_that_nobody_runs_any_more_is_not_kept() -> None:
    dialect: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    shop, ready = Workshop(dialect), Ready(sa.select(leases.c.name))
    made = weakref.ref(shop.made(ready, {}))
    assert made() is shop.made(ready, {})
    del ready
    assert made() is None, "at once: nothing waits for the collector of garbage"
