"""What one client can have ahead and try in a while: judged where several processes could each let one more pass."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.practice.client_limits import Limit
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from bot.services.bookings.bookings import Bookings, Quote
from bot.services.reactions import react
from bot.services.team.invitations import Invitations
from storage import tables
from tests.services.bare_practice import (
    CLIENT,
    DEPLOYMENT,
    FREE,
    MORNINGS,
    NOW,
    OWNER,
    VIDEO,
    done,
    later,
    made,
    refused,
)
from tests.services.selling_practice import PHONE, SellingPractice, guest


async def test_two_free_sessions_ahead_and_no_third(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    first, second, third, *_others = (await practice.starts())[::4]
    held = made(await practice.try_hold(CLIENT, practice.paid, third))
    one = await practice.book(first)
    assert (await practice.found(held)).state is BookingState.CANCELLED
    await practice.book(second)
    refusal = refused(await practice.try_hold(CLIENT, practice.free, third), Code.LIMIT)
    assert (refusal.reason, refusal.has, refusal.most) == (Limit.FREE, 2, 2)
    assert await practice.offers.closed_to(one.person_id, practice.free, NOW) == refusal
    quoted = await practice.bookings.quote(await practice.meet(CLIENT), practice.free.id, None, third, NOW)
    assert quoted == refusal
    await practice.book(third, guest(1))
    assert await practice.offers.closed_to(one.person_id, practice.paid, NOW) is None
    assert await practice.offers.closed_to(one.person_id, practice.free, one.ends) is None


async def test_a_refused_time_lets_go_of_nothing(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    first, second, third, fourth, *_others = (await practice.starts())[::4]
    await practice.book(first)
    await practice.book(second)
    held = made(await practice.try_hold(CLIENT, practice.paid, third))
    refused(await practice.try_hold(CLIENT, practice.free, fourth), Code.LIMIT)
    assert (await practice.found(held)).state is BookingState.HELD


async def test_four_of_one_offer_with_a_price_and_ten_in_all(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    starts = (await practice.starts())[::4]
    for at in starts[:4]:
        await practice.buy(at)
    refusal = refused(await practice.try_hold(CLIENT, practice.paid, starts[4]), Code.LIMIT)
    assert (refusal.reason, refusal.has, refusal.most) == (Limit.OF_OFFER, 4, 4)
    await practice.book(starts[4])
    await practice.allows(standing=5)
    refusal = refused(await practice.try_hold(CLIENT, practice.free, starts[5]), Code.LIMIT)
    assert (refusal.reason, refusal.has, refusal.most) == (Limit.STANDING, 5, 5)


async def test_what_is_above_a_lowered_limit_stays_and_can_be_moved(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    first, second, third, *_others = (await practice.starts())[::4]
    await practice.book(first)
    booking = await practice.book(second)
    await practice.allows(free=1)
    refusal = refused(await practice.try_hold(CLIENT, practice.free, third), Code.LIMIT)
    assert (refusal.has, refusal.most) == (2, 1)
    done(await practice.move(CLIENT, booking, third))
    [changed] = [line.entry for line in await practice.audit.recent() if line.entry.act == "practice.limits"]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["free"], changed.after["free"]) == (2, 1)


async def test_a_limit_has_its_range_and_its_owner(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    version = (await practice.practice.get()).version
    refused(await practice.practice.set_limits(await practice.act(CLIENT), version, {"free": 3}), Code.NOT_FOUND)
    beyond = refused(
        await practice.practice.set_limits(await practice.act(OWNER), version, {"free": 0}), Code.CONTRADICTION
    )
    assert beyond.reason == Limit.FREE
    refused(await practice.practice.set_limits(await practice.act(OWNER), version - 1, {"free": 3}), Code.CHANGED)
    await practice.allows(free=3)
    await practice.allows(free=2)
    kept = await practice.storage.read(lambda tx: tx.execute(sa.select(tables.practice.c.limits)).scalar())
    assert kept is None


async def test_two_processes_and_two_offers_together_let_no_more_pass(selling_practice: SellingPractice) -> None:
    """Of two coaches, so that no coach's lock orders them."""
    practice = selling_practice
    first, second, *_others = (await practice.starts())[::4]
    other = await _other_coach(practice)
    await practice.allows(standing=1)
    facts = {}
    for offer, coach, at in ((practice.free, practice.coach_id, first), (other[0], other[1], second)):
        quote = await practice.bookings.quote(await practice.meet(CLIENT), offer.id, coach, at, NOW)
        assert isinstance(quote, Quote), quote
        facts[coach] = (offer.id, at, quote.facts)
    trying = [
        Bookings(practice.storage, react).hold(await practice.act(CLIENT), offer_id, coach, at, stated, PHONE)
        for _process in range(2)
        for coach, (offer_id, at, stated) in facts.items()
    ]
    tried = await asyncio.gather(*trying)
    refusals = [each for each in tried if isinstance(each, Refusal)]
    assert len(refusals) == len(tried) - 1, tried


