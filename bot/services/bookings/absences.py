"""Closes the rest of a coach's day at once: its hours, and every session on it that has not begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.reasons import Reason
from bot.domain.calendar.local_dates import day_of, whole_day
from bot.domain.calendar.offsets import local_minute
from bot.domain.calendar.spans import HoursChange, Spans, without
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.calendar import hours
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND, may_keep
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import outbox
from storage.practice import coaches


@dataclass(frozen=True)
class Rest:
    """What is left of a day on the coach's calendar: sessions that have not begun, holds too, and hours to come."""

    coach: Coach
    day: date
    sessions: tuple[Booking, ...]
    hours: Spans

    @property
    def is_closed(self) -> bool:
        return not self.sessions and not self.hours

    @property
    def facts(self) -> tuple[object, ...]:
        """What closing it is told to be: `turn.do(..., stated=rest.facts)`."""
        each = (fact for booking in self.sessions for fact in (booking.id, booking.version, booking.paid.amount))
        return (self.coach.version, bool(self.hours), *each)


class Absences:
    """`react`: what follows a cancelled session."""

    def __init__(self, storage: Storage, react: Reaction) -> None:
        self._storage = storage
        self._react = react

    async def rest(self, coach_id: int, day: date, now: datetime) -> Rest | None:
        """None when there is no such coach."""
        return await self._storage.read(lambda tx: _rest(tx, coach_id, day, now))

    async def cancelled(self, coach: Coach, day: date, by: int) -> list[Booking]:
        """The sessions of that day which this person cancelled for the practice, in order."""
        bounds = whole_day(day, coach.zone)
        found = await self._storage.read(lambda tx: bookings.cancelled_by_practice(tx, coach.id, *bounds))
        return [each for each in found if each.ended_by_person_id == by]

    async def close(
        self, act: Act, coach_id: int, day: date, stated: Sequence[object], reason: Reason
    ) -> Done | Refusal:
        """As the coach or an owner: cancel all of `rest`, refund it in full, and take the day out of the hours.

        `{id}` is the coach. All of it or nothing: CHANGED when it is not as `stated` any more, ALREADY_OVER when
        nothing is left.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may_keep(act, coach_id):
                return NOT_FOUND
            tx.lock_coach(coach_id)
            rest = _rest(tx, coach_id, day, act.now)
            if rest is None:
                return NOT_FOUND
            if rest.is_closed:
                return Refusal(Code.ALREADY_OVER)
            return self._close(tx, act, rest, reason) if rest.facts == tuple(stated) else Refusal(Code.CHANGED)

        return await once(self._storage, act, work)

    def _close(self, tx: Tx, act: Act, rest: Rest, reason: Reason) -> int | Refusal:
        booking_changes.hold_credits(tx, rest.sessions)
        for booking in rest.sessions:
            booking_changes.cancel_by_practice(
                tx, self._react, booking, act.person, act.cause, reason, tell_coach=False
            )
        day_off = HoursChange({}, {rest.day: ()})
        if rest.hours and not hours.change(tx, act, rest.coach, rest.coach.version, day_off):
            return Refusal(Code.CHANGED)
        if act.person.id != rest.coach.person_id:
            _tell_coach(tx, act, rest)
        return rest.coach.id


def _rest(tx: Tx, coach_id: int, day: date, now: datetime) -> Rest | None:
    coach = coaches.find(tx, coach_id)
    if coach is None:
        return None
    begins, ends = whole_day(day, coach.zone)
    sessions = [each for each in bookings.between(tx, coach_id, begins, ends) if each.starts > now]
    return Rest(coach, day, tuple(sessions), _hours_left(coach, day, now))


def _hours_left(coach: Coach, day: date, now: datetime) -> Spans:
    today = day_of(now, coach.zone)
    if day < today or coach.state is CoachState.REMOVED:
        return ()
    gone = local_minute(coach.zone, to_epoch(now)) if day == today else 0
    return without(coach.schedule.on(day), [(0, gone)])


def _tell_coach(tx: Tx, act: Act, rest: Rest) -> None:
    """One message for the whole day, to the coach whose day somebody else closed."""
    address = address_of(NoticeKind.DAY_CLOSED, rest.coach.id, rest.day.isoformat(), act.person.id)
    key = f"day-closed:{rest.coach.id}:{rest.day}:{to_epoch(act.now)}"
    about = Subject("coach", rest.coach.id)
    told = Notice(key, rest.coach.person_id, NoticeKind.DAY_CLOSED, address, act.now, subject=about)
    outbox.put(tx, told, act.now)
