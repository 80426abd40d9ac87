"""All rows of a booking are written together, and what the database refuses then has words for the person."""

import pytest
import sqlalchemy as sa

from bot.domain.bookings.changes import Change
from bot.domain.refusals import Code, Refusal
from bot.services.bookings.bookings import Bookings
from bot.services.kit.idempotent import once
from bot.services.reactions import react
from storage.bookings.bookings import ANOTHER_HOLD
from storage.engine import Overlap, Tx, Violation
from storage.tables import leases
from tests.services.bare_practice import CLIENT
from tests.services.selling_practice import SellingPractice, guest
from tests.support.servers.statements import asked

KEEPS = sa.insert(leases)


def keeps(tx: Tx, change: Change) -> None:
    """A reaction that writes a row of its own, as a feature to come will."""
    react(tx, change)
    tx.batch_insert(KEEPS, {"name": "of a feature to come", "owner": "me", "epoch": 1, "until": 0})


@pytest.mark.postgres
async def test_a_new_kind_of_row_costs_no_further_trip(selling_practice: SellingPractice) -> None:
    if not await selling_practice.storage.read(lambda tx: tx.postgres):
        pytest.skip("on SQLite a statement is no trip")
    warm, first, second, *_later = (await selling_practice.starts())[::4]
    await selling_practice.meet(guest(1))
    await selling_practice.book(warm)
    with asked() as before:
        await selling_practice.book(first)
    selling_practice.bookings = Bookings(selling_practice.storage, keeps)
    with asked() as after:
        await selling_practice.book(second, guest(1))
    count = sa.select(sa.func.count()).select_from(leases)
    assert await selling_practice.storage.read(lambda tx: tx.execute(count).scalar()) == 1
    assert len(after) == len(before)


@pytest.mark.parametrize(
    ("violated", "code"), [(Overlap(), Code.TAKEN), (Violation(ANOTHER_HOLD), Code.CHANGED), (Violation("other"), None)]
)
async def test_what_is_refused_at_the_end_is_told_by_the_constraints_name(
    selling_practice: SellingPractice, violated: Violation, code: Code | None
) -> None:
    def work(_tx: Tx) -> int:
        raise violated

    asks = once(selling_practice.storage, await selling_practice.act(CLIENT), work)
    if code is None:
        with pytest.raises(Violation):
            await asks
    else:
        assert await asks == Refusal(code)
