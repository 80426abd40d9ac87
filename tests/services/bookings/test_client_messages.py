from datetime import timedelta

import sqlalchemy as sa

from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code
from storage import tables
from storage.bookings import waits
from storage.engine import Tx
from tests.services.bare_practice import CLIENT, MORNINGS, NOW, OWNER, done, later, made, refused
from tests.services.selling_practice import SellingPractice, guest


async def test_a_word_reaches_the_other_side_and_an_answer_comes_back(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])
    client, owner = await selling_practice.meet(CLIENT), await selling_practice.meet(OWNER)

    asked = made(
        await selling_practice.messages.send(await selling_practice.act(CLIENT), booking.id, "Which <b>door</b>?")
    )
    made(await selling_practice.messages.send(await selling_practice.act(OWNER), booking.id, "The left one"))

    assert [(person, state) for person, _address, state in await selling_practice.notices("message")] == [
        (owner.id, "pending"), (client.id, "pending"),
    ]  # fmt: skip
    found = await selling_practice.messages.find(owner, asked, NOW)
    assert found is not None
    assert (found.message.text, found.from_name) == ("Which <b>door</b>?", "Clara Client")
    assert await selling_practice.messages.find(await selling_practice.meet(guest(1)), asked, NOW) is None
    refused(
        await selling_practice.messages.send(await selling_practice.act(guest(1)), booking.id, "hi"), Code.NOT_FOUND
    )
    sealed = await selling_practice.storage.read(
        lambda tx: tx.execute(sa.select(tables.messages.c.text_sealed)).scalars().all()
    )
    assert not any("door" in text for text in sealed)


async def test_running_late(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])
    made_id = made(await selling_practice.messages.late(await selling_practice.act(CLIENT), booking.id, 10))

    found = await selling_practice.messages.find(await selling_practice.meet(OWNER), made_id, NOW)
    assert found is not None
    assert (found.message.late_min, found.message.text) == (10, "")
    refused(
        await selling_practice.messages.late(await selling_practice.act(CLIENT, booking.ends), booking.id, 5),
        Code.ALREADY_OVER,
    )


async def test_who_waits_is_told_once_and_the_coach_is_asked_once_a_day(selling_practice: SellingPractice) -> None:
    coach = await selling_practice.coach(selling_practice.coach_id)
    shut = HoursChange(dict.fromkeys(range(5), ()), {})
    done(await selling_practice.hours.save(await selling_practice.act(OWNER), coach.id, coach.version, shut))
    for who in (CLIENT, CLIENT, guest(1)):
        done(await selling_practice.waits.wait(await selling_practice.act(who), selling_practice.free.id, None))
    assert len(await selling_practice.notices("needs-hours")) == 1
    done(
        await selling_practice.waits.wait(
            await selling_practice.act(CLIENT, later(24 * 60)), selling_practice.free.id, None
        )
    )
    assert len(await selling_practice.notices("needs-hours")) == 2
    assert await selling_practice.count(tables.waits) == 2
    assert await selling_practice.waits.tell(NOW) == 0

    coach = await selling_practice.coach(selling_practice.coach_id)
    done(await selling_practice.hours.save(await selling_practice.act(OWNER), coach.id, coach.version, MORNINGS))
    assert await selling_practice.waits.tell(NOW) == 2
    assert await selling_practice.waits.tell(NOW + timedelta(days=1)) == 0
    assert [address for _person, address, _state in await selling_practice.notices("times-free")] == [
        f"free/{selling_practice.free.id}"
    ] * 2


async def test_wishes_that_cannot_be_met_keep_nobody_from_theirs(selling_practice: SellingPractice) -> None:
    """However many wait for an offer that nobody gives any more."""
    given_up = selling_practice.paid.id
    nobody = sa.delete(tables.offer_coaches).where(tables.offer_coaches.c.offer_id == given_up)
    many = [await selling_practice.meet(guest(number)) for number in range(5)]

    def wait(tx: Tx) -> None:
        tx.execute(nobody)
        blank = {"offer_id": given_up, "coach_id": None, "created_at": 0}
        tx.execute(sa.insert(tables.waits), [{"person_id": many[n % 5].id, **blank} for n in range(300)])
        waits.put(tx, many[0].id, selling_practice.free.id, None, NOW)

    await selling_practice.storage.write(wait)
    assert await selling_practice.waits.tell(NOW) == 1
    assert await selling_practice.notices("times-free") == [(many[0].id, f"free/{selling_practice.free.id}", "pending")]
