"""Encryption at rest, and the change of keys."""

import pytest
import sqlalchemy as sa

from storage.engine import Storage
from storage.practice import workspaces
from storage.sealing import Sealer, Unreadable
from storage.tables import persons
from storage.upkeep.rotation import rotate
from tests.storage.support import add_person, new_key


def test_what_is_sealed_opens_and_never_looks_the_same() -> None:
    sealer = Sealer([new_key()])
    once, twice = sealer.seal("Ana Müller"), sealer.seal("Ana Müller")
    assert once != twice
    assert "Ana" not in once
    assert sealer.open(once) == sealer.open(twice) == "Ana Müller"


def test_the_first_key_seals_and_all_open() -> None:
    old, new = new_key(), new_key()
    sealed = Sealer([old]).seal("x")
    assert Sealer([new, old]).open(sealed) == "x"
    assert Sealer([new]).open(Sealer([new, old]).seal("y")) == "y"
    assert Sealer([new]).open(Sealer([new, old]).reseal(sealed)) == "x"
    with pytest.raises(Unreadable):
        Sealer([new]).open(sealed)
    with pytest.raises(Unreadable):
        Sealer([old]).open(sealed[:-4] + "AAA=")


def test_a_key_without_its_padding_is_the_same_key() -> None:
    key = new_key()
    assert Sealer([key.rstrip("=")]).open(Sealer([key]).seal("x")) == "x"


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
    sealed = await after.read(lambda tx: list(tx.execute(sa.select(persons.c.name_sealed)).scalars()))
    assert {after.sealer.open(text) for text in sealed} == {"Ana"}
    assert await after.read(workspaces.every) == []
    await after.close()


async def test_rotation_counts_what_no_key_opens_and_goes_on(database_url: str) -> None:
    first = await Storage.open(database_url, Sealer([new_key()]))
    await first.write(add_person)
    await first.close()
    second = await Storage.open(database_url, Sealer([new_key()]))
    await second.write(add_person)
    counts = await rotate(second)
    assert (counts["persons"].done, counts["persons"].unreadable) == (1, 1)
    await second.close()


async def test_the_rows_hold_no_name_in_clear(storage: Storage) -> None:
    await storage.write(add_person)
    sealed = await storage.read(lambda tx: tx.execute(sa.select(persons.c.name_sealed)).scalar_one())
    assert "Ana" not in sealed
