"""Loads what decides one coach's free times for one offer. Showing, holding and moving all use it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.offsets import DAY_S, local_day
from bot.domain.calendar.slots import Busy, FreeTime, OfferRules, Reason, free_slots, is_free, next_free
from bot.domain.calendar.why_none import why_none
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offer_settings import BUFFERS
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Code, Refusal
from storage.bookings import sessions
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch
from storage.practice import coaches

AROUND_S = 8 * DAY_S
"""A week's cap looks at sessions this far outside of the days asked for."""


@dataclass(frozen=True)
class Moving:
    """Times to move a booking to: its own session is no hindrance and its length stays.

    `by_coach`: the offer's notice does not bind the coach. `elsewhere`: it becomes a session of another offer, and as
    long as those are.
    """

    booking: Booking
    by_coach: bool = False
    elsewhere: bool = False


@dataclass(frozen=True)
class Calendar:
    """`busy` covers the time asked for and `around_s` on both sides."""

    coach: Coach
    rules: OfferRules
    busy: Sequence[Busy]
    now: int

    def starts(self, since: int, until: int) -> list[int]:
        """Free starts in [since, until), epoch seconds."""
        zone = self.coach.schedule.zone
        # A clock that goes back over midnight gives instants of one day the date of the day before.
        first = date.fromordinal(local_day(zone, since))
        last = date.fromordinal(local_day(zone, until - 1) + 1)
        found = free_slots(self.coach.schedule, self.rules, self.busy, self.now, first, last)
        return [start for start in found if since <= start < until]

    def first(self, since: int) -> int | None:
        """The first free start at or after an epoch second."""
        return next_free(self.coach.schedule, self.rules, self.busy, self.now, since)

    def why_none(self, since: int, until: int) -> Reason:
        """Why nothing is free in [since, until); ask only then."""
        return why_none(self.coach.schedule, self.rules, self.busy, self.now, since, until)

    def reason_against(self, start: int) -> Reason | None:
        return is_free(self.coach.schedule, self.rules, self.busy, self.now, start)


def load(
    tx: Tx, offer: Offer, coach: Coach, since: int, until: int, now: datetime, moving: Moving | None = None
) -> Calendar:
    """The coach's calendar for the offer between two epoch seconds."""
    return load_all(tx, offer, [coach], since, until, now, moving)[0]


def load_all(
    tx: Tx, offer: Offer, those: Sequence[Coach], since: int, until: int, now: datetime,
    moving: Moving | None = None, without: int | None = None,
) -> list[Calendar]:  # fmt: skip
    """As `load`, for each of these coaches, the session `without` left out."""
    moment = to_epoch(now)
    rules = rules_of(offer)
    if moving is not None:
        without = moving.booking.session_id
        if not moving.elsewhere:
            rules = replace(rules, length_min=moving.booking.terms.length_min)
        rules = replace(rules, notice_min=0) if moving.by_coach else rules
    ids = [coach.id for coach in those]
    around = around_s(rules)
    busy = sessions.busy(tx, ids, since - around, until + around, moment, without=without)
    return [Calendar(coach, rules, busy[coach.id], moment) for coach in those]


def around_s(rules: OfferRules) -> int:
    """How far outside of the times asked for sessions matter: for a week's cap, for a day's, or for a session there
    and the longest pause beside it."""
    if rules.weekly_cap is not None:
        return AROUND_S
    if rules.daily_cap is not None:
        return 2 * DAY_S
    return (rules.length_min + max(BUFFERS)) * 60


def horizon(offer: Offer, now: datetime) -> int:
    """An epoch second after which nothing of the offer is bookable."""
    return to_epoch(now) + (offer.horizon_days + 2) * DAY_S


def rules_of(offer: Offer) -> OfferRules:
    return OfferRules(
        length_min=offer.length_min,
        step_min=offer.step_min,
        buffer_before_min=offer.buffer_before_min,
        buffer_after_min=offer.buffer_after_min,
        notice_min=offer.notice_min,
        horizon_days=offer.horizon_days,
        daily_cap=offer.daily_cap,
        weekly_cap=offer.weekly_cap,
    )


def candidates(tx: Tx, offer: Offer, coach_id: int | None) -> list[Coach]:
    """Active coaches who do the offer and have a place for it: this one, or any, by id."""
    wanted = offer.coach_ids if coach_id is None else (coach_id,)
    found = coaches.find_many(tx, [each for each in wanted if each in offer.coach_ids])
    return sorted((coach for coach in found if coach.can_do(offer)), key=lambda coach: coach.id)


def fairest_first(tx: Tx, those: Sequence[Coach], at: int) -> list[Coach]:
    """Who has the fewest sessions in the week around `at` first, then by id: the same order for everybody."""
    if len(those) < 2:
        return list(those)
    counts = sessions.counts(tx, [coach.id for coach in those], at - 7 * DAY_S // 2, at + 7 * DAY_S // 2)
    return sorted(those, key=lambda coach: (counts[coach.id], coach.id))


def closed(offer: Offer | None, those: Sequence[Coach], coach_id: int | None = None) -> Refusal | None:
    """Why nothing of this offer can be booked at all, with those coaches. `coach_id`: who was asked for."""
    if offer is None:
        return Refusal(Code.NOT_FOUND)
    if offer.state is not OfferState.OPEN:
        return Refusal(Code.OFFER_CLOSED)
    if those:
        return None
    return Refusal(Code.COACH_AWAY if coach_id is None or coach_id in offer.coach_ids else Code.NOT_BY_COACH)


def nearest(
    tx: Tx, offer: Offer, those: Sequence[Coach], at: datetime, now: datetime, count: int = 3,
    moving: Moving | None = None, since: datetime | None = None,
) -> list[FreeTime]:  # fmt: skip
    """The free starts closest to `at`, from `since` on, in order of time; each start once. It and the time of a
    session to be moved are left out."""
    wanted = to_epoch(at)
    around = min(max(wanted, to_epoch(now)), horizon(offer, now))
    earliest = max(around - 14 * DAY_S, to_epoch(now), 0 if since is None else to_epoch(since))
    until = around + 28 * DAY_S
    found: dict[int, int] = {}
    for calendar in load_all(tx, offer, those, earliest, until, now, moving) if until > earliest else ():
        for start in calendar.starts(earliest, until):
            found.setdefault(start, calendar.coach.id)
    for not_another in (at, at if moving is None or moving.elsewhere else moving.booking.starts):
        found.pop(to_epoch(not_another), None)
    closest = sorted(found, key=lambda start: (abs(start - wanted), start))[:count]
    return [FreeTime(from_epoch(start), found[start]) for start in sorted(closest)]


def refuse(reason: Reason, near: Sequence[FreeTime], at: datetime) -> Refusal:
    """`near` leads on to what can be had instead of `at`."""
    code = Code.TAKEN if reason in (Reason.TAKEN, Reason.BUFFER) else Code.NOT_BOOKABLE
    return Refusal(code, reason, near, at=at)
