"""Encryption at rest, and the change of keys."""

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from storage.engine import Storage
from storage.practice import workspaces
from storage.sealing import Sealer, Stage, Unreadable
from storage.tables import persons
from storage.upkeep.rotation import rotate
from tests.storage.support import add_person, new_key

NAME, PLACE = "persons.name_sealed", "bookings.place_sealed"


def test_what_is_sealed_opens_and_never_looks_the_same() -> None:
    sealer = Sealer([new_key()])
    once, twice = sealer.seal("Ana Müller", NAME, 1), sealer.seal("Ana Müller", NAME, 1)
    assert once != twice
    assert "Ana" not in once
    assert sealer.open(once, NAME, 1) == sealer.open(twice, NAME, 1) == "Ana Müller"


def test_a_text_opens_in_its_own_place_alone() -> None:
    sealer = Sealer([new_key()])
    sealed = sealer.seal("Ana", NAME, 1)
    assert sealer.open(sealed, NAME, 1) == "Ana"
    for column, row in ((NAME, 2), (PLACE, 1), ("coaches.name_sealed", 1)):
        with pytest.raises(Unreadable) as refused:
            sealer.open(sealed, column, row)
        assert (refused.value.column, refused.value.row) == (column, row)
        assert "Ana" not in str(refused.value)


def test_the_first_key_seals_and_all_open() -> None:
    old, new = new_key(), new_key()
    sealed = Sealer([old]).seal("x", NAME, 1)
    assert Sealer([new, old]).open(sealed, NAME, 1) == "x"
    assert Sealer([new]).open(Sealer([new, old]).seal("y", NAME, 1), NAME, 1) == "y"
    assert Sealer([new]).open(Sealer([new, old]).reseal(sealed, NAME, 1), NAME, 1) == "x"
    assert Sealer([old, new]).reseal(sealed, NAME, 1) == sealed
    with pytest.raises(Unreadable):
        Sealer([new]).open(sealed, NAME, 1)


@pytest.mark.parametrize("change", ["{}A", "{:.20}", "2.", "2.AAAA", "", "gAAAAA", "{:.12}", "x", "2.é.!"])
def test_what_was_changed_does_not_open(change: str) -> None:
    sealer = Sealer([new_key()])
    with pytest.raises(Unreadable):
        sealer.open(change.format(sealer.seal("x", NAME, 1)), NAME, 1)
    sealer.stage = Stage.CARRY_OVER
    with pytest.raises(Unreadable):
        sealer.open(change.format(sealer.seal("x", NAME, 1)), NAME, 1)


def test_the_key_that_is_named_cannot_be_changed() -> None:
    old, new = new_key(), new_key()
    sealer = Sealer([new, old])
    first, second = sealer.key_ids
    renamed = sealer.seal("x", NAME, 1).replace(first, second)
    with pytest.raises(Unreadable):
        sealer.open(renamed, NAME, 1)


def test_an_unbound_text_of_the_version_before_opens_until_all_are_carried_over() -> None:
    key = new_key()
    sealer, before = Sealer([key]), Fernet(key)
    unbound = before.encrypt(b"Ana").decode()
    sealer.stage = Stage.EXPAND
    assert before.decrypt(sealer.seal("Ana", NAME, 1)) == b"Ana"
    for stage in (Stage.EXPAND, Stage.CARRY_OVER):
        sealer.stage = stage
        assert sealer.open(unbound, NAME, 1) == "Ana"
    assert sealer.seal("Ana", NAME, 1).startswith("2.")
    sealer.stage = Stage.CONTRACT
    with pytest.raises(Unreadable):
        sealer.open(unbound, NAME, 1)
    assert sealer.open(sealer.reseal(unbound, NAME, 1), NAME, 1) == "Ana"


def test_a_key_without_its_padding_is_the_same_key() -> None:
    key = new_key()
    assert Sealer([key.rstrip("=")]).open(Sealer([key]).seal("x", NAME, 1), NAME, 1) == "x"


@pytest.mark.parametrize("keys", [[], ["short"], [new_key(), "!" * 44], ["A" * 44]])
def test_a_wrong_key_is_named_by_its_place_and_not_shown(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="SECRET_KEYS") as refused:
        Sealer(keys)
    assert not any(key in str(refused.value) for key in keys)


async def test_rotation_seals_everything_with_the_first_key(database_url: str) -> None:
    old, new = new_key(), new_key()
    before = await Storage.open(database_url, Sealer([old]))
    for _ in range(3):
        await before.write(lambda tx: [add_person(tx) for _ in range(100)])
    await before.close()

    between = await Storage.open(database_url, Sealer([new, old]))
    counts = await rotate(between)
    assert (counts["persons"].done, counts["persons"].unreadable) == (300, 0)
    assert counts["workspaces"].done == 0
    await between.close()

    after = await Storage.open(database_url, Sealer([new]))
    rows = await after.read(lambda tx: tx.execute(sa.select(persons.c.id, persons.c.name_sealed)).all())
    assert {after.sealer.open(row.name_sealed, NAME, row.id) for row in rows} == {"Ana"}
    assert await after.read(workspaces.every) == []
    await after.close()


async def test_rotation_counts_what_no_key_opens_and_goes_on(database_url: str) -> None:
    first = await Storage.open(database_url, Sealer([new_key()]))
    await first.write(add_person)
    await first.close()
    second = await Storage.open(database_url, Sealer([new_key()]))
    await second.write(add_person)
    counts = await rotate(second)
    assert (counts["persons"].done, counts["persons"].unreadable) == (0, 1)  # its own is sealed so already
    await second.close()


async def test_the_rows_hold_no_name_in_clear(storage: Storage) -> None:
    await storage.write(add_person)
    sealed = await storage.read(lambda tx: tx.execute(sa.select(persons.c.name_sealed)).scalar_one())
    assert "Ana" not in sealed
