"""The order of a move cannot be read: the time that it kept is free when it would have been, and nobody loses money."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.exchanges.another_offer import end_over
from bot.services.reactions import react
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import made
from tests.services.exchanges.switching import LONG, asked, bought, moves, offered, taken
from tests.services.paid_practice import PaidPractice, running
from tests.services.selling_practice import guest
from tests.storage.support import new_sealer
from tests.unreadable.corruption import Damage, Vandal


@pytest.fixture
def vandal(sqlite_url: str) -> Vandal:
    return Vandal(Path(sqlite_url.removeprefix("sqlite:///")))


@pytest.fixture
async def practice(sqlite_url: str) -> AsyncIterator[PaidPractice]:
    storage = await Storage.open(sqlite_url, new_sealer())
    async with running(storage) as opened:
        yield opened
    await storage.close()


async def test_the_time_that_it_kept_is_free_in_the_end(practice: PaidPractice, vandal: Vandal) -> None:
    double, booking = await offered(practice, LONG), await bought(practice)
    first = made(await moves(practice, booking, double))
    mine = {"orders": first, "order_lines": line_of(vandal, first)}
    ways = [each for each in vandal.damages() if each.key == (mine.get(each.table),)]
    assert {"orders.state", "order_lines.kind", "order_lines.terms"} <= {f"{way.table}.{way.column}" for way in ways}
    await nobody_pays(practice)
    for way in ways:
        order = made(await moves(practice, booking, double))
        assert await taken(practice) == [(50, "confirmed"), (50, "held")]
        key = order if way.table == "orders" else line_of(vandal, order)
        damage = Damage(way.table, (key,), way.column, way.value)
        was = vandal.breaks(damage)
        await nobody_pays(practice)
        assert await taken(practice) == [(50, "confirmed")], damage
        if was is not None:
            vandal.mends(damage, was)
    vandal.close()


async def test_who_paid_for_a_time_that_somebody_has_by_then_gets_the_money_back(
    practice: PaidPractice, vandal: Vandal
) -> None:
    double, booking = await offered(practice, LONG), await bought(practice)
    payment = await asked(practice, booking, double)
    await practice.silence()
    await practice.pays(payment)
    damage = Damage("orders", (payment.order_id,), "state", "no-such/word")
    was = vandal.breaks(damage)
    await nobody_pays(practice)
    free = [each for each in await practice.starts() if timedelta() <= each - booking.ends < timedelta(minutes=50)]
    await practice.book(free[0], guest(1), now=practice.now())
    vandal.mends(damage, was)
    vandal.close()
    await practice.sweep(minutes=1)
    await practice.sweep(seconds=1)
    assert (await practice.found(booking.id)).offer_id == booking.offer_id
    assert await practice.states(tables.payments) == ["accepted", "refused"]
    assert [each.amount for each in practice.sandbox.account.refunds.values()] == [3500]


async def nobody_pays(practice: PaidPractice) -> None:
    practice.advance(minutes=48)
    await end_over(practice.storage, react, practice.now())


def line_of(vandal: Vandal, order: int) -> int:
    [(line,)] = vandal.run("SELECT id FROM order_lines WHERE order_id = ?", order)
    return int(line)
