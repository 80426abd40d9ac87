"""Calendar files of sessions: who has one is told when it is no longer right."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.people import Person
from bot.domain.refusals import Code, Done, Refusal
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.bookings import bookings, changing, planned
from storage.engine import Storage, Tx


class CalendarFiles:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def take(self, act: Act, booking_id: int) -> Done | Refusal:
        """Keep that its client, or its coach, has it as a file. NOT_FOUND for anybody else; ALREADY_OVER when it does
        not take place, or is past."""

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find(tx, booking_id)
            return _take(tx, act, () if booking is None else (booking,))

        return await once(self._storage, act, work)

    async def take_plan(self, act: Act, plan_id: int) -> Done | Refusal:
        """As `take`, for those that were planned together and are to come."""
        return await once(self._storage, act, lambda tx: _take(tx, act, planned.of_plan(tx, plan_id)))


def _take(tx: Tx, act: Act, those: Sequence[Booking]) -> int | Refusal:
    mine = [each for each in those if is_of(each, act.person, act.now)]
    if not mine:
        return NOT_FOUND
    coming = to_come(mine, act.now)
    if not coming:
        return Refusal(Code.ALREADY_OVER)
    changing.note_files(tx, coming, act.person.id)
    return coming[0].id


def is_of(booking: Booking, person: Person, now: datetime) -> bool:
    """Whether it is in this person's calendar, who is its client or its coach."""
    return person.id == booking.person_id or booking.is_given_by(person.id, now)


def to_come(those: Sequence[Booking], now: datetime) -> list[Booking]:
    return [each for each in those if each.state is BookingState.CONFIRMED and each.ends > now]
