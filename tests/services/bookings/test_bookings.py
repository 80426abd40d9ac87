import asyncio
from dataclasses import replace

from bot.domain.bookings.bookings import BookingState
from bot.domain.refusals import Code, Done
from storage import tables
from tests.services.counter import HOLD, Counter, guest
from tests.services.house import CLIENT, NOW, OWNER, done, later, made, refused


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
