import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.bookings import BookingState
from bot.domain.policy import Actor
from bot.domain.refusals import Code, Done
from bot.services import holds
from bot.services.bookings import cancel_facts
from storage import tables
from storage.engine import Storage
from tests.services.counter import HOLD, Counter, guest
from tests.services.house import ANA, CLIENT, NOW, OWNER, done, later, made, refused


@pytest.fixture
async def counter(storage: Storage) -> Counter:
    return await Counter(storage).open()


async def test_what_is_free_is_confirmed_at_once_and_both_are_told(counter: Counter) -> None:
    at = (await counter.starts())[0]
    booking = await counter.book(at)

    owner, client = await counter.meet(OWNER), await counter.meet(CLIENT)
    assert (booking.state, booking.starts, booking.client_name) == (BookingState.CONFIRMED, at, "Clara Client")
    address = f"notice/booked/{booking.id}"
    assert await counter.notices("booked") == [(client.id, address, "pending"), (owner.id, address, "pending")]
    assert await counter.notices("hold") == []
    assert await counter.notices("settle") == [(owner.id, f"notice/settle/{booking.id}", "pending")]
    assert (await counter.trail())[-1:] == ["booking.confirmed"]


async def test_what_costs_money_is_held_until_it_is_paid(counter: Counter) -> None:
    at = (await counter.starts())[0]
    booking = await counter.found(made(await counter.try_hold(CLIENT, counter.paid, at)))

    client = await counter.meet(CLIENT)
    assert (booking.state, booking.hold_ends) == (BookingState.HELD, NOW + HOLD)
    assert await counter.notices("hold") == [(client.id, f"notice/hold/{booking.id}", "pending")]
    assert await counter.notices("booked") == []
    assert await counter.bookings.open_hold(client, NOW) == booking
    assert await counter.reminders(booking) == []

    paid = await counter.pay(booking.id)

    assert paid is not None
    assert (paid.state, paid.paid.amount, paid.hold_ends) == (BookingState.CONFIRMED, 4500, None)
    assert len(await counter.notices("booked")) == 2
    assert [state for _person, _address, state in await counter.notices("hold")] == ["cancelled"]
    assert await counter.pay(booking.id) == paid
    assert len(await counter.notices("booked")) == 2


async def test_twenty_who_want_one_time(counter: Counter) -> None:
    at = (await counter.starts())[0]
    quote = await counter.quote(CLIENT, counter.paid, at)
    acts = [await counter.act(guest(number)) for number in range(20)]

    answers = await asyncio.gather(
        *(counter.bookings.hold(act, counter.paid.id, counter.coach_id, at, quote.facts) for act in acts)
    )

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    for answer in answers:
        if not isinstance(answer, Done):
            assert len(refused(answer, Code.TAKEN).facts["near"]) == 3  # type: ignore[arg-type]
    assert await counter.count(tables.sessions) == 1
    assert await counter.count(tables.payments) == 1


async def test_one_update_delivered_many_times_books_once(counter: Counter) -> None:
    at = (await counter.starts())[0]
    quote = await counter.quote(CLIENT, counter.free, at)
    act = await counter.act(CLIENT)

    answers = await asyncio.gather(
        *(counter.bookings.hold(act, counter.free.id, counter.coach_id, at, quote.facts) for _again in range(6))
    )

    assert len({done(answer).next for answer in answers}) == 1
    assert await counter.count(tables.bookings) == 1


async def test_a_new_hold_takes_the_place_of_the_old_one(counter: Counter) -> None:
    starts = await counter.starts()
    first = made(await counter.try_hold(CLIENT, counter.paid, starts[0]))
    await counter.page_opened(first)
    second = made(await counter.try_hold(CLIENT, counter.paid, starts[4]))

    assert (await counter.found(first)).state is BookingState.CANCELLED
    assert await counter.bookings.open_hold(await counter.meet(CLIENT), NOW) == await counter.found(second)
    assert starts[0] in await counter.starts()


async def test_two_holds_of_one_person_at_once_leave_one(counter: Counter) -> None:
    starts = await counter.starts()
    quotes = [await counter.quote(CLIENT, counter.paid, at) for at in starts[::4][:3]]
    acts = [await counter.act(CLIENT) for _quote in quotes]

    await asyncio.gather(
        *(
            counter.bookings.hold(act, counter.paid.id, counter.coach_id, quote.at, quote.facts)
            for act, quote in zip(acts, quotes, strict=True)
        )
    )

    held = [each for each in range(1, 4) if await _state(counter, each) is BookingState.HELD]
    assert len(held) == 1


