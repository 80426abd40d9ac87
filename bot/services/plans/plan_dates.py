"""Judges the dates of a plan inside a transaction: for the page that shows them, and under the locks that book them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.calendar.slots import Busy, FreeTime, Reason
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.rules import ChosenCredit, Unusable
from bot.domain.plans.plans import Outlook, Plan, PlannedDate
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.services.bookings import take_hold
from bot.services.bookings.take_hold import Quote
from bot.services.calendar import free_times
from bot.services.calendar.free_times import Calendar
from bot.services.credits import choosing
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch


@dataclass(frozen=True)
class Judged:
    """`choices` are the credits that the free dates would take, in their order; None for one that takes none."""

    outlook: Outlook
    quotes: Sequence[Quote]
    choices: Sequence[ChosenCredit | None]


def judge(
    tx: Tx, person_id: int, plan: Plan, offer: Offer, coach: Coach, now: datetime, *, lock: bool = False
) -> Judged:
    """How the plan could be booked now. `lock`: it is about to be, and the credits are held until the transaction
    ends; the locks of coach and client are held before."""
    dates = _dates(tx, offer, coach, plan.starts, now)
    free = [each.starts for each in dates if each.is_free]
    found: Sequence[ChosenCredit | Unusable | None] = [None] * len(free)
    if offer.price:
        found = choosing.choose_many(tx, person_id, offer.id, free, coach.zone, lock=lock and not plan.pays)
    told = {at: choosing.told(each, person_id) for at, each in zip(free, found, strict=True)}
    dates = [replace(each, credit=told.get(each.starts)) for each in dates]
    seen = Outlook(plan, dates, offer.price, (), credits=any(each is not None for each in found))
    choices = [each if isinstance(each, ChosenCredit) and seen.uses_credit else None for each in found]
    quotes = [take_hold.quote(offer, coach, coach.id, at) for at in free]
    terms = take_hold.facts_of(take_hold.terms_with(offer, coach), coach.id)
    return Judged(replace(seen, facts=(*terms, *_stated(seen))), quotes, choices)


def _stated(seen: Outlook) -> list[object]:
    """Beside the terms: each date, and what covers it."""
    facts: list[object] = ["plan", *(to_epoch(each.starts) for each in seen.free)]
    for each in seen.on_credit if seen.uses_credit else ():
        assert isinstance(each.credit, BookedCredit)
        facts += choosing.facts_of(each.credit)
    return facts


def _dates(tx: Tx, offer: Offer, coach: Coach, starts: Sequence[datetime], now: datetime) -> list[PlannedDate]:
    """Each date, which has to be free beside those before it; for one that is not, the next time that no other date
    of the plan has."""
    first, last = to_epoch(min(starts)), max(to_epoch(max(starts)), free_times.horizon(offer, now))
    calendar = free_times.load(tx, offer, coach, first, last + 1, now)
    against: list[Reason | None] = []
    for at in starts:
        against.append(calendar.reason_against(to_epoch(at)))
        if against[-1] is None:
            calendar = _with(calendar, to_epoch(at))
    dates = []
    for at, reason in zip(starts, against, strict=True):
        instead = None
        if reason is not None and (following := calendar.first(to_epoch(at))) is not None:
            instead = FreeTime(from_epoch(following), coach.id)
            calendar = _with(calendar, following)
        dates.append(PlannedDate(at, reason, instead))
    return dates


def _with(calendar: Calendar, start: int) -> Calendar:
    """As if a session of the plan was booked then."""
    rules = calendar.rules
    buffers = rules.buffer_before_min * 60, rules.buffer_after_min * 60
    mine = Busy(start, start + rules.length_min * 60, True, *buffers)
    return replace(calendar, busy=sorted((*calendar.busy, mine), key=lambda each: each.starts))
