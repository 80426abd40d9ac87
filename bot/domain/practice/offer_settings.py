"""The settings of an offer that are numbers, or yes and no: the one place for name, type, default and limits of each.

A new one is a line of `OfferNumbers`, a column of the table `offers` with its migration, its words in
`bot/handlers/offers/setting_fields.py`, and a sentence on the offer's page, `bot/handlers/offers/pages.py`. Form, audit
and storage follow; `tests/handlers/offers/test_settings.py` says what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

LENGTHS = range(5, 481)
BUFFERS = range(241)
HORIZONS = range(1, 731)
MOVES = range(101)
LARGEST = 1 << 31
DAY_MIN = 1440


class Contradiction(StrEnum):
    """Why settings cannot stand; the value is the `reason` of a refusal with the code CONTRADICTION."""

    NAME = "name"  # empty or longer than NAME_LENGTH
    LENGTH = "length"  # outside of LENGTHS
    STEP = "step"  # outside of LENGTHS
    PRICE = "price"  # negative, more than any price, or in another currency than the practice's
    CHARGE = "charge"  # the payment provider can never charge it
    FEE = "fee"  # negative, more than any price, or in another currency than the practice's
    FEE_OVER_PRICE = "fee_over_price"  # a fee is more than the session costs
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
    YES_NO = "yes_no"  # neither 0 nor 1
    DESCRIPTION = "description"  # longer than DESCRIPTION_LENGTH


class Unit(StrEnum):
    """What a setting counts, and so how it is typed and shown."""

    MINUTES = "minutes"
    HOURS = "hours"  # kept in minutes; a number that is typed alone counts hours
    DAYS = "days"
    TIMES = "times"
    SESSIONS = "sessions"  # or None: no limit
    YES_NO = "yes_no"  # 1 or 0


@dataclass(frozen=True)
class Limits:
    """What a setting can be. `otherwise` names the mistake where it is none of `allowed`, and `beyond` the mistake
    where it is no shorter than the time that can be booked ahead; without `beyond` it may be longer."""

    unit: Unit
    allowed: range
    otherwise: Contradiction
    beyond: Contradiction | None = None


def _limits(
    unit: Unit, allowed: range, otherwise: Contradiction, beyond: Contradiction | None = None
) -> Mapping[str, Limits]:
    return {"limits": Limits(unit, allowed, otherwise, beyond)}


_LENGTH = _limits(Unit.MINUTES, LENGTHS, Contradiction.LENGTH)
_STEP = _limits(Unit.MINUTES, LENGTHS, Contradiction.STEP)
_BUFFER = _limits(Unit.MINUTES, BUFFERS, Contradiction.BUFFER)
_NOTICE = _limits(Unit.HOURS, range(LARGEST), Contradiction.NOTICE, Contradiction.NOTICE_BEYOND_HORIZON)
_HORIZON = _limits(Unit.DAYS, HORIZONS, Contradiction.HORIZON)
_DAILY = _limits(Unit.SESSIONS, range(1, LARGEST), Contradiction.DAILY_CAP)
_WEEKLY = _limits(Unit.SESSIONS, range(1, LARGEST), Contradiction.WEEKLY_CAP)
_CANCEL = _limits(Unit.HOURS, range(LARGEST), Contradiction.CANCEL_CUTOFF, Contradiction.CANCEL_BEYOND_HORIZON)
_MOVE = _limits(Unit.HOURS, range(LARGEST), Contradiction.MOVE_CUTOFF, Contradiction.MOVE_BEYOND_HORIZON)
_YES_NO = _limits(Unit.YES_NO, range(2), Contradiction.YES_NO)
_MOVES = _limits(Unit.TIMES, MOVES, Contradiction.MOVES)


@dataclass(frozen=True, kw_only=True)
class OfferNumbers:
    """Lengths, buffers, notice and cut-offs are minutes; the horizon is days; yes is 1 and no is 0.

    The names are those of everywhere.
    """

    length_min: int = field(metadata=_LENGTH)
    step_min: int = field(default=30, metadata=_STEP)
    buffer_before_min: int = field(default=10, metadata=_BUFFER)
    buffer_after_min: int = field(default=10, metadata=_BUFFER)
    notice_min: int = field(default=720, metadata=_NOTICE)
    horizon_days: int = field(default=60, metadata=_HORIZON)
    daily_cap: int | None = field(default=None, metadata=_DAILY)
    weekly_cap: int | None = field(default=None, metadata=_WEEKLY)
    cancel_cutoff_min: int = field(default=1440, metadata=_CANCEL)
    move_cutoff_min: int = field(default=720, metadata=_MOVE)
    max_moves: int = field(default=2, metadata=_MOVES)
    once_per_client: int = field(default=0, metadata=_YES_NO)
    new_clients_only: int = field(default=0, metadata=_YES_NO)


SETTINGS: Mapping[str, Limits] = {each.name: each.metadata["limits"] for each in fields(OfferNumbers)}
