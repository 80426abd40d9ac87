"""The ledger of credits: the database refuses what does not add up, and everything but the next entry."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.domain.credits import rules
from bot.domain.credits.grants import Holding
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import corrections, ledger
from bot.services.credits.ledger import NewGrant
from storage.credits import entries, holdings
from storage.engine import DatabaseError, Storage, Tx
from storage.instants import to_epoch
from storage.tables import offers
from tests.scale.watch import STEPS, Watch
from tests.storage.support import NOW, add_person

OFFER = {"name": "Single", "length_min": 50, "step_min": 30, "price": 4500, "currency": "EUR", "created_at": 0}
CAUSE = Cause(None, "cli", NOW)
ROW = "INTO credit_entries (grant_id, number, kind, amount, balance, reserved, at) VALUES "


def give(tx: Tx, sessions: int = 5) -> int:
    person_id, offer_id = add_person(tx), tx.insert(sa.insert(offers).values(**OFFER))
    price = Money(20_000, "EUR")
    new = NewGrant(person_id, "Five", sessions, price, Money(4500, "EUR"), [offer_id], NOW + timedelta(days=90))
    return ledger.give(tx, new, CAUSE).id


async def refused(storage: Storage, statement: str) -> None:
    with pytest.raises(DatabaseError):
        await storage.write(lambda tx: tx.execute(sa.text(statement)))


async def numbers(storage: Storage, grant_id: int) -> list[tuple[int, int, int, int]]:
    found = await storage.read(lambda tx: entries.of_grant(tx, grant_id))
    return [(each.number, each.amount, each.balance, each.reserved) for each in reversed(found)]


async def test_the_database_takes_the_next_entry_and_no_other(storage: Storage) -> None:
    grant_id, at = await storage.write(give), to_epoch(NOW)
    for wrong in (
        f"({grant_id}, 1, 'adjusted', 1, 6, 0, {at})",  # its number is taken
        f"({grant_id}, 3, 'adjusted', 1, 6, 0, {at})",  # it is not the next one
        f"({grant_id}, 2, 'adjusted', 1, 7, 0, {at})",  # not that of before with its amount
        f"({grant_id}, 2, 'adjusted', -6, -1, 0, {at})",  # below 0
        f"({grant_id}, 2, 'spent', 0, 5, -1, {at})",
    ):
        await refused(storage, f"INSERT {ROW} {wrong}")
    await refused(storage, "UPDATE credit_entries SET amount = 9")
    await refused(storage, "DELETE FROM credit_entries")
    assert await numbers(storage, grant_id) == [(1, 5, 5, 0)]
    both = f"({grant_id}, 2, 'adjusted', 1, 6, 0, {at}), ({grant_id}, 3, 'adjusted', -2, 4, 0, {at})"
    await storage.write(lambda tx: tx.execute(sa.text(f"INSERT {ROW} {both}")))
    assert (await numbers(storage, grant_id))[1:] == [(2, 1, 6, 0), (3, -2, 4, 0)]


async def test_a_grant_and_all_its_entries_may_be_one_statement(storage: Storage) -> None:
    """The guard sees what the same statement wrote before."""

    def work(tx: Tx) -> int:
        person_id, offer_id = add_person(tx), tx.insert(sa.insert(offers).values(**OFFER))
        new = NewGrant(person_id, "Five", 5, Money(0, "EUR"), Money(0, "EUR"), [offer_id])
        grant = ledger.give(tx, new, CAUSE)
        [held] = holdings.usable(tx, person_id, offer_id, lock=True)
        assert held.grant == grant
        for booking in (7, 8, 9):
            found = rules.choose([held], offer_id, NOW)
            assert isinstance(found, rules.ChosenCredit)
            held = ledger.reserve(tx, found, booking, CAUSE)
        return grant.id

    grant_id = await storage.write(work)
    assert await numbers(storage, grant_id) == [(1, 5, 5, 0), (2, -1, 4, 1), (3, -1, 3, 2), (4, -1, 2, 3)]


async def test_the_owners_reason_is_sealed(storage: Storage) -> None:
    def work(tx: Tx) -> Holding | None:
        grant_id = give(tx)
        held = holdings.locked(tx, grant_id)
        assert held is not None
        corrections.adjust(tx, grant_id, -1, "Told me on the phone", CAUSE)
        return holdings.find(tx, grant_id)

    held = await storage.write(work)
    assert held is not None
    assert held.credits.available == 4
    last = await storage.read(lambda tx: entries.of_grant(tx, held.grant.id)[0])
    assert last.why == "Told me on the phone"
    kept = await storage.read(lambda tx: tx.execute(sa.text("SELECT * FROM credit_entries")).all())
    assert "phone" not in str(kept)


async def test_of_an_entry_the_reason_alone_is_sealed_anew_or_emptied(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        corrections.adjust(tx, give(tx), -1, "Told me on the phone", CAUSE)

    def change(what: str) -> Callable[[Tx], None]:
        return lambda tx: tx.execute(sa.text(f"UPDATE credit_entries SET {what}")).close()

    await storage.write(work)
    for what in ("amount = 9", "why_sealed = 'x'", "why_sealed = NULL, balance = 9"):
        with pytest.raises(DatabaseError):
            await storage.write(change(f"{what} WHERE number = 1"))
    for what in ("why_sealed = 'x', balance = 9", "number = 7"):
        with pytest.raises(DatabaseError):
            await storage.write(change(f"{what} WHERE number = 2"))
    for what in ("why_sealed = 'x'", "why_sealed = NULL"):
        await storage.write(change(f"{what} WHERE number = 2"))


async def test_how_many_there_were_in_all_is_counted_without_those_of_bookings(storage: Storage) -> None:
    """In steps of SQLite's machine; elsewhere nothing is counted."""
    few, many, at = await storage.write(give), await storage.write(give), to_epoch(NOW)
    taken = (
        f"({many}, {number}, '{'returned' if number % 2 else 'reserved'}', {1 if number % 2 else -1}, "
        f"{5 if number % 2 else 4}, {0 if number % 2 else 1}, {at})"
        for number in range(2, 402)
    )
    rows = ", ".join(taken)
    await storage.write(lambda tx: tx.execute(sa.text(f"INSERT {ROW} {rows}")))
    costs = []
    for grant_id in (few, many):
        with Watch()() as watch:
            assert await storage.read(partial(entries.given, grant_ids=[grant_id])) == {grant_id: 5}
        costs.append(sum(watch.cost.values()))
    assert costs[1] <= costs[0] + 2 * STEPS
