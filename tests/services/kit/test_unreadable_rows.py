"""A sweep meets one row that cannot be read: the rows of others are done, this one when it can be read again."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Profile
from bot.services.bookings import hold_expiry
from bot.services.kit.set_aside import LOOK_AGAIN, RowsSetAside
from bot.services.reactions import react
from storage import tables
from storage.engine import CannotRead, Storage, Tx
from storage.journal import inbox
from storage.people import people
from tests.services.bare_practice import CLIENT, NOW, OWNER, made
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import SellingPractice, guest

SHREDS = "shreds"


class Damaged:
    """Breaks values of rows, and mends them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.now = NOW
        self.aside = RowsSetAside(storage, lambda: self.now)
        storage.on_bad_rows = self.aside.heard

    async def breaks(self, column: sa.Column[Any], row: int, value: object = SHREDS) -> Any:
        """What stood there."""
        table = column.table
        assert isinstance(table, sa.Table)

        def work(tx: Tx) -> Any:
            was = tx.execute(sa.select(column).where(table.c.id == row)).scalar_one()
            tx.execute(sa.update(table).where(table.c.id == row).values({column.name: value}))
            return was

        return await self._storage.write(work)

    async def mends(self, column: sa.Column[Any], row: int, was: object) -> None:
        table = column.table
        assert isinstance(table, sa.Table)
        await self._storage.write(
            lambda tx: tx.execute(sa.update(table).where(table.c.id == row).values({column.name: was}))
        )

    async def found(self) -> list[tuple[str, str]]:
        """Tables and keys of what is set aside by now."""
        await self.aside.close()
        return [(each.table, each.row) for each in await self.aside.everything()]

    async def looks_again(self) -> None:
        self.now += LOOK_AGAIN + timedelta(minutes=1)
        await self.aside.sweep()


@pytest.fixture
def damaged(storage: Storage) -> Damaged:
    return Damaged(storage)


async def held_by_two(practice: SellingPractice) -> tuple[Booking, Booking]:
    first, second = (await practice.starts(practice.paid))[:10:5]
    return (
        await practice.found(made(await practice.try_hold(CLIENT, practice.paid, first))),
        await practice.found(made(await practice.try_hold(guest(1), practice.paid, second))),
    )


async def state_of(practice: SellingPractice, table: sa.Table, row: int, column: str = "state") -> object:
    return await practice.storage.read(
        lambda tx: tx.execute(sa.select(table.c[column]).where(table.c.id == row)).scalar_one()
    )


async def test_holds_of_others_are_warned_and_end(selling_practice: SellingPractice, damaged: Damaged) -> None:
    first, second = await held_by_two(selling_practice)
    place = tables.bookings.c.place_sealed
    was = await damaged.breaks(place, first.id)
    assert second.hold_ends is not None
    assert await hold_expiry.warn(damaged._storage, second.hold_ends - timedelta(minutes=1)) == 1
    over = second.hold_ends + timedelta(minutes=3)
    assert await hold_expiry.end_over(damaged._storage, react, over) == 1
    assert await state_of(selling_practice, tables.bookings, second.id) == "expired"
    assert await damaged.found() == [("bookings", str(first.id))]
    assert await hold_expiry.end_over(damaged._storage, react, over) == 0
    await damaged.mends(place, first.id, was)
    await damaged.looks_again()
    assert await hold_expiry.end_over(damaged._storage, react, over) == 1
    assert await damaged.found() == []


async def test_proposals_of_others_lapse(selling_practice: SellingPractice, damaged: Damaged) -> None:
    starts = await selling_practice.starts()
    booked = [await selling_practice.book(at, who) for at, who in zip(starts[:10:5], (CLIENT, guest(1)), strict=True)]
    for booking in booked:
        act = await selling_practice.act(OWNER)
        made(await selling_practice.moves.propose(act, booking.id, booking.version, starts[15]))
    was = await damaged.breaks(tables.bookings.c.place_kind, booked[0].id, "on-the-moon")
    assert await selling_practice.moves.lapse(booked[1].starts) == 1
    assert await state_of(selling_practice, tables.proposals, 1) == "open"
    await damaged.mends(tables.bookings.c.place_kind, booked[0].id, was)
    assert await selling_practice.moves.lapse(booked[1].starts) == 1
    assert await selling_practice.notices("proposal-answered") != []


