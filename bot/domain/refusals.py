"""Expected refusals are values. Each has a code; words for it are given in `handlers`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar.slots import FreeTime
from bot.domain.payments.provider import Uncharged


class Code(StrEnum):
    NOT_FOUND = "not_found"  # not there, or not yours: the same answer
    TAKEN = "taken"
    YOURS = "yours"  # an own hold has the time; `reason` is TOGETHER where others are to be paid with it
    NOT_BOOKABLE = "not_bookable"  # `reason` is a slots.Reason
    OFFER_CLOSED = "offer_closed"
    COACH_AWAY = "coach_away"
    NOT_BY_COACH = "not_by_coach"  # the coach does not give this offer
    HOLD_OVER = "hold_over"
    ALREADY_PAID = "already_paid"
    CHANGED = "changed"  # version or outcome differ from what was stated
    TOO_LATE_TO_MOVE = "too_late_to_move"
    NO_MOVES_LEFT = "no_moves_left"
    ALREADY_OVER = "already_over"
    PAYMENTS_OFF = "payments_off"
    NO_PLACE = "no_place"
    CONTRADICTION = "contradiction"  # settings that exclude each other, or one that cannot stand; `reason`
    LINK_DEAD = "link_dead"  # an invitation or start token used, revoked or too old
    TOO_FAST = "too_fast"
    LIMIT = "limit"  # as much as one client can have or try; `reason` is a client_limits.Limit
    ONCE_PER_CLIENT = "once_per_client"  # this client has booked it
    NEW_CLIENTS_ONLY = "new_clients_only"  # this client has booked something
    NO_CREDIT = "no_credit"  # `reason` is a rules.NoCredit, or there are not so many: `has`
    CREDIT_ENDS = "credit_ends"  # the session would start when its credit is over, `at`
    CREDIT_WEEK = "credit_week"  # its package gives `most` sessions a week, and that week has them
    ALREADY_EXTENDED = "already_extended"  # a grant is extended once; it ends `at`
    CURRENCY = "currency"  # two prices in different ones, of which there is no difference
    CURRENCY_FIXED = "currency_fixed"
    NO_CARD = "no_card"  # a kept card is needed, and there is no good one
    ONE_BY_ONE = "one_by_one"  # several at once are not booked of this offer
    COUPON = "coupon"  # it does not count here; `reason` is a coupons.NotCounted
    UNRETURNABLE = "unreturnable"  # it cannot go back; `reason` is a giving_back.Unreturnable
    UNPROVED = "unproved"  # an address is not proved to be theirs; `reason` is an addresses.CodeProblem


TOGETHER = "together"


@dataclass(frozen=True)
class Refusal:
    """Why nothing was done, with what its words need.

    `reason`: with TAKEN (where it is known) and NOT_BOOKABLE a `slots.Reason` against the time `at`, with
    CONTRADICTION an `offer_rules.Contradiction`, a `coupons.CouponMistake` or the name of a single setting, with COUPON
    a `coupons.NotCounted`. `near`: up to three free times that can be had instead. `missing`: with CHANGED the bookings
    whose fate was not said, with YOURS the one that has the time. `currency`: with CURRENCY_FIXED the one that stays.
    `charge`: with CONTRADICTION a price that can never be charged. `has`, `most`: with LIMIT what the client has or
    tried, and the limit; with UNPROVED how many codes were typed, and can be; `most` also with CREDIT_WEEK.
    `again_in`: the minutes after which it can be tried again.
    """

    code: Code
    reason: str | None = None
    near: Sequence[FreeTime] = ()
    missing: Sequence[int] = ()
    currency: str | None = None
    charge: Uncharged | None = None
    at: datetime | None = None
    has: int = 0
    most: int = 0
    again_in: int = 0


@dataclass(frozen=True)
class Done:
    """A do succeeded, now or at an earlier delivery of the same update: show `next`."""

    next: str
