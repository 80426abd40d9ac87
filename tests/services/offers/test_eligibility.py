"""Offers for new clients only, or once for each client: what is offered is bookable, and nothing else is."""

import asyncio
from dataclasses import replace

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.plans.rhythm import Rhythm
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from bot.services.offers import eligibility
from storage import tables
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, later, made, refused
from tests.services.plans.planning_practice import Planning
from tests.services.selling_practice import SellingPractice, guest


async def limited(practice: SellingPractice, offer: Offer, **settings: int) -> Offer:
    done(await practice.offers.change(await practice.act(OWNER), offer.id, offer.version, **settings))
    found = await practice.offers.find(offer.id)
    assert found is not None
    return found


async def offered(practice: SellingPractice) -> set[int]:
    person = await practice.meet(CLIENT)
    return {offer.id for offer in await practice.offers.open_to(person.id)}


async def test_once_for_each_client(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    practice.free = await limited(practice, practice.free, once_per_client=1)
    first, *_others, last = await practice.starts()
    assert practice.free.id in await offered(practice)
    booking = await practice.book(first)
    assert practice.free.id not in await offered(practice)
    refused(await practice.try_hold(CLIENT, practice.free, last), Code.ONCE_PER_CLIENT)
    done(await practice.try_hold(guest(1), practice.free, last))
    assert practice.paid.id in await offered(practice)
    outcome = practice.bookings.cancel_outcome(booking, Actor.CLIENT, later(1))
    act = await practice.act(CLIENT, later(1))
    done(await practice.bookings.cancel(act, booking.id, booking.version, cancel_facts(outcome)))
    assert practice.free.id in await offered(practice)
    done(await practice.try_hold(CLIENT, practice.free, first))


async def test_for_new_clients_only(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    practice.free = await limited(practice, practice.free, new_clients_only=1)
    first, *_others, last = await practice.starts()
    held = made(await practice.try_hold(CLIENT, practice.paid, first))
    assert practice.free.id in await offered(practice)  # what is not paid yet makes nobody a client
    await practice.pay(held)
    assert await offered(practice) == {practice.paid.id}
    refused(await practice.try_hold(CLIENT, practice.free, last), Code.NEW_CLIENTS_ONLY)
    act = await practice.act(CLIENT)
    refused(await practice.bookings.hold(act, practice.free.id, None, last, ()), Code.NEW_CLIENTS_ONLY)


async def test_of_two_at_once_one_is_booked(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    practice.free = await limited(practice, practice.free, once_per_client=1)
    first, *_others, last = await practice.starts()
    both = await asyncio.gather(
        practice.try_hold(CLIENT, practice.free, first), practice.try_hold(CLIENT, practice.free, last)
    )
    assert sorted(type(each).__name__ for each in both) in (["Booked", "Refusal"], ["Done", "Refusal"])


async def test_a_hold_that_was_let_go_does_not_come_back_beside_another(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    practice.paid = await limited(practice, practice.paid, once_per_client=1)
    first, *_others, last = await practice.starts()
    before = made(await practice.try_hold(CLIENT, practice.paid, first))
    await practice.buy(last)
    assert await practice.pay(before) is None
    assert (await practice.found(before)).state is BookingState.CANCELLED


async def test_a_hold_stands_although_the_offer_is_closed_to_its_client_meanwhile(
    selling_practice: SellingPractice,
) -> None:
    practice = selling_practice
    first, *_others, last = await practice.starts()
    await practice.book(last)
    held = made(await practice.try_hold(CLIENT, practice.paid, first))
    await limited(practice, practice.paid, new_clients_only=1)
    assert await practice.pay(held) is not None


async def test_a_date_of_a_plan_that_moves_does_not_stand_in_its_own_way(selling_practice: SellingPractice) -> None:
    """Whichever it is: with the others it counts as one, and by itself where nothing is to be paid."""
    practice, planning = selling_practice, Planning(selling_practice)
    await planning.give(3)
    dates = await planning.of(made(await planning.books(planning.plan(Rhythm(3, 3, 540, 1)))))
    await practice.allows(of_offer=1, standing=1)
    new_only = await limited(practice, practice.free, new_clients_only=1)

    async def against(booking: Booking, offer: Offer) -> Refusal | None:
        return await practice.storage.read(lambda tx: eligibility.refusal_but(tx, offer, booking, NOW))

    for each in (dates[0], dates[2]):
        assert await against(each, practice.paid) is None
        refused(await against(each, new_only), Code.NEW_CLIENTS_ONLY)
    free = sa.update(tables.bookings).where(tables.bookings.c.id.in_([dates[1].id, dates[2].id]))
    await practice.storage.write(lambda tx: tx.execute(free.values(offer_id=practice.free.id, price=0)))
    open_to_all = replace(new_only, new_clients_only=0)
    assert refused(await against(dates[0], open_to_all), Code.LIMIT).has == 2
    assert await against(dates[2], open_to_all) is None
    whose = dates[0].person_id
    another = await practice.storage.read(lambda tx: eligibility.refusal(tx, practice.paid, whose, NOW))
    assert refused(another, Code.LIMIT).has == 1, "a plan of two offers is one plan"
