from datetime import timedelta

import sqlalchemy as sa

from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code
from storage import tables
from storage.bookings import waits
from storage.engine import Tx
from tests.services.counter import Counter, guest
from tests.services.house import CLIENT, MORNINGS, NOW, OWNER, done, later, made, refused


async def test_a_word_reaches_the_other_side_and_an_answer_comes_back(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])
    client, owner = await counter.meet(CLIENT), await counter.meet(OWNER)

    asked = made(await counter.messages.send(await counter.act(CLIENT), booking.id, "Which <b>door</b>?"))
    made(await counter.messages.send(await counter.act(OWNER), booking.id, "The left one"))

    assert [(person, state) for person, _address, state in await counter.notices("message")] == [
        (owner.id, "pending"), (client.id, "pending"),
    ]  # fmt: skip
    found = await counter.messages.find(owner, asked)
    assert found is not None
    assert (found.message.text, found.from_name) == ("Which <b>door</b>?", "Clara Client")
    assert await counter.messages.find(await counter.meet(guest(1)), asked) is None
    refused(await counter.messages.send(await counter.act(guest(1)), booking.id, "hi"), Code.NOT_FOUND)
    sealed = await counter.storage.read(lambda tx: tx.execute(sa.select(tables.messages.c.text_sealed)).scalars().all())
    assert not any("door" in text for text in sealed)


async def test_running_late(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])
    made_id = made(await counter.messages.late(await counter.act(CLIENT), booking.id, 10))

    found = await counter.messages.find(await counter.meet(OWNER), made_id)
    assert found is not None
    assert (found.message.late_min, found.message.text) == (10, "")
    refused(await counter.messages.late(await counter.act(CLIENT, booking.ends), booking.id, 5), Code.ALREADY_OVER)


async def test_who_waits_is_told_once_and_the_coach_is_asked_once_a_day(counter: Counter) -> None:
    coach = await counter.coach(counter.coach_id)
    shut = HoursChange(dict.fromkeys(range(5), ()), {})
    done(await counter.hours.save(await counter.act(OWNER), coach.id, coach.version, shut))
    for who in (CLIENT, CLIENT, guest(1)):
        done(await counter.messages.wait(await counter.act(who), counter.free.id, None))
    assert len(await counter.notices("needs-hours")) == 1
    done(await counter.messages.wait(await counter.act(CLIENT, later(24 * 60)), counter.free.id, None))
    assert len(await counter.notices("needs-hours")) == 2
    assert await counter.count(tables.waits) == 2
    assert await counter.messages.tell_waiting(NOW) == 0

    coach = await counter.coach(counter.coach_id)
    done(await counter.hours.save(await counter.act(OWNER), coach.id, coach.version, MORNINGS))
    assert await counter.messages.tell_waiting(NOW) == 2
    assert await counter.messages.tell_waiting(NOW + timedelta(days=1)) == 0
    assert [address for _person, address, _state in await counter.notices("times-free")] == [
        f"free/{counter.free.id}"
    ] * 2


async def test_wishes_that_cannot_be_met_keep_nobody_from_theirs(counter: Counter) -> None:
    """However many wait for an offer that nobody gives any more."""
    given_up = counter.paid.id
    nobody = sa.delete(tables.offer_coaches).where(tables.offer_coaches.c.offer_id == given_up)
    many = [await counter.meet(guest(number)) for number in range(5)]

    def wait(tx: Tx) -> None:
        tx.execute(nobody)
        blank = {"offer_id": given_up, "coach_id": None, "created_at": 0}
        tx.execute(sa.insert(tables.waits), [{"person_id": many[n % 5].id, **blank} for n in range(300)])
        waits.put(tx, many[0].id, counter.free.id, None, NOW)

    await counter.storage.write(wait)
    assert await counter.messages.tell_waiting(NOW) == 1
    assert await counter.notices("times-free") == [(many[0].id, f"free/{counter.free.id}", "pending")]
