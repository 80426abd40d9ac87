"""Whose keys do not open what a database holds writes nothing there; and values go over to what is bound to its row."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.records import Why
from storage.engine import BadRow, Storage, Tx
from storage.people import people
from storage.schema.people import NAME
from storage.sealing import Sealer, Stage, Unreadable, key_of
from storage.tables import canary, persons
from storage.upkeep.canary import WrongKeys, admit, look
from storage.upkeep.rotation import BATCH, rotate
from tests.storage.support import add_person, new_key
from tests.support.servers.databases import execute

Opened = Callable[..., Coroutine[Any, Any, Storage]]


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[Opened]:
    """Opens the database once more, with these keys."""
    async with AsyncExitStack() as stack:

        async def opens(*keys: str) -> Storage:
            storage = await Storage.open(database_url, Sealer(keys))
            stack.push_async_callback(storage.close)
            return storage

        yield opens


async def started(storage: Storage) -> Stage:
    storage.sealer.stage = await storage.write(admit)
    return storage.sealer.stage


def unbound(key: str, count: int = 1) -> Callable[[Tx], None]:
    """Persons as the version before wrote them."""
    rows = [{"name_sealed": Fernet(key).encrypt(b"Ana").decode(), "created_at": 0} for _ in range(count)]
    return lambda tx: (tx.execute(sa.insert(persons), rows), None)[1]


def names(tx: Tx) -> list[str]:
    return list(tx.execute(sa.select(persons.c.name_sealed).order_by(persons.c.id)).scalars())


def kept(tx: Tx) -> str | None:
    found: str | None = tx.execute(sa.select(canary.c.stage_sealed)).scalar_one_or_none()
    return found


async def test_the_first_process_on_an_empty_database_decides_which_keys_are_right(opened: Opened) -> None:
    ours, theirs = new_key(), new_key()
    assert await started(await opened(ours)) is Stage.CONTRACT
    stranger = await opened(theirs)
    before = await stranger.read(kept)
    with pytest.raises(WrongKeys, match="SECRET_KEYS"):
        await started(stranger)
    assert await stranger.read(kept) == before
    assert await started(await opened(theirs, ours)) is Stage.CONTRACT


async def test_of_two_that_start_at_once_one_is_right(opened: Opened) -> None:
    both = [await opened(new_key()), await opened(new_key())]
    results = await asyncio.gather(*(started(each) for each in both), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Stage", "WrongKeys"]


@pytest.mark.postgres
async def test_what_another_process_makes_at_this_moment_is_not_damaged(opened: Opened, database_url: str) -> None:
    key = new_key()
    storage, met = await opened(key), list[BadRow]()
    if not await storage.read(lambda tx: tx.postgres):
        pytest.skip("SQLite has one writer")
    storage.on_bad_rows = met.extend
    theirs = Sealer([key]).seal_bound(Stage.CONTRACT, "canary.stage_sealed", 1)
    looked: list[str] = []

    def between(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if looked == ["canary"]:
            looked.append("made")
            execute(database_url, f"INSERT INTO canary (id, stage_sealed) VALUES (1, '{theirs}')")
        if not looked and "FROM canary" in statement:
            looked.append("canary")

    sa.event.listen(sa.Engine, "before_cursor_execute", between)
    try:
        assert await started(storage) is Stage.CONTRACT
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", between)
    assert looked == ["canary", "made"]
    assert (await storage.read(kept), met) == (theirs, [])


async def test_a_database_from_before_gets_its_canary_only_from_keys_that_open_it(opened: Opened) -> None:
    ours, theirs = new_key(), new_key()
    storage, stranger = await opened(ours), await opened(theirs)
    await storage.write(unbound(ours, 3))
    for work in (admit, look):
        with pytest.raises(WrongKeys):
            await stranger.write(work)
    assert await storage.read(kept) is None
    assert await storage.read(look) is None, "who only looks makes none"
    assert await started(storage) is Stage.EXPAND


async def test_one_value_that_opens_is_enough(opened: Opened) -> None:
    ours = new_key()
    storage = await opened(ours)
    await storage.write(unbound(new_key()))
    await storage.write(unbound(ours))
    assert await started(storage) is Stage.EXPAND


@pytest.mark.parametrize("what", ["garbage", "", "2.", "cut off", "gone", "two of them"])
async def test_a_damaged_canary_is_no_wrong_key_and_is_made_again(opened: Opened, what: str) -> None:
    ours = new_key()
    storage = await opened(ours)
    await started(storage)
    await storage.write(add_person)

    def damage(tx: Tx) -> None:
        if what == "two of them":
            tx.execute(sa.insert(canary).values(id=2, stage_sealed="garbage"))
        elif what == "gone":
            tx.execute(sa.update(canary).values(id=7))  # the bot may not delete it
        else:
            became = str(kept(tx))[:-3] if what == "cut off" else what
            tx.execute(sa.update(canary).values(stage_sealed=became))

    await storage.write(damage)
    found: list[BadRow] = []
    storage.on_bad_rows = found.extend
    with pytest.raises(WrongKeys):
        await started(await opened(new_key()))
    assert await started(storage) is Stage.CONTRACT, "what is bound stays so"
    assert [(each.table, each.row) for each in found] == ([] if what in {"gone", "two of them"} else [("canary", "1")])
    assert await started(await opened(ours)) is Stage.CONTRACT
    assert await storage.read(look) is Stage.CONTRACT


async def test_a_canary_that_is_made_again_has_the_key_that_everybody_seals_with(opened: Opened) -> None:
    """One who has the new key already, and in front, locks nobody out who waits for it."""
    old, new = new_key(), new_key()
    storage = await opened(old)
    await started(storage)
    await storage.write(add_person)
    await storage.write(lambda tx: tx.execute(sa.update(canary).values(stage_sealed="garbage")))
    assert await started(await opened(new, old)) is Stage.CONTRACT
    assert await started(storage) is Stage.CONTRACT


async def test_a_canary_of_another_key_is_not_taken_for_a_damaged_one(opened: Opened) -> None:
    """Whoever lacks the new key may still open what another process of the old one wrote meanwhile."""
    old, new = new_key(), new_key()
    storage = await opened(new, old)
    await started(storage)
    lacking = await opened(old)
    await lacking.write(add_person)
    with pytest.raises(WrongKeys):
        await started(lacking)


async def test_until_it_is_told_otherwise_a_process_writes_what_the_version_before_reads(opened: Opened) -> None:
    key = new_key()
    storage = await opened(key)
    await storage.write(unbound(key))
    await started(storage)
    await storage.write(add_person)
    assert {Fernet(key).decrypt(each) for each in await storage.read(names)} == {b"Ana"}


async def called(storage: Storage, person_id: int) -> str:
    [found] = await storage.read(lambda tx: people.find_many(tx, [person_id]))
    return found.name


async def test_values_from_before_are_carried_over_and_then_nothing_unbound_opens(opened: Opened) -> None:
    key = new_key()
    storage = await opened(key)
    await storage.write(unbound(key, BATCH + 1))
    await started(storage)
    old = (await storage.read(names))[0]
    assert (await rotate(storage))["persons"].done == BATCH + 1
    assert all(each.startswith("2.") for each in await storage.read(names))
    assert (await storage.read(lambda tx: people.find_many(tx, [1, BATCH + 1])))[1].name == "Ana"
    assert await started(await opened(key)) is Stage.CONTRACT

    await storage.write(lambda tx: tx.execute(sa.update(persons).where(persons.c.id == 1).values(name_sealed=old)))
    assert await called(storage, 1) == "Person 1", "as somebody whose name no key opens"
    with pytest.raises(Unreadable):
        storage.sealer.open(old, NAME, 1)


async def test_a_rotation_that_was_ended_half_way_goes_on_where_it_was(opened: Opened) -> None:
    old, new = new_key(), new_key()
    storage = await opened(old)
    await storage.write(unbound(old, 3))
    await started(storage)
    between = await opened(new, old)
    await started(between)
    done = between.sealer.seal_bound("Ana", NAME, 2)
    await between.write(lambda tx: tx.execute(sa.update(persons).where(persons.c.id == 2).values(name_sealed=done)))
    assert (await rotate(between))["persons"].done == 2
    assert (await between.read(names))[1] == done


async def test_the_canary_is_sealed_anew_last(opened: Opened) -> None:
    """Until then whoever has either key starts."""
    old, new = new_key(), new_key()
    first = await opened(old)
    await started(first)
    await first.write(add_person)
    both = await opened(new, old)
    await started(both)
    assert key_of(str(await both.read(kept))) == first.sealer.key_ids[0]
    written: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE"):
            written.append(statement.split()[1])

    sa.event.listen(sa.Engine, "before_cursor_execute", watch)
    await rotate(both)
    sa.event.remove(sa.Engine, "before_cursor_execute", watch)
    assert written == ["persons", "canary"]
    assert await started(await opened(new)) is Stage.CONTRACT
    with pytest.raises(WrongKeys):
        await started(await opened(old))


async def test_two_values_that_change_places_do_not_open(storage: Storage) -> None:
    def swap(tx: Tx) -> dict[int, str]:
        one, two = add_person(tx), add_person(tx)
        first, second = names(tx)
        for person, sealed in ((one, second), (two, first)):
            tx.execute(sa.update(persons).where(persons.c.id == person).values(name_sealed=sealed))
        return {one: second, two: first}

    found: list[BadRow] = []
    storage.on_bad_rows = found.extend
    for person, sealed in (await storage.write(swap)).items():
        assert await called(storage, person) == f"Person {person}"
        with pytest.raises(Unreadable) as refused:
            storage.sealer.open(sealed, NAME, person)
        assert (refused.value.column, refused.value.row) == (NAME, person)
    assert {each.why for each in found} == {Why.UNREADABLE}, "no key would help"


async def test_a_value_whose_key_is_missing_is_told_from_a_damaged_one(opened: Opened) -> None:
    old, new = new_key(), new_key()
    storage = await opened(new, old)
    await storage.write(add_person)
    lacking = await opened(old)
    found: list[BadRow] = []
    lacking.on_bad_rows = found.extend
    assert await called(lacking, 1) == "Person 1"
    await storage.write(unbound(new_key()))
    assert await called(lacking, 2) == "Person 2"
    assert [each.why for each in found] == [Why.SEALED, Why.SEALED]
