from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.bookings.reminders import ReminderKind
from bot.services.notices.notice_planning import plan_reminders, replan, tell_confirmed
from storage import tables
from storage.engine import Tx
from storage.notices import outbox
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


async def test_the_usual_one_comes_while_cancelling_is_still_free(selling_practice: SellingPractice) -> None:
    """For the client, whom it concerns; one that they chose themselves stays where it is."""
    booking = await selling_practice.buy((await selling_practice.starts())[-1])
    owner = await selling_practice.meet(OWNER)
    hour = timedelta(hours=1)
    assert await pending(selling_practice, booking) == [hour, 26 * hour]
    assert await pending(selling_practice, booking, owner.id) == [hour, 24 * hour]

    await wish(selling_practice, booking.person_id, leads=[1440, 60])
    assert await pending(selling_practice, booking) == [hour, 24 * hour]
    await wish(selling_practice, booking.person_id)
    assert await pending(selling_practice, booking) == [hour, 26 * hour]


async def test_one_kind_is_stopped_and_the_other_stays_as_usual(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.buy((await selling_practice.starts())[-1])
    people, hour = selling_practice.people, timedelta(hours=1)

    done(await people.stop_reminders(await selling_practice.act(CLIENT), ReminderKind.LAST_CALL))
    assert await pending(selling_practice, booking) == [26 * hour]
    done(await people.stop_reminders(await selling_practice.act(CLIENT), ReminderKind.EARLY))
    assert await pending(selling_practice, booking) == []
    done(await people.set_reminders(await selling_practice.act(CLIENT), None, on=True))
    assert await pending(selling_practice, booking) == [hour, 26 * hour]


async def test_nothing_is_left_to_plan_in_the_last_hour(selling_practice: SellingPractice) -> None:
    """Neither for who stops them then, nor for a session that is made or moved so late."""
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    late = booking.starts - timedelta(minutes=59)
    act = await selling_practice.act(CLIENT, late)
    done(await selling_practice.people.stop_reminders(act, ReminderKind.LAST_CALL))
    assert await pending(selling_practice, booking) == []
    await selling_practice.storage.write(lambda tx: tell_confirmed(tx, booking, late, None))
    await selling_practice.storage.write(lambda tx: plan_reminders(tx, booking, late))
    assert await pending(selling_practice, booking) == []


async def test_a_reminder_helps_until_the_next_one(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    rows = await selling_practice.storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject]))
    mine = [row.notice for row in rows if row.notice.kind == "reminder" and row.notice.person_id == booking.person_id]
    assert [each.expires for each in mine] == [booking.starts - timedelta(hours=1), booking.starts]


@pytest.mark.parametrize(("later", "again"), [(timedelta(hours=1), False), (timedelta(days=1), True)])
async def test_after_a_move_one_reminder_goes(selling_practice: SellingPractice, later: timedelta, again: bool) -> None:
    """The one that is out follows the move; where another will come, it says that the session was moved."""
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0] + timedelta(days=1))
    now = booking.starts - timedelta(hours=24)
    out = sa.update(tables.outbox).where(
        tables.outbox.c.kind == "reminder", tables.outbox.c.person_id == booking.person_id,
        tables.outbox.c.due <= int(now.timestamp()),
    )  # fmt: skip
    sent_then = out.values(state="sent", sent_at=int(now.timestamp()))
    await selling_practice.storage.write(lambda tx: tx.execute(sent_then))

    done(await selling_practice.move(CLIENT, booking, booking.starts + later, now + timedelta(minutes=5)))

    moved = await selling_practice.found(booking.id)
    hour = timedelta(hours=1)
    assert await pending(selling_practice, moved) == ([hour, 24 * hour] if again else [hour])
    [sent] = [address for address, _due, state in await selling_practice.reminders(moved) if state == "sent"]
    assert sent == (f"remind/{booking.id}/moved" if again else f"remind/{booking.id}/1440")
    await wish(selling_practice, booking.person_id, now + timedelta(minutes=6))
    assert await pending(selling_practice, moved) == ([hour, 24 * hour] if again else [hour])


async def test_nothing_is_planned_for_what_is_cancelled(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[-1])
    stated = cancel_facts(selling_practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
    done(
        await selling_practice.bookings.cancel(await selling_practice.act(CLIENT), booking.id, booking.version, stated)
    )

    await wish(selling_practice, booking.person_id, leads=[120])

    assert await pending(selling_practice, booking) == []
