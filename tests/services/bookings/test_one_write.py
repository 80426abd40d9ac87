"""All rows of a booking are written together, and what the database refuses then has words for the person."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.changes import Change
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.people.people import Profile
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import reschedule_tx, take_hold
from bot.services.bookings.bookings import Bookings
from bot.services.kit.idempotent import once
from bot.services.reactions import react
from storage.bookings.bookings import ANOTHER_HOLD
from storage.engine import Overlap, Tx, Violation
from storage.practice import catalogue
from storage.tables import leases
from tests.services.bare_practice import CLIENT, NOW, done, made
from tests.services.selling_practice import PHONE, SellingPractice, guest
from tests.support.servers.statements import asked

KEEPS = sa.insert(leases)


def keeps(tx: Tx, change: Change) -> None:
    """A reaction that writes a row of its own, as a feature to come will."""
    react(tx, change)
    tx.batch_insert(KEEPS, {"name": "of a feature to come", "owner": "me", "epoch": 1, "until": 0})


@pytest.mark.postgres
async def test_a_new_kind_of_row_costs_no_further_trip(selling_practice: SellingPractice) -> None:
    if not await selling_practice.storage.read(lambda tx: tx.postgres):
        pytest.skip("on SQLite a statement is no trip")
    warm, first, second, *_later = (await selling_practice.starts())[::4]
    await selling_practice.meet(guest(1))
    await selling_practice.book(warm)
    with asked() as before:
        await selling_practice.book(first)
    selling_practice.bookings = Bookings(selling_practice.storage, keeps)
    with asked() as after:
        await selling_practice.book(second, guest(1))
    count = sa.select(sa.func.count()).select_from(leases)
    assert await selling_practice.storage.read(lambda tx: tx.execute(count).scalar()) == 1
    assert len(after) == len(before)


@pytest.mark.postgres
async def test_what_is_changed_goes_along_with_what_is_new(selling_practice: SellingPractice) -> None:
    """A booking over another's hold that is over, an own hold that is replaced, a move and a cancel: of each the last
    statement writes it all."""
    if not await selling_practice.storage.read(lambda tx: tx.postgres):
        pytest.skip("on SQLite a statement is no trip")
    paid, bookings = selling_practice.paid, selling_practice.bookings
    first, second, third, other, *_later, last = (await selling_practice.starts(paid))[::4]
    await selling_practice.book(last)
    _held, booked = await hold(selling_practice, second)
    held, replaced = await hold(selling_practice, first)
    assert (_writes(booked), _writes(replaced)) == (METERED, METERED)
    assert len(replaced) == len(booked) + 1  # the order that ends is read

    later = NOW + timedelta(hours=1)
    _held, over = await hold(selling_practice, first, guest(1), later)
    assert (await selling_practice.found(held)).state is BookingState.EXPIRED
    assert (_writes(over), len(over)) == (METERED, len(booked) + 2)  # and what was paid for it

    booking = await selling_practice.buy(third, guest(2))
    stated = reschedule_tx.stated_facts(booking, selling_practice.moves.outcome(booking, NOW))
    act = await selling_practice.act(guest(2))
    with asked() as moved:
        done(await selling_practice.moves.move(act, booking.id, other, stated))
    assert (_writes(moved), len(moved)) == (MARKED, 6)

    booking = await selling_practice.found(booking.id)
    facts = cancel_facts(bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
    act = await selling_practice.act(guest(2))
    with asked() as cancelled:
        done(await bookings.cancel(act, booking.id, booking.version, facts))
    assert (_writes(cancelled), len(cancelled)) == (MARKED, 5)


MARKED, METERED = 2, 3
"""Statements that write: the act's mark, what is counted of holds, and all the rest at once."""


def _writes(statements: list[str]) -> int:
    return sum(any(word in each for word in ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")) for each in statements)


async def hold(
    practice: SellingPractice, at: datetime, who: Profile = CLIENT, now: datetime = NOW
) -> tuple[int, list[str]]:
    """The booking, and what the tap on a button asked whose page was drawn before."""
    act = await practice.act(who, now)
    coach = (await catalogue.current(practice.storage)).coach[practice.coach_id]
    quote = take_hold.quote(practice.paid, coach, practice.coach_id, at)
    with asked() as statements:
        taken = await practice.bookings.hold(act, practice.paid.id, practice.coach_id, at, quote.facts, PHONE)
    return made(taken), statements


@pytest.mark.parametrize(
    ("violated", "code"), [(Overlap(), Code.TAKEN), (Violation(ANOTHER_HOLD), Code.CHANGED), (Violation("other"), None)]
)
async def test_what_is_refused_at_the_end_is_told_by_the_constraints_name(
    selling_practice: SellingPractice, violated: Violation, code: Code | None
) -> None:
    def work(_tx: Tx) -> int:
        raise violated

    asks = once(selling_practice.storage, await selling_practice.act(CLIENT), work)
    if code is None:
        with pytest.raises(Violation):
            await asks
    else:
        assert await asks == Refusal(code)