async def test_stated_facts_bind(counter: Counter) -> None:
    at = (await counter.starts())[0]
    quote = await counter.quote(CLIENT, counter.paid, at)
    await counter.offers.change(
        await counter.act(OWNER), counter.paid.id, counter.paid.version, price=replace(counter.paid.price, amount=5000)
    )

    answer = await counter.bookings.hold(
        await counter.act(CLIENT), counter.paid.id, counter.coach_id, at, quote.facts
    )

    refused(answer, Code.CHANGED)
    assert await counter.count(tables.sessions) == 0


async def test_a_booking_keeps_the_terms_it_was_made_under(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[0])
    offer = await counter.offers.find(counter.paid.id)
    assert offer is not None
    answer = await counter.offers.change(
        await counter.act(OWNER), offer.id, offer.version, price=replace(offer.price, amount=9900), length_min=25
    )
    done(answer)

    assert (await counter.found(booking.id)).terms == booking.terms


async def test_closed_offers_and_unknown_ones(counter: Counter) -> None:
    at = (await counter.starts())[0]
    person = await counter.meet(CLIENT)
    refused(await counter.bookings.quote(person, 999, None, at, NOW), Code.NOT_FOUND)
    refused(await counter.bookings.quote(person, counter.free.id, 999, at, NOW), Code.COACH_AWAY)
    done(await counter.offers.pause(await counter.act(OWNER), counter.free.id, counter.free.version))
    refused(await counter.bookings.quote(person, counter.free.id, None, at, NOW), Code.OFFER_CLOSED)
    answer = await counter.bookings.hold(await counter.act(CLIENT), counter.free.id, None, at, ())
    refused(answer, Code.OFFER_CLOSED)


async def test_refusals_name_the_reason(counter: Counter) -> None:
    person = await counter.meet(CLIENT)
    for minutes, reason in ((-60, "past"), (60, "notice"), (60 * 24 * 90, "horizon")):
        answer = await counter.bookings.quote(person, counter.free.id, counter.coach_id, later(minutes), NOW)
        assert refused(answer, Code.NOT_BOOKABLE).facts["reason"] == reason


# -- holds and time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("opened", "after_s", "free"), [
    (False, 1, True),  # nobody ever saw a page to pay on
    (True, 1, False),  # somebody may be paying
    (True, 121, True),
    (False, -1, False),
])  # fmt: skip
async def test_an_ended_hold_makes_way_when_nobody_can_pay(
    counter: Counter, opened: bool, after_s: int, free: bool
) -> None:
    at = (await counter.starts())[0]
    held = made(await counter.try_hold(CLIENT, counter.paid, at))
    if opened:
        await counter.page_opened(held)
    now = NOW + HOLD + timedelta(seconds=after_s)

    assert (at in await counter.starts(after=now)) == free
    assert isinstance(await counter.try_hold(guest(1), counter.paid, at, now), Done) == free
    assert (await counter.found(held)).state is (BookingState.EXPIRED if free else BookingState.HELD)


async def test_time_ends_a_hold_once_its_page_is_closed(counter: Counter) -> None:
    at = (await counter.starts())[0]
    held = made(await counter.try_hold(CLIENT, counter.paid, at))
    await counter.page_opened(held)
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=9)) == 0
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=10)) == 1
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=11)) == 0

    assert await holds.end_over(counter.storage, NOW + HOLD) == 0
    assert await _payment_state(counter) == "closing"
    await counter.page_closed(held)
    assert await holds.end_over(counter.storage, NOW + HOLD + timedelta(seconds=5)) == 1

    assert (await counter.found(held)).ended_by == "time"
    assert at in await counter.starts()


async def test_late_money_brings_a_hold_back_while_its_time_is_free(counter: Counter) -> None:
    at = (await counter.starts())[0]
    first = made(await counter.try_hold(CLIENT, counter.paid, at))
    await holds.end_over(counter.storage, NOW + HOLD)
    assert (await counter.found(first)).state is BookingState.EXPIRED

    back = await counter.pay(first, NOW + HOLD * 2)

    assert back is not None
    assert back.state is BookingState.CONFIRMED
    assert at not in await counter.starts()


async def test_late_money_finds_the_time_taken(counter: Counter) -> None:
    at = (await counter.starts())[0]
    first = made(await counter.try_hold(CLIENT, counter.paid, at))
    await holds.end_over(counter.storage, NOW + HOLD)
    await counter.book(at, guest(1), NOW + HOLD)

    assert await counter.pay(first, NOW + HOLD * 2) is None
    assert (await counter.found(first)).state is BookingState.EXPIRED


