from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor
from bot.services.bookings.bookings import cancel_facts
from bot.services.notices.tellings import replan
from storage import tables
from storage.engine import Tx
from storage.people import people
from tests.services.counter import Counter
from tests.services.house import CLIENT, NOW, OWNER, done


async def wish(counter: Counter, person_id: int, now: datetime = NOW, **wishes: object) -> None:
    def work(tx: Tx) -> None:
        people.change(tx, person_id, **wishes)
        replan(tx, person_id, now)

    await counter.storage.write(work)


async def pending(counter: Counter, booking: Booking, person_id: int | None = None) -> list[timedelta]:
    rows = await counter.reminders(booking, person_id)
    return sorted(booking.starts - due for _address, due, state in rows if state == "pending")


async def test_each_side_chooses_its_own_reminders(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[-1])
    owner = await counter.meet(OWNER)
    hour, day = timedelta(hours=1), timedelta(hours=24)
    assert await pending(counter, booking) == await pending(counter, booking, owner.id) == [hour, day]

    await wish(counter, booking.person_id, leads=[120])
    assert await pending(counter, booking) == [2 * hour]
    await wish(counter, owner.id, reminders=0)
    assert await pending(counter, booking, owner.id) == []
    await wish(counter, booking.person_id, leads=None)
    await wish(counter, owner.id, reminders=1)
    assert await pending(counter, booking) == await pending(counter, booking, owner.id) == [hour, day]


async def test_a_lead_that_is_past_is_left_out_and_one_in_quiet_hours_goes_before_them(counter: Counter) -> None:
    starts = await counter.starts()
    soon = await counter.book(starts[0])
    assert await pending(counter, soon) == [timedelta(hours=1)]

    quiet_from = starts[-1].replace(hour=21, minute=0) - timedelta(days=1)  # 22:00 in Berlin
    await wish(counter, soon.person_id, leads=[600], zone="Europe/Berlin")
    later = await counter.book(starts[-1])
    assert await pending(counter, later) == [later.starts - quiet_from]


async def test_a_reminder_that_went_out_is_not_planned_again(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[-1])
    await wish(counter, booking.person_id, leads=[600], zone="Europe/Berlin")
    [early] = [due for _address, due, state in await counter.reminders(booking) if state == "pending"]
    quiet = early + timedelta(minutes=30)
    assert quiet < booking.starts - timedelta(minutes=600)  # its lead is still ahead, its due is past
    sent = sa.update(tables.outbox).where(
        tables.outbox.c.kind == "reminder", tables.outbox.c.person_id == booking.person_id,
        tables.outbox.c.state == "pending",
    )  # fmt: skip
    await counter.storage.write(lambda tx: tx.execute(sent.values(state="sent")))

    await wish(counter, booking.person_id, quiet, leads=[600, 60])

    assert await pending(counter, booking) == [timedelta(hours=1)]


async def test_nothing_is_planned_for_what_is_cancelled(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[-1])
    stated = cancel_facts(counter.bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
    done(await counter.bookings.cancel(await counter.act(CLIENT), booking.id, booking.version, stated))

    await wish(counter, booking.person_id, leads=[120])

    assert await pending(counter, booking) == []
