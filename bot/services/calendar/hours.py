"""Previews, saves and undoes a change of a coach's hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.hours import DayDiff, apply, diff
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import OfferRules, Reason, is_free
from bot.domain.calendar.spans import HoursChange
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.practice import Deployment, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND, may_keep
from bot.services.offers import launch
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.practice import coaches, practice, schedules

UNDO_FOR = timedelta(minutes=10)
_ANY_DAY = 36_500


@dataclass(frozen=True)
class HoursPreview:
    """`outside` are upcoming sessions that would not lie within the hours; they stay as they are."""

    coach: Coach
    before: Schedule
    after: Schedule
    changes: list[DayDiff]
    outside: list[Booking]


class Hours:
    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._payments_on = deployment.payments_on

    async def preview(self, coach_id: int, change: HoursChange, now: datetime) -> HoursPreview | None:
        """What saving a change would do; None when there is no such coach. Saving needs `preview.coach.version`."""

        def work(tx: Tx) -> HoursPreview | None:
            coach = _working(tx, coach_id)
            if coach is None:
                return None
            after = apply(change, coach.schedule)
            upcoming = bookings.upcoming_of_coach(tx, coach_id, now)
            return HoursPreview(
                coach=coach,
                before=coach.schedule,
                after=after,
                changes=diff(coach.schedule, after),
                outside=[booking for booking in upcoming if lies_outside(booking, after)],
            )

        return await self._storage.read(work)

    async def save(self, act: Act, coach_id: int, version: int, change: HoursChange) -> Done | Refusal:
        """Change the hours of that version. `{id}` is the coach. CHANGED when they have another by now."""

        def work(tx: Tx) -> int | Refusal:
            coach = _working(tx, coach_id)
            if coach is None or not may_keep(act, coach_id):
                return NOT_FOUND
            return self._replace(tx, act, coach, version, apply(change, coach.schedule), "hours.saved")

        return await once(self._storage, act, work)

    async def undo(self, act: Act, coach_id: int, version: int) -> Done | Refusal:
        """Go back to the hours before those of `version`, within ten minutes of saving it (ALREADY_OVER)."""

        def work(tx: Tx) -> int | Refusal:
            coach = _working(tx, coach_id)
            if coach is None or not may_keep(act, coach_id):
                return NOT_FOUND
            now_saved = schedules.saved(tx, coach_id, version, coach.zone)
            previous = schedules.saved(tx, coach_id, version - 1, coach.zone)
            if now_saved is None or previous is None:
                return NOT_FOUND
            if act.now - now_saved[1] > UNDO_FOR:
                return Refusal(Code.ALREADY_OVER)
            return self._replace(tx, act, coach, version, previous[0], "hours.undone")

        return await once(self._storage, act, work)

    async def undo_until(self, coach_id: int, now: datetime) -> datetime | None:
        """Until when the last change can be taken back; None when it cannot."""

        def work(tx: Tx) -> datetime | None:
            coach = _working(tx, coach_id)
            if coach is None or coach.version < 2:
                return None
            saved = schedules.saved(tx, coach_id, coach.version, coach.zone)
            return saved[1] + UNDO_FOR if saved is not None and now - saved[1] <= UNDO_FOR else None

        return await self._storage.read(work)

    def _replace(self, tx: Tx, act: Act, coach: Coach, version: int, after: Schedule, what: str) -> int | Refusal:
        if not schedules.save(tx, coach.id, version, after, act.now):
            return Refusal(Code.CHANGED)
        note(tx, act, what, Subject("coach", coach.id), {"version": version}, {"version": version + 1})
        practice.answered(tx, Question.HOURS)
        launch.open_if_ready(tx, act, payments_on=self._payments_on)
        return coach.id


def lies_outside(booking: Booking, schedule: Schedule) -> bool:
    """Whether the session does not fit into one span of the hours, by the function that offers times."""
    minute_by_minute = OfferRules(
        length_min=booking.terms.length_min,
        step_min=1,
        buffer_before_min=0,
        buffer_after_min=0,
        notice_min=0,
        horizon_days=_ANY_DAY,
    )
    starts = to_epoch(booking.starts)
    return is_free(schedule, minute_by_minute, (), starts, starts) is Reason.OUTSIDE_HOURS


def _working(tx: Tx, coach_id: int) -> Coach | None:
    coach = coaches.find(tx, coach_id)
    return None if coach is None or coach.state is CoachState.REMOVED else coach
