"""What is kept of the practice, its offers and coaches: never older than what was committed, whoever wrote it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.domain.credits.packages import Package
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import Offer, OfferState, Place, PlaceKind
from bot.services.kit.set_aside import RowsSetAside
from storage.engine import Storage, Tx
from storage.people import people, person_changes
from storage.practice import catalogue, coaches, offers, packages, practice
from storage.tables import catalogue as rows
from tests.support.servers.statements import asked

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ANNA = person_changes.ProfileNews(Platform.TELEGRAM, name="Anna")
STARTER = Package(0, "Starter", 5, Money(20250, "EUR"))
PLACE = Place(PlaceKind.VIDEO, "https://meet.example/a")


@pytest.fixture
async def elsewhere(database_url: str, storage: Storage) -> AsyncIterator[Storage]:
    """Another process on the same database."""
    opened = await Storage.open(database_url, storage.sealer)
    yield opened
    await opened.close()


def _offer(coach_id: int) -> Offer:
    return Offer(
        id=0, name="Coaching", state=OfferState.OPEN, price=Money(0, "EUR"), place=PLACE, coach_ids=(coach_id,),
        length_min=50, step_min=30, buffer_before_min=0, buffer_after_min=0, notice_min=0, horizon_days=30,
        daily_cap=None, weekly_cap=None, cancel_cutoff_min=0, move_cutoff_min=0, max_moves=2, version=1,
    )  # fmt: skip


def _founded(tx: Tx) -> tuple[int, int, int]:
    """Person, coach and offer."""
    known = people.create(tx, Profile(Platform.TELEGRAM, "", "7", "Ana", "Europe/Vienna", "en"), NOW)
    coach_id = coaches.create(tx, known.person.id, "ana", "Europe/Vienna", NOW)
    assert coach_id is not None
    practice.lock(tx)
    return known.person.id, coach_id, offers.create(tx, _offer(coach_id), NOW)


CHANGES: dict[str, Callable[[Tx, int, int, int], object]] = {
    "the practice": lambda tx, _person, _coach, _offer: practice.rename(tx, "Harbour"),
    "an offer": lambda tx, _person, _coach, offer: offers.save(tx, replace(_found(tx, offer), name="Other")),
    "who does it": lambda tx, _person, _coach, offer: offers.set_coaches(tx, offer, []),
    "a coach": lambda tx, _person, coach, _offer: coaches.set_state(tx, coach, [CoachState.ACTIVE], CoachState.PAUSED),
    "a package": lambda tx, _person, _coach, _offer: packages.create(tx, STARTER, NOW),
    "a name": lambda tx, person, _coach, _offer: person_changes.follow(tx, person, ANNA),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_made_by_another_process_is_seen_by_the_next_question(
    storage: Storage, elsewhere: Storage, what: str
) -> None:
    found = await storage.write(_founded)
    before = await catalogue.current(elsewhere)
    assert await catalogue.current(elsewhere) is before
    assert await elsewhere.write(catalogue.snapshot) is before
    await storage.write(lambda tx: CHANGES[what](tx, *found))
    after = await catalogue.current(elsewhere)
    assert after.generation > before.generation
    assert replace(after, generation=before.generation) != before
    assert await storage.read(catalogue.snapshot) == after


@pytest.mark.parametrize("what", CHANGES)
async def test_what_was_undone_is_not_kept(storage: Storage, what: str) -> None:
    found = await storage.write(_founded)
    before = await catalogue.current(storage)

    def undone(tx: Tx) -> None:
        CHANGES[what](tx, *found)
        assert catalogue.snapshot(tx) != before
        raise KeyError

    with pytest.raises(KeyError):
        await storage.write(undone)
    assert await catalogue.current(storage) == before
    await storage.write(lambda tx: practice.set_zone(tx, "Europe/Vienna"))
    after = await catalogue.current(storage)
    assert (after.offers, after.coaches, after.practice.name) == (before.offers, before.coaches, None)


async def test_a_waiting_booker_sees_what_was_changed_before_the_lock_was_free(
    storage: Storage, elsewhere: Storage
) -> None:
    _person, coach_id, offer_id = await storage.write(_founded)
    await catalogue.current(elsewhere)

    def pauses(tx: Tx) -> None:
        tx.lock_coach(coach_id)
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(0.5)"))
        offers.save(tx, replace(_found(tx, offer_id), state=OfferState.PAUSED))

    def books(tx: Tx) -> OfferState:
        _found(tx, offer_id)
        tx.lock_coach(coach_id)
        return _found(tx, offer_id).state

    pausing = asyncio.create_task(storage.write(pauses))
    await asyncio.sleep(0.1)
    assert await elsewhere.write(books) is OfferState.PAUSED
    await pausing


def _found(tx: Tx, offer_id: int) -> Offer:
    found = offers.find(tx, offer_id)
    assert found is not None
    return found


async def test_a_turn_asks_for_the_catalogue_along_with_the_person(storage: Storage, elsewhere: Storage) -> None:
    found = await storage.write(_founded)
    before = await catalogue.current(elsewhere)

    async def meets() -> int:
        known = await elsewhere.read_one(lambda tx: people.known(tx, Platform.TELEGRAM, "", "7", NOW))
        assert known is not None
        return known.generation

    generation = await meets()
    with asked() as statements:
        assert await catalogue.current(elsewhere, generation) is before
    assert statements == []
    await storage.write(lambda tx: CHANGES["an offer"](tx, *found))
    generation = await meets()
    after = await catalogue.current(elsewhere, generation)
    assert after.generation > before.generation
    await storage.write(lambda tx: CHANGES["a coach"](tx, *found))
    assert await catalogue.current(elsewhere, generation) is after, "the page is of one moment"
    await elsewhere.read_one(lambda tx: people.find(tx, found[0]))
    assert (await catalogue.current(elsewhere)).generation > after.generation, "what was read since may be newer"


async def test_what_a_turn_was_told_before_it_changed_the_catalogue_is_not_used(storage: Storage) -> None:
    found = await storage.write(_founded)
    before = await catalogue.current(storage)
    await storage.write(lambda tx: CHANGES["an offer"](tx, *found))
    assert (await catalogue.current(storage, before.generation)).generation > before.generation


@pytest.mark.parametrize("what", ["lost", "another beside it", -5, 10**17])
async def test_without_a_generation_everything_is_read_and_the_row_is_made_again(
    storage: Storage, elsewhere: Storage, what: str | int
) -> None:
    found = await storage.write(_founded)
    before = await catalogue.current(elsewhere)
    aside = RowsSetAside(elsewhere, lambda: NOW)
    elsewhere.on_bad_rows = aside.heard

    def damage(tx: Tx) -> None:
        match what:
            case "lost":
                tx.execute(sa.update(rows).values(id=7))
            case "another beside it":
                tx.execute(sa.insert(rows).values(id=2))
            case _:
                tx.execute(sa.update(rows).values(generation=what))

    await storage.write(damage)
    await storage.write(lambda tx: CHANGES["an offer"](tx, *found))
    known = await elsewhere.read_one(lambda tx: people.known(tx, Platform.TELEGRAM, "", "7", NOW))
    assert known is not None
    after = await catalogue.current(elsewhere, known.generation)
    assert after.offers != before.offers
    assert (await elsewhere.write(catalogue.snapshot)).offers == after.offers
    await aside.close()
    told = [(each.table, each.row) for each in await aside.everything()]
    assert told == ([] if what == "another beside it" else [("catalogue", "1")])
    made = await catalogue.current(elsewhere)
    assert made.generation not in {catalogue.LOST, before.generation}
    assert await catalogue.current(elsewhere) is made, "it is kept again"
    await storage.write(lambda tx: CHANGES["a coach"](tx, *found))
    assert (await catalogue.current(elsewhere)).coaches != made.coaches
