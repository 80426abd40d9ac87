"""Many at once for the last credit: one of them gets it, nobody waits in a circle, and nobody is told a lie.

CREDIT_TAPS: how many; `make force` lets two hundred come.
"""

import asyncio
import os
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.credits import rules
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import ledger
from storage.credits import holdings
from storage.engine import Storage, Tx
from storage.tables import offers
from tests.storage.support import NOW, add_person

TAPS = int(os.environ.get("CREDIT_TAPS", "20"))
OFFER = {"name": "Single", "length_min": 50, "step_min": 30, "price": 4500, "currency": "EUR", "created_at": 0}


async def test_two_grants_are_locked_in_one_order(storage: Storage, database_url: str) -> None:
    """Half of them book, which takes from whichever ends first; the others give back and expire, in any order."""
    others = [await Storage.open(database_url, storage.sealer, pool_size=4) for _each in range(2)]

    def begin(tx: Tx) -> tuple[int, int, list[int]]:
        person_id, offer_id = add_person(tx), tx.insert(sa.insert(offers).values(**OFFER))
        euro = Money(1, "EUR")
        ends = [NOW + timedelta(days=days) for days in (30, 20)]
        new = [ledger.NewGrant(person_id, "Some", TAPS // 2, euro, euro, [offer_id], end) for end in ends]
        return person_id, offer_id, [ledger.give(tx, each, Cause(None, "cli", NOW)).id for each in new]

    person_id, offer_id, grant_ids = await storage.write(begin)
    cause = Cause(person_id, "telegram", NOW)

    def take(tx: Tx, booking: int) -> int | None:
        held = holdings.usable(tx, person_id, offer_id, lock=True)
        found = rules.choose(held, offer_id, NOW + timedelta(days=1))
        if not isinstance(found, rules.ChosenCredit):
            return None
        ledger.reserve(tx, found, booking, cause)
        return found.held.grant.id

    def look(tx: Tx, number: int) -> None:
        holdings.lock(tx, grant_ids if number % 2 else reversed(grant_ids))
        for grant_id in grant_ids:
            ledger.spend(tx, grant_id, number, cause)

    async def one(number: int) -> int | None:
        where = others[number % 2]
        taken = await where.write(lambda tx: take(tx, number))
        await where.write(lambda tx: look(tx, number))
        return taken

    taken = await asyncio.gather(*(one(number) for number in range(TAPS + 5)))
    assert sorted(map(taken.count, grant_ids)) == [TAPS // 2] * 2
    assert taken.count(None) == TAPS + 5 - TAPS // 2 * 2
    for held in await storage.read(lambda tx: holdings.of_person(tx, person_id)):
        assert (held.credits.available, held.credits.reserved) == (0, 0)
    for other in others:
        await other.close()