async def _other_coach(practice: SellingPractice) -> tuple[Offer, int]:
    invited = await practice.invite()
    coach_id = made(await practice.invitations.accept(await practice.act(guest(50)), invited.code))
    coach = await practice.coach(coach_id)
    done(await practice.hours.save(await practice.act(guest(50)), coach_id, coach.version, MORNINGS))
    done(await practice.coaches.set_place(await practice.act(guest(50)), coach_id, VIDEO))
    offered = await practice.offer(replace(FREE, name="Other intro", coach_ids=(coach_id,)))
    done(await practice.offers.open(await practice.act(OWNER), offered.id, offered.version))
    found = await practice.offers.find(offered.id)
    assert found is not None
    return found, coach_id


async def test_a_payment_for_a_hold_let_go_brings_no_session_above_the_limit(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    starts = (await practice.starts())[::4]
    before = made(await practice.try_hold(CLIENT, practice.paid, starts[0]))
    for at in starts[1:5]:
        await practice.buy(at)
    assert await practice.pay(before) is None
    assert (await practice.found(before)).state is BookingState.CANCELLED


async def test_times_are_held_so_often_in_a_while(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    first, second, *_others = (await practice.starts())[::4]
    await practice.allows(holds=2)
    for at in (first, second):
        made(await practice.try_hold(CLIENT, practice.paid, at))
    refusal = refused(await practice.try_hold(CLIENT, practice.paid, first), Code.LIMIT)
    assert (refusal.reason, refusal.again_in) == (Limit.HOLDS, 10)
    made(await practice.try_hold(CLIENT, practice.paid, first, NOW + timedelta(minutes=10)))


async def test_a_client_waits_for_so_many_times(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    await practice.allows(waits=1)
    done(await practice.waits.wait(await practice.act(CLIENT), practice.free.id, None))
    done(await practice.waits.wait(await practice.act(CLIENT), practice.free.id, None))
    refusal = refused(await practice.waits.wait(await practice.act(CLIENT), practice.paid.id, None), Code.LIMIT)
    assert (refusal.reason, refusal.has) == (Limit.WAITS, 1)


async def test_a_client_writes_so_much_in_a_while_and_a_coach_as_much_as_there_is(
    selling_practice: SellingPractice,
) -> None:
    practice = selling_practice
    [first, *_others] = await practice.starts()
    booking = await practice.book(first)
    await practice.allows(messages=2)
    for _word in range(2):
        done(await practice.messages.send(await practice.act(CLIENT), booking.id, "a word"))
        done(await practice.messages.send(await practice.act(OWNER), booking.id, "an answer"))
    refused(await practice.messages.send(await practice.act(CLIENT), booking.id, "one more"), Code.LIMIT)
    done(await practice.messages.send(await practice.act(OWNER), booking.id, "an answer"))
    done(await practice.messages.send(await practice.act(CLIENT, later(10)), booking.id, "later"))


async def test_wrong_codes_count_and_the_right_one_works_ten_minutes_later(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    invitations, invited = practice.invitations, await practice.invite()
    for number in range(5):
        refused(await invitations.accept(await practice.act(CLIENT, later(number)), "abcdefghjk"), Code.LINK_DEAD)
    again = refused(await invitations.accept(await practice.act(CLIENT, later(5)), invited.code), Code.LIMIT)
    assert (again.reason, again.again_in) == (Limit.WRONG_CODES, 5)
    done(await invitations.accept(await practice.act(CLIENT, later(10)), invited.code))


async def test_many_codes_at_once_are_no_more_than_one_after_the_other(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    desks = [Invitations(practice.storage, DEPLOYMENT) for _process in range(2)]
    acts = [await practice.act(CLIENT) for _each in range(12)]
    tried = await asyncio.gather(*(desks[n % 2].accept(act, f"code{n}") for n, act in enumerate(acts)))
    codes = [each.code for each in tried if isinstance(each, Refusal)]
    assert sorted(codes) == sorted([Code.LINK_DEAD] * 5 + [Code.LIMIT] * 7)