async def test_letting_a_hold_go(counter: Counter) -> None:
    at = (await counter.starts())[0]
    held = await counter.found(made(await counter.try_hold(CLIENT, counter.paid, at)))
    refused(await counter.bookings.release(await counter.act(ANA), held.id, held.version), Code.NOT_FOUND)
    refused(await counter.bookings.release(await counter.act(CLIENT), held.id, 7), Code.CHANGED)
    done(await counter.bookings.release(await counter.act(CLIENT), held.id, held.version))
    refused(await counter.bookings.release(await counter.act(CLIENT), held.id, held.version), Code.HOLD_OVER)
    booking = await counter.buy(at)
    refused(await counter.bookings.release(await counter.act(CLIENT), booking.id, booking.version), Code.ALREADY_PAID)


# -- cancel ----------------------------------------------------------------------------------------------


async def test_a_client_cancels_in_time(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[-1])
    outcome, _move = counter.bookings.outcomes(booking, Actor.CLIENT, NOW)
    stated = cancel_facts(outcome)
    act = await counter.act(CLIENT)

    done(await counter.bookings.cancel(act, booking.id, booking.version, stated))
    done(await counter.bookings.cancel(act, booking.id, booking.version, stated))

    owner = await counter.meet(OWNER)
    assert await counter.refunds() == [(4500, "policy")]
    assert await counter.notices("cancelled") == [(owner.id, f"notice/cancelled/{booking.id}", "pending")]
    assert {state for _address, _due, state in await counter.reminders(booking)} == {"cancelled"}
    ended = await counter.found(booking.id)
    assert (ended.state, ended.ended_by, ended.paid.amount) == (BookingState.CANCELLED, "client", 0)
    answer = await counter.bookings.cancel(await counter.act(CLIENT), booking.id, ended.version, stated)
    refused(answer, Code.ALREADY_OVER)


async def test_a_button_that_said_free_cannot_cost_a_minute_later(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[-1])
    outcome, _move = counter.bookings.outcomes(booking, Actor.CLIENT, NOW)
    late = booking.starts - timedelta(hours=23)

    answer = await counter.bookings.cancel(
        await counter.act(CLIENT, late), booking.id, booking.version, cancel_facts(outcome)
    )

    refused(answer, Code.CHANGED)
    assert (await counter.found(booking.id)).state is BookingState.CONFIRMED


async def test_the_coach_always_gives_everything_back(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[0])
    now = booking.starts - timedelta(hours=1)
    outcome, _move = counter.bookings.outcomes(booking, Actor.COACH, now)

    done(
        await counter.bookings.cancel(
            await counter.act(OWNER, now), booking.id, booking.version, cancel_facts(outcome), "I am ill"
        )
    )

    client = await counter.meet(CLIENT)
    assert await counter.refunds() == [(4500, "coach")]
    assert await counter.notices("cancelled") == [(client.id, f"notice/cancelled/{booking.id}", "pending")]
    assert (await counter.found(booking.id)).end_reason == "I am ill"
    assert "ill" not in str([line.entry for line in await counter.audit.recent(limit=50)])


async def test_who_may_see_and_cancel(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])

    for who, sees in ((CLIENT, True), (OWNER, True), (guest(1), False)):
        assert (await counter.bookings.find(await counter.meet(who), booking.id) is not None) == sees
    answer = await counter.bookings.cancel(await counter.act(guest(1)), booking.id, booking.version, ())
    refused(answer, Code.NOT_FOUND)


async def test_lists(counter: Counter) -> None:
    starts = await counter.starts()
    first, second = await counter.book(starts[0]), await counter.book(starts[6])
    client = await counter.meet(CLIENT)

    assert await counter.bookings.upcoming(client, NOW) == [first, second]
    assert await counter.bookings.past(client, NOW) == []
    after = second.ends
    assert await counter.bookings.upcoming(client, after) == []
    assert await counter.bookings.past(client, after) == [second, first]
    assert await counter.bookings.past(client, after, second.starts, 5) == [first]


async def test_acts_of_one_person_are_limited(counter: Counter) -> None:
    held = await counter.found(made(await counter.try_hold(CLIENT, counter.paid, (await counter.starts())[0])))
    for _act in range(29):
        done(await counter.messages.send(await counter.act(CLIENT), held.id, "hello"))

    refused(await counter.messages.send(await counter.act(CLIENT), held.id, "hello"), Code.TOO_FAST)
    done(await counter.messages.send(await counter.act(CLIENT, later(2)), held.id, "hello"))


async def _state(counter: Counter, booking_id: int) -> BookingState | None:
    client = await counter.meet(CLIENT)
    found = await counter.bookings.find(client, booking_id)
    return None if found is None else found.state


async def _payment_state(counter: Counter) -> str:
    query = tables.payments.select()
    return str(await counter.storage.read(lambda tx: tx.execute(query).one().state))


