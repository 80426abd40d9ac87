import asyncio
from dataclasses import replace

from bot.domain.bookings.bookings import BookingState
from bot.domain.refusals import Code, Done
from storage import tables
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, later, made, refused
from tests.services.selling_practice import HOLD, SellingPractice, guest


async def test_what_is_free_is_confirmed_at_once_and_both_are_told(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    booking = await selling_practice.book(at)

    owner, client = await selling_practice.meet(OWNER), await selling_practice.meet(CLIENT)
    assert (booking.state, booking.starts, booking.client_name) == (BookingState.CONFIRMED, at, "Clara Client")
    address = f"notice/booked/{booking.id}"
    assert await selling_practice.notices("booked") == [(client.id, address, "pending"), (owner.id, address, "pending")]
    assert await selling_practice.notices("hold") == []
    assert await selling_practice.notices("settle") == [(owner.id, f"notice/settle/{booking.id}", "pending")]
    assert (await selling_practice.trail())[-1:] == ["booking.confirmed"]


async def test_what_costs_money_is_held_until_it_is_paid(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    booking = await selling_practice.found(made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at)))

    client = await selling_practice.meet(CLIENT)
    assert (booking.state, booking.hold_ends) == (BookingState.HELD, NOW + HOLD)
    assert await selling_practice.notices("hold") == [(client.id, f"notice/hold/{booking.id}", "pending")]
    assert await selling_practice.notices("booked") == []
    assert await selling_practice.bookings.open_hold(client, NOW) == booking
    assert await selling_practice.reminders(booking) == []

    paid = await selling_practice.pay(booking.id)

    assert paid is not None
    assert (paid.state, paid.paid.amount, paid.hold_ends) == (BookingState.CONFIRMED, 4500, None)
    assert len(await selling_practice.notices("booked")) == 2
    assert [state for _person, _address, state in await selling_practice.notices("hold")] == ["cancelled"]
    assert await selling_practice.pay(booking.id) == paid
    assert len(await selling_practice.notices("booked")) == 2


async def test_twenty_who_want_one_time(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    quote = await selling_practice.quote(CLIENT, selling_practice.paid, at)
    acts = [await selling_practice.act(guest(number)) for number in range(20)]

    answers = await asyncio.gather(
        *(
            selling_practice.bookings.hold(act, selling_practice.paid.id, selling_practice.coach_id, at, quote.facts)
            for act in acts
        )
    )

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    for answer in answers:
        if not isinstance(answer, Done):
            assert len(refused(answer, Code.TAKEN).near) == 3
    assert await selling_practice.count(tables.sessions) == 1
    assert await selling_practice.count(tables.payments) == 1


async def test_one_update_delivered_many_times_books_once(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    quote = await selling_practice.quote(CLIENT, selling_practice.free, at)
    act = await selling_practice.act(CLIENT)

    answers = await asyncio.gather(
        *(
            selling_practice.bookings.hold(act, selling_practice.free.id, selling_practice.coach_id, at, quote.facts)
            for _again in range(6)
        )
    )

    assert len({done(answer).next for answer in answers}) == 1
    assert await selling_practice.count(tables.bookings) == 1


async def test_a_new_hold_takes_the_place_of_the_old_one(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    first = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, starts[0]))
    await selling_practice.page_opened(first)
    second = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, starts[4]))

    assert (await selling_practice.found(first)).state is BookingState.CANCELLED
    assert await selling_practice.bookings.open_hold(
        await selling_practice.meet(CLIENT), NOW
    ) == await selling_practice.found(second)
    assert starts[0] in await selling_practice.starts()


