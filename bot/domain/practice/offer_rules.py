"""Which settings of an offer contradict one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.calendar.schedule import Schedule
from bot.domain.payments.money import MAX_AMOUNT, Money
from bot.domain.practice.offers import NUMBERS, Offer, OfferState, Place

LENGTHS = range(5, 481)
BUFFERS = range(241)
HORIZONS = range(1, 731)
MOVES = range(101)
NAME_LENGTH = 60
DAY_MIN = 1440


class Contradiction(StrEnum):
    """Why settings are refused; the value is the `reason` of a refusal with the code CONTRADICTION."""

    NAME = "name"  # empty or longer than NAME_LENGTH
    LENGTH = "length"  # outside of LENGTHS
    STEP = "step"  # outside of LENGTHS
    PRICE = "price"  # negative, more than can be charged, or in another currency than the practice's
    BUFFER = "buffer"  # outside of BUFFERS
    HORIZON = "horizon"  # outside of HORIZONS
    NOTICE = "notice"  # negative
    NOTICE_BEYOND_HORIZON = "notice_beyond_horizon"  # no time is ever far enough away and near enough
    CANCEL_CUTOFF = "cancel_cutoff"  # negative
    CANCEL_BEYOND_HORIZON = "cancel_beyond_horizon"  # no booking could ever be cancelled in time
    MOVE_CUTOFF = "move_cutoff"  # negative
    MOVE_BEYOND_HORIZON = "move_beyond_horizon"  # no booking could ever be moved
    DAILY_CAP = "daily_cap"  # below one: nothing could be booked
    WEEKLY_CAP = "weekly_cap"  # below one
    CAPS = "caps"  # fewer sessions a week than a day
    MOVES = "moves"  # outside of MOVES
    LONGER_THAN_HOURS = "longer_than_hours"  # no stretch of its coaches' hours holds one session
    NO_COACH = "no_coach"  # nobody does it


@dataclass(frozen=True)
class OfferDraft:
    """A new offer. `place` None: each coach's own. `coach_ids` None: every coach of today."""

    name: str
    length_min: int
    price: Money
    step_min: int = 30
    place: Place | None = None
    buffer_before_min: int = 10
    buffer_after_min: int = 10
    notice_min: int = 720
    horizon_days: int = 60
    daily_cap: int | None = None
    weekly_cap: int | None = None
    cancel_cutoff_min: int = 1440
    move_cutoff_min: int = 720
    max_moves: int = 2
    coach_ids: tuple[int, ...] | None = None


def offer_of(draft: OfferDraft, coach_ids: Iterable[int]) -> Offer:
    """The draft as an offer that is not open yet; it has no id before it is kept."""
    return Offer(
        id=0,
        name=draft.name,
        state=OfferState.DRAFT,
        price=draft.price,
        place=draft.place,
        coach_ids=tuple(coach_ids),
        **{name: getattr(draft, name) for name in NUMBERS},
    )


def contradiction(offer: Offer, currency: str | None, schedules: Iterable[Schedule]) -> Contradiction | None:
    """The first reason why the offer cannot be kept like this.

    `currency` is the practice's. `schedules` are those of its coaches; one without any hours says nothing yet.
    Buffers may lie outside of the hours, so only the session itself must fit.
    """
    checks = (
        (Contradiction.NAME, not 0 < len(offer.name.strip()) <= NAME_LENGTH),
        (Contradiction.LENGTH, offer.length_min not in LENGTHS),
        (Contradiction.STEP, offer.step_min not in LENGTHS),
        (Contradiction.PRICE, not 0 <= offer.price.amount <= MAX_AMOUNT or offer.price.currency != currency),
        (Contradiction.BUFFER, not {offer.buffer_before_min, offer.buffer_after_min} <= set(BUFFERS)),
        (Contradiction.HORIZON, offer.horizon_days not in HORIZONS),
        (Contradiction.NOTICE, offer.notice_min < 0),
        (Contradiction.CANCEL_CUTOFF, offer.cancel_cutoff_min < 0),
        (Contradiction.MOVE_CUTOFF, offer.move_cutoff_min < 0),
        (Contradiction.MOVES, offer.max_moves not in MOVES),
        (Contradiction.DAILY_CAP, offer.daily_cap is not None and offer.daily_cap < 1),
        (Contradiction.WEEKLY_CAP, offer.weekly_cap is not None and offer.weekly_cap < 1),
        (Contradiction.CAPS, (offer.weekly_cap or 0) < (offer.daily_cap or 0) and offer.weekly_cap is not None),
        (Contradiction.NOTICE_BEYOND_HORIZON, offer.notice_min >= offer.horizon_days * DAY_MIN),
        (Contradiction.CANCEL_BEYOND_HORIZON, offer.cancel_cutoff_min >= offer.horizon_days * DAY_MIN),
        (Contradiction.MOVE_BEYOND_HORIZON, offer.move_cutoff_min >= offer.horizon_days * DAY_MIN),
        (Contradiction.LONGER_THAN_HOURS, _too_long(offer.length_min, schedules)),
    )
    return next((reason for reason, broken in checks if broken), None)


def _too_long(length_min: int, schedules: Iterable[Schedule]) -> bool:
    spans = [span for schedule in schedules for day in (*schedule.weekly, *schedule.days.values()) for span in day]
    return bool(spans) and all(end - start < length_min for start, end in spans)
