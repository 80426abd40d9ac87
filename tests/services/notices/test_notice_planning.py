from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor
from bot.services.bookings.bookings import cancel_facts
from bot.services.notices.notice_planning import replan
from storage import tables
from storage.engine import Tx
from storage.people import person_changes
from tests.services.bare_practice import CLIENT, NOW, OWNER, done
from tests.services.selling_practice import SellingPractice


async def wish(
    selling_practice: SellingPractice,
    person_id: int,
    now: datetime = NOW,
    *,
    leads: Sequence[int] = (),
    on: bool = True,
    zone: str | None = None,
) -> None:
    def work(tx: Tx) -> None:
        person_changes.set_reminders(tx, person_id, leads, on=on)
        if zone is not None:
            person_changes.set_zone(tx, person_id, zone, "changed")
        replan(tx, person_id, now)

    await selling_practice.storage.write(work)


async def pending(selling_practice: SellingPractice, booking: Booking, person_id: int | None = None) -> list[timedelta]:
    rows = await selling_practice.reminders(booking, person_id)
    return sorted(booking.starts - due for _address, due, state in rows if state == "pending")


async def test_each_side_chooses_its_own_reminders(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    owner = await selling_practice.meet(OWNER)
    hour, day = timedelta(hours=1), timedelta(hours=24)
    assert await pending(selling_practice, booking) == await pending(selling_practice, booking, owner.id) == [hour, day]

    await wish(selling_practice, booking.person_id, leads=[120])
    assert await pending(selling_practice, booking) == [2 * hour]
    await wish(selling_practice, owner.id, on=False)
    assert await pending(selling_practice, booking, owner.id) == []
    await wish(selling_practice, booking.person_id)
    await wish(selling_practice, owner.id)
    assert await pending(selling_practice, booking) == await pending(selling_practice, booking, owner.id) == [hour, day]


async def test_a_lead_that_is_past_is_left_out_and_one_in_quiet_hours_goes_before_them(
    selling_practice: SellingPractice,
) -> None:
    starts = await selling_practice.starts()
    soon = await selling_practice.book(starts[0])
    assert await pending(selling_practice, soon) == [timedelta(hours=1)]

    quiet_from = starts[-1].replace(hour=21, minute=0) - timedelta(days=1)  # 22:00 in Berlin
    await wish(selling_practice, soon.person_id, leads=[600], zone="Europe/Berlin")
    later = await selling_practice.book(starts[-1])
    assert await pending(selling_practice, later) == [later.starts - quiet_from]


async def test_a_reminder_that_went_out_is_not_planned_again(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    await wish(selling_practice, booking.person_id, leads=[600], zone="Europe/Berlin")
    [early] = [due for _address, due, state in await selling_practice.reminders(booking) if state == "pending"]
    quiet = early + timedelta(minutes=30)
    assert quiet < booking.starts - timedelta(minutes=600)  # its lead is still ahead, its due is past
    sent = sa.update(tables.outbox).where(
        tables.outbox.c.kind == "reminder", tables.outbox.c.person_id == booking.person_id,
        tables.outbox.c.state == "pending",
    )  # fmt: skip
    await selling_practice.storage.write(lambda tx: tx.execute(sent.values(state="sent")))

    await wish(selling_practice, booking.person_id, quiet, leads=[600, 60])

    assert await pending(selling_practice, booking) == [timedelta(hours=1)]


async def test_nothing_is_planned_for_what_is_cancelled(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    stated = cancel_facts(selling_practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
    done(
        await selling_practice.bookings.cancel(await selling_practice.act(CLIENT), booking.id, booking.version, stated)
    )

    await wish(selling_practice, booking.person_id, leads=[120])

    assert await pending(selling_practice, booking) == []
