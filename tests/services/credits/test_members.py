"""A grant that several may use: each takes from it, and a cap counts for each of them."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.credits import rules
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import ledger
from storage.credits import grants, holdings
from storage.engine import Storage, Tx
from storage.tables import offers
from tests.storage.support import NOW, add_person

OFFER = {"name": "Single", "length_min": 50, "step_min": 30, "price": 4500, "currency": "EUR", "created_at": 0}


async def test_members_use_what_somebody_else_paid_for(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        company, member, other = (add_person(tx) for _each in range(3))
        offer_id = tx.insert(sa.insert(offers).values(**OFFER))
        price = Money(1, "EUR")
        new = ledger.NewGrant(
            company, "Twenty", 20, price, price, [offer_id], NOW + timedelta(days=90), member_ids=[member]
        )
        grant = ledger.give(tx, new, Cause(company, "cli", NOW))
        assert grants.members(tx, grant.id) == [member]
        for person_id, found in ((company, 1), (member, 1), (other, 0)):
            held = holdings.usable(tx, person_id, offer_id, lock=True)
            assert len(held) == found
            assert len(holdings.of_person(tx, person_id)) == found
            if held:
                choice = rules.choose(held, offer_id, NOW + timedelta(days=1))
                assert isinstance(choice, rules.ChosenCredit)
                ledger.reserve(tx, choice, 100 + person_id, Cause(person_id, "cli", NOW))
        left = holdings.find(tx, grant.id)
        assert left is not None
        assert (left.credits.available, left.credits.reserved) == (18, 2)

    await storage.write(work)
