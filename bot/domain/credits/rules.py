"""Which credit a booking takes, what becomes of one that comes back, and which of them are over.

Examples, for a package that is valid to 1 March, noon:

- A session on 1 March at 11:59 can be booked on credit, one at 12:00 cannot.
- Cancelled in time on 1 February, its credit is valid to 1 March, as before.
- Cancelled in time on 20 February at 9:10, when fewer than 14 days are left, it is valid to 6 March, 10:00: 14 days
  from then, to the end of the hour.
- That credit, booked for 5 March and cancelled in time on 3 March, has the same end: days of grace are given once.
  Cancelled by the coach it would be valid to 17 March.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.credits.grants import Credit, Credits, Holding, later_end

GRACE = timedelta(days=14)
"""A credit that comes back after its end, or shortly before, can be used for so long."""

_HOUR = 3600
_NEVER = datetime.max.replace(tzinfo=UTC)


class NoCredit(StrEnum):
    """Why no credit of somebody who has some can be used."""

    EXPIRES = "expires"  # the session starts when they are over
    CAP = "cap"  # the week has as many sessions as the package gives


@dataclass(frozen=True)
class Unusable:
    """`ends`: with EXPIRES, when the last of these credits is over. `cap`: with CAP, how many sessions a week."""

    why: NoCredit
    ends: datetime | None = None
    cap: int = 0


@dataclass(frozen=True)
class ChosenCredit:
    """The credit that a booking takes, and the grant that it is of."""

    credit: Credit
    held: Holding


def choose(holdings: Iterable[Holding], offer_id: int, starts: datetime) -> ChosenCredit | Unusable | None:
    """The credit that a booking of this offer would take: of those valid then, the one that ends first.

    None where nothing is available for this offer at all.
    """
    those = [each for each in holdings if offer_id in each.grant.offer_ids and each.credits.available > 0]
    valid = [ChosenCredit(credit, held) for held in those if (credit := usable(held, starts)) is not None]
    free = [each for each in valid if not is_full(each.held)]
    if free:
        return min(free, key=lambda each: (_end(each.credit), each.held.grant.id))
    if valid:
        return Unusable(NoCredit.CAP, cap=max(each.held.grant.weekly_cap or 0 for each in valid))
    ends = [_end(credit) for held in those for credit in available(held)]
    return Unusable(NoCredit.EXPIRES, ends=max(ends)) if ends else None


def after_taking(choice: ChosenCredit) -> Holding:
    """What the grant holds once its chosen credit is reserved."""
    before, until = choice.held.credits, choice.credit.until
    grace = list(before.grace)
    if until is not None:
        grace.remove(until)
    after = Credits(before.available - 1, before.reserved + 1, before.number + 1, tuple(grace))
    return replace(choice.held, credits=after, this_week=choice.held.this_week + 1)


def usable(held: Holding, starts: datetime) -> Credit | None:
    """The credit of this grant that a session at `starts` would take: of those valid then, the one that ends first."""
    return next((each for each in soonest_first(held) if _is_valid(each, starts)), None)


def comes_back(credit: Credit, now: datetime, *, by_practice: bool) -> Credit:
    """The credit as it is when its booking gives it back now."""
    return Credit(credit.grant, back_until(credit.grant.expires_at, credit.until, now, by_practice=by_practice))


def back_until(
    expires_at: datetime | None, until: datetime | None, now: datetime, *, by_practice: bool
) -> datetime | None:
    """The end of the days of grace of a credit that comes back now; `until`: those that it had before.

    They are given once, unless it was the practice that cancelled the session, or that moved it past the credit's
    end. They end with an hour, so that what is told a moment before a tap is what the tap does.
    """
    ends = later_end(expires_at, until)
    if ends is None or ends - now >= GRACE:
        return until
    if until is not None and not by_practice and ends > now:
        return until
    return datetime.fromtimestamp(-(-int((now + GRACE).timestamp()) // _HOUR) * _HOUR, UTC)


def over(held: Holding, now: datetime) -> list[Credit]:
    """The available credits that no session to come can use any more."""
    return [each for each in available(held) if not _is_valid(each, now)]


def left(held: Holding, now: datetime) -> int:
    """How many of the available credits a session to come can still use."""
    return held.credits.available - len(over(held, now))


def last_end(held: Holding, now: datetime) -> datetime | None:
    """The moment before which a session must start to use the last of what is left; None: whenever it is."""
    ends = [each.ends for each in available(held) if _is_valid(each, now)] or [held.grant.expires_at]
    return None if None in ends else max(end for end in ends if end is not None)


def available(held: Holding) -> list[Credit]:
    """Each credit that is available, the ones with days of grace first."""
    plain = max(held.credits.available - len(held.credits.grace), 0)
    return [Credit(held.grant, until) for until in (*held.credits.grace, *[None] * plain)]


def soonest_first(held: Holding) -> list[Credit]:
    """As `available`, the one that ends first at the head."""
    return sorted(available(held), key=_end)


def _is_valid(credit: Credit, starts: datetime) -> bool:
    return starts < _end(credit)


def _end(credit: Credit) -> datetime:
    return credit.ends or _NEVER


def is_full(held: Holding) -> bool:
    """Whether the week that was asked for has as many sessions on it as it gives."""
    return held.grant.weekly_cap is not None and held.this_week >= held.grant.weekly_cap
