"""Puts a confirmed free session where a test needs it, past the rules of booking."""

from datetime import datetime, timedelta

from bot.domain.bookings.bookings import SessionState, Terms
from bot.domain.bookings.policy import Policy
from bot.domain.payments.money import Money
from bot.domain.people.people import Profile
from bot.domain.records import Cause
from bot.services.bookings import booking_changes
from bot.services.reactions import react
from storage import tables
from storage.bookings import bookings, sessions
from storage.engine import Tx
from storage.practice import offers
from tests.services.bare_practice import NOW, VIDEO, BarePractice

TERMS = Terms("Intro", 50, Money(0, "EUR"), VIDEO, Policy())


async def book(bare_practice: BarePractice, client: Profile, coach_id: int, at: datetime) -> int:
    """The id of a confirmed booking of the practice's first offer."""
    person = await bare_practice.meet(client)

    def work(tx: Tx) -> int:
        drawn = sessions.Drawn(tx.next_id(tables.sessions), tx.next_id(tables.bookings), tx.next_id(tables.orders))
        sessions.insert(
            tx, drawn.session_id, coach_id=coach_id, starts=at, length_min=50, state=SessionState.HELD,
            buffers_min=(10, 10),
        )  # fmt: skip
        new = bookings.NewBooking(
            id=drawn.booking_id,
            session_id=drawn.session_id,
            person_id=person.id,
            coach_id=coach_id,
            offer_id=offers.everything(tx)[0].id,
            terms=TERMS,
            client_zone="Europe/Berlin",
            coach_zone="Europe/Berlin",
            hold_ends=NOW + timedelta(minutes=15),
        )
        bookings.insert(tx, new, NOW)
        booking = bookings.find(tx, new.id)
        assert booking is not None
        assert booking_changes.confirm(tx, react, booking, Cause(None, "telegram", NOW)) is not None
        return new.id

    return await bare_practice.storage.write(work)
