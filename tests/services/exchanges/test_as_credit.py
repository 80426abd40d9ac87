"""A session in place of money: one of that offer, for 12 months; no money moves, and none can go back any more."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.people.people import Profile
from bot.domain.refusals import Code, Done, Refusal
from bot.services.disputes.disputes import Disputes
from bot.services.exchanges.as_credit import AsCredit, Instead
from storage import tables
from storage.credits import entries, holdings
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.disputes.selling_packages import dispute, disputed, ends, left
from tests.services.exchanges import switching
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_giving_back import gives, sold


async def told(practice: PaidPractice, booking: Booking) -> Instead:
    found = await AsCredit(practice.storage).look(booking, practice.now())
    assert isinstance(found, Instead), found
    return found


async def exchanges(practice: PaidPractice, booking: Booking, who: Profile = OWNER) -> Done | Refusal:
    instead = await told(practice, booking)
    return await AsCredit(practice.storage).give(await practice.act(who, practice.now()), booking.id, instead, "Sorry")


async def as_of_before(practice: PaidPractice) -> None:
    """As processes of before wrote it: nothing names the credits that are in the place of money."""
    nameless = sa.update(tables.refunds).values(grant_id=None)
    await practice.storage.write(lambda tx: tx.execute(nameless))


async def test_refund_as_credit(paid_practice: PaidPractice) -> None:
    """One session of that offer, 12 months, no money moves, no receipt of a refund."""
    booking = await sold(paid_practice)
    receipts, ledger = await paid_practice.count(tables.receipts), await paid_practice.ledger(booking.id)
    instead = await told(paid_practice, booking)
    assert (instead.amount, instead.offer_name) == (Money(4500, "EUR"), "Single")
    assert instead.until == datetime(2027, 12, 1, 23, tzinfo=UTC)
    made(await exchanges(paid_practice, booking))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert (held.credits.available, held.grant.offer_ids) == (1, frozenset({paid_practice.paid.id}))
    assert (held.grant.price, held.grant.expires_at) == (Money(4500, "EUR"), instead.until)
    [entry] = await paid_practice.storage.read(lambda tx: entries.of_grant(tx, held.grant.id))
    assert entry.why == "Sorry"
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert not paid_practice.sandbox.account.refunds
    assert await paid_practice.ledger(booking.id) == ledger
    assert await paid_practice.count(tables.receipts) == receipts
    assert [who for who, _address, _state in await paid_practice.notices("refunded")] == [booking.person_id]
    assert {"refund.as_credit", "credit.granted"} <= set(await paid_practice.trail())


async def test_what_became_a_credit_cannot_go_back_as_money(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    made(await exchanges(paid_practice, booking))
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount, after.owed.amount) == (BookingState.CONFIRMED, 0, 0)
    left = refused(await gives(paid_practice, after, 100), Code.UNRETURNABLE)
    assert left.reason == Unreturnable.NOTHING_LEFT
    outcome = paid_practice.bookings.cancel_outcome(after, Actor.COACH, paid_practice.now())
    assert not outcome.refund
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(seconds=1)
    assert not paid_practice.sandbox.account.refunds


async def test_of_what_is_left_after_a_part_went_back(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    done(await gives(paid_practice, booking, 2000))
    under_way = await AsCredit(paid_practice.storage).look(await paid_practice.found(booking.id), paid_practice.now())
    assert refused(under_way, Code.UNRETURNABLE).reason == Unreturnable.UNDER_WAY
    await paid_practice.sweep(seconds=1)
    after = await paid_practice.found(booking.id)
    assert (await told(paid_practice, after)).amount == Money(2500, "EUR")
    made(await exchanges(paid_practice, after))


async def test_who_gives_none_and_what_none_is_given_for(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    refused(await exchanges(paid_practice, booking, CLIENT), Code.NOT_FOUND)
    service, stale = AsCredit(paid_practice.storage), await told(paid_practice, booking)
    act = await paid_practice.act(OWNER, paid_practice.now())
    for _delivery in range(2):
        made(await service.give(act, booking.id, stale, "Sorry"))
    again = await paid_practice.act(OWNER, paid_practice.now())
    refused(await service.give(again, booking.id, stale, "Sorry"), Code.UNRETURNABLE)
    assert await paid_practice.count(tables.grants) == 1
    other = await sold(paid_practice)
    offer = paid_practice.paid
    done(await paid_practice.offers.archive(await paid_practice.act(OWNER), offer.id, offer.version))
    refused(await service.look(other, paid_practice.now()), Code.OFFER_CLOSED)


async def test_a_dispute_of_the_money_takes_the_credit_and_nobody_was_paid_twice(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    charge = (await paid_practice.payment(1)).charge_ref or ""
    made(await exchanges(paid_practice, booking))
    ref = await disputed(paid_practice, charge)
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert held.credits.available == 0
    await ends(paid_practice, ref, "lost")
    found = await Disputes(paid_practice.storage).page((await dispute(paid_practice, ref)).id)
    assert found is not None
    assert (found.twice.amount, found.left.amount) == (0, 0)
    other = await sold(paid_practice)
    await disputed(paid_practice, (await paid_practice.payment(2)).charge_ref or "")
    refusal = await AsCredit(paid_practice.storage).look(other, paid_practice.now())
    assert refused(refusal, Code.UNRETURNABLE).reason == Unreturnable.DISPUTED


async def test_a_dispute_of_either_charge_finds_the_credit_that_stands_for_both(paid_practice: PaidPractice) -> None:
    """The session had moved to a dearer offer, so that two charges had paid for it. Also one that was given before it
    was kept of which money."""
    double = await switching.offered(paid_practice, switching.LONG)
    booking = await switching.bought(paid_practice)
    await paid_practice.pays(await switching.asked(paid_practice, booking, double))
    await paid_practice.heard()
    made(await exchanges(paid_practice, await paid_practice.found(booking.id)))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert held.grant.price == Money(8000, "EUR")
    await as_of_before(paid_practice)
    for number in (1, 2):
        ref = await disputed(paid_practice, (await paid_practice.payment(number)).charge_ref or "")
        assert await left(paid_practice, held.grant.id) == (0, 0)
        found = await Disputes(paid_practice.storage).page((await dispute(paid_practice, ref)).id)
        assert found is not None
        assert (found.frozen, [each.id for each in found.sessions]) == (1, [booking.id])
        await ends(paid_practice, ref, "won")
        assert await left(paid_practice, held.grant.id) == (1, 0)