async def test_events_of_others_are_applied(paid_practice: PaidPractice, damaged: Damaged) -> None:
    [events] = paid_practice.payments.work.inboxes
    for number in (1, 2):
        body = {"id": f"evt_{number}", "type": "charge.updated", "data": {"object": {"object": "charge"}}}
        put = partial(inbox.put, provider="stripe", external_id=f"evt_{number}", kind="charge.updated", payload=body)
        await paid_practice.storage.write(partial(put, now=paid_practice.now()))
    was = await damaged.breaks(tables.inbox.c.payload_sealed, 1)
    await events.apply_due(paid_practice.now())
    assert [state for _kind, state in await paid_practice.inbox()] == ["received", "ignored"]
    assert await damaged.found() == [("inbox", "1")]
    await damaged.mends(tables.inbox.c.payload_sealed, 1, was)
    damaged.now = paid_practice.now()
    await damaged.looks_again()
    paid_practice.advance(minutes=10)
    await events.apply_due(paid_practice.now())
    assert [state for _kind, state in await paid_practice.inbox()] == ["ignored", "ignored"]


@pytest.mark.parametrize("column", ["checkout_url_sealed", "parameters_sealed"])
async def test_pages_of_others_are_made(paid_practice: PaidPractice, damaged: Damaged, column: str) -> None:
    await held_by_two(paid_practice)
    [pages, _refunds] = paid_practice.payments.work.intents
    await damaged.breaks(tables.payments.c[column], 1)
    asked = sa.update(tables.payments).where(tables.payments.c.id == 1).values(asked_at=1)  # so its words are frozen
    await damaged._storage.write(lambda tx: tx.execute(asked))
    paid_practice.advance(seconds=30)
    await pages.due(paid_practice.now())
    assert await state_of(paid_practice, tables.payments, 2) == "open"
    assert ("payments", "1") in await damaged.found()


async def test_refunds_of_others_are_made(paid_practice: PaidPractice, damaged: Damaged) -> None:
    starts = await paid_practice.starts(paid_practice.paid, paid_practice.now() + timedelta(days=3))
    for at, who in zip(starts[:10:5], (CLIENT, guest(1)), strict=True):
        booking = await paid_practice.hold(at, who)
        await paid_practice.pays(await paid_practice.page(booking))
        await paid_practice.heard()
        await paid_practice.cancel(booking.id, who)
    was = await damaged.breaks(tables.refunds.c.failure, 1)
    await paid_practice.sweep()
    await paid_practice.heard()
    assert await state_of(paid_practice, tables.refunds, 2) == "succeeded"
    assert await state_of(paid_practice, tables.refunds, 1) == "intended"
    await damaged.mends(tables.refunds.c.failure, 1, was)
    damaged.now = paid_practice.now()
    await damaged.looks_again()
    await paid_practice.sweep(minutes=7)
    assert await state_of(paid_practice, tables.refunds, 1) == "succeeded"


async def test_a_person_whose_name_no_key_opens_is_told_from_others_by_number(
    selling_practice: SellingPractice, damaged: Damaged
) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])
    await damaged.breaks(tables.persons.c.name_sealed, booking.person_id)
    assert (await selling_practice.found(booking.id)).client_name == f"Person {booking.person_id}"
    assert await damaged.found() == [("persons", str(booking.person_id))]
    assert (await selling_practice.meet(CLIENT)).name == CLIENT.name  # their next word brings it
    await damaged.looks_again()
    assert await damaged.found() == []


async def test_a_person_who_cannot_be_read_keeps_no_list_from_being_read(
    selling_practice: SellingPractice, damaged: Damaged
) -> None:
    client = await selling_practice.meet(CLIENT)
    other = await selling_practice.meet(Profile(CLIENT.platform, "", "9", "9", "Nina"))
    await damaged.breaks(tables.persons.c.zone, client.id, "Mars/Olympus")
    found = await damaged._storage.read(lambda tx: people.find_many(tx, [client.id, other.id]))
    assert [each.id for each in found] == [other.id]
    with pytest.raises(CannotRead):
        await selling_practice.people.find(client.id)
