"""Previews, saves and undoes a change of a coach's hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.hours import DayDiff, apply, diff
from bot.domain.calendar.local_dates import day_of
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
    """`outside` are upcoming sessions that would not lie within the hours; they stay as they are. `closes`: there are
    hours from today on, and none would be left."""

    coach: Coach
    before: Schedule
    after: Schedule
    changes: list[DayDiff]
    outside: list[Booking]
    closes: bool


@dataclass(frozen=True)
class Undoable:
    """What taking the last change back would do; `again`: that change was an undo itself, so it would be redone."""

    preview: HoursPreview
    again: bool


class Hours:
    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._deployment = deployment

    async def preview(self, coach_id: int, change: HoursChange, now: datetime) -> HoursPreview | None:
        """What saving a change would do; None when there is no such coach. Saving needs `preview.coach.version`."""

        def work(tx: Tx) -> HoursPreview | None:
            coach = _working(tx, coach_id)
            if coach is None:
                return None
            return _preview(tx, coach, apply(change, coach.schedule), now)

        return await self._storage.read(work)

    async def outside(self, coach_id: int, now: datetime) -> list[Booking]:
        """Held and confirmed sessions that have not begun and do not lie within the hours, in order."""

        def work(tx: Tx) -> list[Booking]:
            coach = coaches.find(tx, coach_id)
            upcoming = [] if coach is None else bookings.upcoming_of_coach(tx, coach_id, now)
            ahead = [each for each in upcoming if each.starts > now and not each.is_hold_over(now)]
            return [each for each in ahead if coach is not None and lies_outside(each, coach.schedule)]

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
        """Go back to the hours before those of `version`, within ten minutes of saving it (ALREADY_OVER).

        Those of an undo are taken back too, which does the change again.
        """

        def work(tx: Tx) -> int | Refusal:
            coach = _working(tx, coach_id)
            if coach is None or not may_keep(act, coach_id):
                return NOT_FOUND
            now_saved = schedules.find(tx, coach_id, version, coach.zone)
            previous = schedules.find(tx, coach_id, version - 1, coach.zone)
            if now_saved is None or previous is None:
                return NOT_FOUND
            if act.now - now_saved.at > UNDO_FOR:
                return Refusal(Code.ALREADY_OVER)
            if now_saved.undone:
                return self._replace(tx, act, coach, version, previous.schedule, "hours.redone")
            return self._replace(tx, act, coach, version, previous.schedule, "hours.undone", undone=True)

        return await once(self._storage, act, work)

    async def undoable(self, coach_id: int, now: datetime) -> Undoable | None:
        """What undoing the last change would do; None when it cannot be taken back, or was none."""

        def work(tx: Tx) -> Undoable | None:
            coach = _working(tx, coach_id)
            if coach is None:
                return None
            saved = schedules.find(tx, coach_id, coach.version, coach.zone)
            if saved is None or now - saved.at > UNDO_FOR:
                return None
            previous = schedules.find(tx, coach_id, coach.version - 1, coach.zone)
            if previous is None or previous.schedule == saved.schedule:
                return None
            return Undoable(_preview(tx, coach, previous.schedule, now), saved.undone)

        return await self._storage.read(work)

    def _replace(
        self, tx: Tx, act: Act, coach: Coach, version: int, after: Schedule, what: str, *, undone: bool = False
    ) -> int | Refusal:
        if not _save(tx, act, coach, version, after, what, undone=undone):
            return Refusal(Code.CHANGED)
        practice.answered(tx, Question.HOURS)
        launch.open_if_ready(tx, act, self._deployment)
        return coach.id


def _preview(tx: Tx, coach: Coach, after: Schedule, now: datetime) -> HoursPreview:
    upcoming = bookings.upcoming_of_coach(tx, coach.id, now)
    today = day_of(now, coach.zone)
    return HoursPreview(
        coach=coach,
        before=coach.schedule,
        after=after,
        changes=diff(coach.schedule, after),
        outside=[booking for booking in upcoming if lies_outside(booking, after)],
        closes=coach.schedule.has_hours(today) and not after.has_hours(today),
    )


def change(tx: Tx, act: Act, coach: Coach, version: int, change: HoursChange) -> bool:
    """Change the hours of that version inside a transaction; False when they have another by now."""
    return _save(tx, act, coach, version, apply(change, coach.schedule), "hours.saved")


def _save(tx: Tx, act: Act, coach: Coach, version: int, after: Schedule, what: str, *, undone: bool = False) -> bool:
    if not schedules.save(tx, coach.id, version, after, act.now, undone=undone):
        return False
    note(tx, act, what, Subject("coach", coach.id), {"version": version}, {"version": version + 1})
    return True


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
    return is_free(schedule, minute_by_minute, (), starts, starts) in (Reason.OUTSIDE_HOURS, Reason.DAY_OFF)


def _working(tx: Tx, coach_id: int) -> Coach | None:
    coach = coaches.find(tx, coach_id)
    return None if coach is None or coach.state is CoachState.REMOVED else coach
