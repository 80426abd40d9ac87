"""The number at which a coach calls a client: given with the booking, changed until it is over, then deleted."""

from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.people import Person
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.bookings import bookings, client_numbers
from storage.engine import Storage, Tx
from storage.journal import drafts
from storage.notices import outbox

KEPT = timedelta(days=7)
"""Counted from the end of the session, or from when it was cancelled. The next booking until then proposes it again."""

TYPED, TYPED_KEPT = "number", timedelta(hours=1)


class ClientNumbers:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def known(self, person: Person, now: datetime) -> str | None:
        """What to propose to this client: what they typed within the hour, else what they gave with a booking."""

        def work(tx: Tx) -> str | None:
            return drafts.newest(tx, person.id, TYPED, now) or client_numbers.last_of(tx, person.id)

        return await self._storage.read(work)

    async def remember(self, person: Person, number: str, now: datetime) -> None:
        """Keep a number that was typed for a time which could not be had, so that it is not asked for anew."""
        ends = now + TYPED_KEPT
        await self._storage.write(lambda tx: drafts.put(tx, person.id, TYPED, number, expires=ends, now=now))

    async def change(self, act: Act, booking_id: int, number: str) -> Done | Refusal:
        """Give another number, as the booking's client. `{id}` is the booking. ALREADY_OVER once it has ended."""

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find(tx, booking_id)
            if booking is None or booking.person_id != act.person.id or not booking.terms.place.asks_number:
                return Refusal(Code.NOT_FOUND)
            if not can_change(booking, act.now):
                return Refusal(Code.ALREADY_OVER)
            client_numbers.put(tx, booking.id, number)
            drafts.drop(tx, act.person.id, TYPED)
            outbox.ask_correction(tx, booking.subject, act.now)
            note(tx, act, "booking.number_given", booking.subject)
            return booking.id

        return await once(self._storage, act, work)


def can_change(booking: Booking, now: datetime) -> bool:
    """Whether its client can still be called: also in the minutes after the start, when a wrong number is noticed."""
    return booking.state in {BookingState.HELD, BookingState.CONFIRMED} and now < booking.ends


def forget(tx: Tx, now: datetime, limit: int) -> int:
    """Delete at most `limit` numbers that were kept long enough, in messages too; returns how many."""
    over = client_numbers.forget(tx, now - KEPT, limit)
    for booking in over:
        outbox.ask_correction(tx, Subject("booking", booking), now)
    return len(over)
