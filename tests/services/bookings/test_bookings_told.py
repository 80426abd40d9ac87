"""What is told before the tap is what happens: through the service, down to the rows of money."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.bookings.bookings import Booking, BookingState, SessionState, Terms
from bot.domain.bookings.policy import Actor, Cancelled, Policy, cancel_facts
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done
from bot.services.bookings import booking_changes
from bot.services.reactions import react
from storage import tables
from storage.bookings import bookings, sessions
from storage.engine import Tx
from storage.payments import orders, paid_for, payments
from tests.services.bare_practice import NOW, OWNER, VIDEO, refused
from tests.services.selling_practice import SellingPractice, guest

PEOPLE = count()


@dataclass(frozen=True)
class Case:
    price: int
    policy: Policy
    minutes_before: int
    told_before: int
    actor: Actor
    given_back: int


cases = st.builds(
    Case,
    price=st.sampled_from([0, 1, 4500]),
    policy=st.builds(Policy, st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3)),
    minutes_before=st.integers(-120, 3100),
    told_before=st.sampled_from([0, 0, 1, 60, 1440]),
    actor=st.sampled_from(Actor),
    given_back=st.sampled_from([0, 0, 1]),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
@given(case=cases)
async def test_the_outcome_told_is_the_outcome_that_happens(selling_practice: SellingPractice, case: Case) -> None:
    who = guest(next(PEOPLE))
    starts = NOW + timedelta(days=next(PEOPLE))
    booking = await _sold(selling_practice, case, who_id=(await selling_practice.meet(who)).id, starts=starts)
    now = starts - timedelta(minutes=case.minutes_before)
    told_at = now - timedelta(minutes=case.told_before)
    told = selling_practice.bookings.cancel_outcome(booking, case.actor, told_at)

    act = await selling_practice.act(who if case.actor is Actor.CLIENT else OWNER, now)
    answer = await selling_practice.bookings.cancel(act, booking.id, booking.version, cancel_facts(told))

    after = await selling_practice.found(booking.id)
    if not isinstance(answer, Done):
        assert after == booking
        assert not told.allowed or refused(answer, answer.code).code in (Code.CHANGED, Code.ALREADY_OVER)
        now_told = selling_practice.bookings.cancel_outcome(booking, case.actor, now)
        assert not now_told.allowed or cancel_facts(now_told) != cancel_facts(told)
        return
    assert after.state is BookingState.CANCELLED
    refund = told.refund.amount if told.refund is not None else 0
    kept = told.kept.amount if told.kept is not None else 0
    assert await _refunded(selling_practice, booking.id) - case.given_back * (case.price > 0) == refund
    assert after.paid.amount == kept
    assert refund + kept == booking.paid.amount
    if told.becomes is Cancelled.BY_COACH:
        assert kept == 0


async def _sold(selling_practice: SellingPractice, case: Case, *, who_id: int, starts: datetime) -> Booking:
    """A confirmed booking under the case's terms, paid, perhaps with something given back already."""
    terms = Terms("Single", 50, Money(case.price, "EUR"), VIDEO, case.policy)
    early = starts - timedelta(days=30)

    def work(tx: Tx) -> Booking:
        drawn = sessions.Drawn(*map(tx.next_id, (tables.sessions, tables.bookings, tables.orders)))
        sessions.insert(
            tx, drawn.session_id, coach_id=selling_practice.coach_id, starts=starts, length_min=50,
            state=SessionState.HELD, buffers_min=(0, 0),
        )  # fmt: skip
        new = bookings.NewBooking(
            drawn.booking_id,
            drawn.session_id,
            who_id,
            selling_practice.coach_id,
            selling_practice.paid.id,
            terms,
            "Europe/Berlin",
            "Europe/Berlin",
            early,
            order_id=drawn.order_id if case.price else None,
        )
        bookings.insert(tx, new, early)
        held = bookings.find(tx, new.id)
        assert held is not None
        if case.price:
            orders.open_first(tx, held, early)
            payments.intend_first(tx, held, None, early)
            change = sa.update(tables.payments).where(tables.payments.c.booking_id == held.id)
            tx.execute(change.values(state="accepted", intent_ref=f"pi_{held.id}"))
        paid = bookings.find(tx, new.id)
        assert paid is not None
        confirmed = booking_changes.confirm(tx, react, paid, Cause(None, "stripe", early))
        assert confirmed is not None
        if case.price and case.given_back:
            paid_for.give_back(tx, confirmed.subject, Money(case.given_back, "EUR"), "coach", early)
        found = bookings.find(tx, new.id)
        assert found is not None
        return found

    return await selling_practice.storage.write(work)


async def _refunded(selling_practice: SellingPractice, booking_id: int) -> int:
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(tables.refunds.c.amount), 0))
        .join(tables.payments, tables.refunds.c.payment_id == tables.payments.c.id)
        .where(tables.payments.c.booking_id == booking_id)
    )
    return int(await selling_practice.storage.read(lambda tx: tx.execute(query).scalar_one()))