async def test_two_holds_of_one_person_at_once_leave_one(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    quotes = [await selling_practice.quote(CLIENT, selling_practice.paid, at) for at in starts[::4][:3]]
    acts = [await selling_practice.act(CLIENT) for _quote in quotes]

    await asyncio.gather(
        *(
            selling_practice.bookings.hold(
                act, selling_practice.paid.id, selling_practice.coach_id, quote.at, quote.facts
            )
            for act, quote in zip(acts, quotes, strict=True)
        )
    )

    held = [each for each in range(1, 4) if await _state(selling_practice, each) is BookingState.HELD]
    assert len(held) == 1


async def test_stated_facts_bind(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    quote = await selling_practice.quote(CLIENT, selling_practice.paid, at)
    await selling_practice.offers.change(
        await selling_practice.act(OWNER),
        selling_practice.paid.id,
        selling_practice.paid.version,
        price=replace(selling_practice.paid.price, amount=5000),
    )

    answer = await selling_practice.bookings.hold(
        await selling_practice.act(CLIENT), selling_practice.paid.id, selling_practice.coach_id, at, quote.facts
    )

    refused(answer, Code.CHANGED)
    assert await selling_practice.count(tables.sessions) == 0


async def test_a_booking_keeps_the_terms_it_was_made_under(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.buy((await selling_practice.starts())[0])
    offer = await selling_practice.offers.find(selling_practice.paid.id)
    assert offer is not None
    answer = await selling_practice.offers.change(
        await selling_practice.act(OWNER),
        offer.id,
        offer.version,
        price=replace(offer.price, amount=9900),
        length_min=25,
    )
    done(answer)

    assert (await selling_practice.found(booking.id)).terms == booking.terms


async def test_closed_offers_and_unknown_ones(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    person = await selling_practice.meet(CLIENT)
    refused(await selling_practice.bookings.quote(person, 999, None, at, NOW), Code.NOT_FOUND)
    refused(await selling_practice.bookings.quote(person, selling_practice.free.id, 999, at, NOW), Code.NOT_BY_COACH)
    done(
        await selling_practice.offers.pause(
            await selling_practice.act(OWNER), selling_practice.free.id, selling_practice.free.version
        )
    )
    refused(await selling_practice.bookings.quote(person, selling_practice.free.id, None, at, NOW), Code.OFFER_CLOSED)
    answer = await selling_practice.bookings.hold(
        await selling_practice.act(CLIENT), selling_practice.free.id, None, at, ()
    )
    refused(answer, Code.OFFER_CLOSED)


async def test_refusals_name_the_reason(selling_practice: SellingPractice) -> None:
    person = await selling_practice.meet(CLIENT)
    for minutes, reason in ((-60, "past"), (60, "notice"), (60 * 24 * 90, "horizon")):
        answer = await selling_practice.bookings.quote(
            person, selling_practice.free.id, selling_practice.coach_id, later(minutes), NOW
        )
        assert refused(answer, Code.NOT_BOOKABLE).reason == reason


async def test_lists(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    first, second = await selling_practice.book(starts[0]), await selling_practice.book(starts[6])
    client = await selling_practice.meet(CLIENT)

    assert await selling_practice.bookings.upcoming(client, NOW) == [first, second]
    assert await selling_practice.bookings.past(client, NOW) == []
    after = second.ends
    assert await selling_practice.bookings.upcoming(client, after) == []
    assert await selling_practice.bookings.past(client, after) == [second, first]
    assert await selling_practice.bookings.past(client, after, second.starts, 5) == [first]


async def test_acts_of_one_person_are_limited(selling_practice: SellingPractice) -> None:
    held = await selling_practice.found(
        made(await selling_practice.try_hold(CLIENT, selling_practice.paid, (await selling_practice.starts())[0]))
    )
    for _act in range(29):
        done(await selling_practice.messages.send(await selling_practice.act(CLIENT), held.id, "hello"))

    refused(await selling_practice.messages.send(await selling_practice.act(CLIENT), held.id, "hello"), Code.TOO_FAST)
    done(await selling_practice.messages.send(await selling_practice.act(CLIENT, later(2)), held.id, "hello"))


async def _state(selling_practice: SellingPractice, booking_id: int) -> BookingState | None:
    client = await selling_practice.meet(CLIENT)
    found = await selling_practice.bookings.find(client, booking_id, NOW)
    return None if found is None else found.state
