"""Which credit of a person a session would take, told before the tap and taken by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.local_dates import day_of, whole_day
from bot.domain.credits import rules
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.credits.rules import ChosenCredit, Unusable
from bot.domain.practice.offers import Offer
from storage.credits import holdings
from storage.credits.holdings import Week
from storage.engine import Storage, Tx
from storage.instants import to_epoch


def choose(
    tx: Tx, person_id: int, offer_id: int, at: datetime, zone: str, *, lock: bool = False
) -> ChosenCredit | Unusable | None:
    """See `rules.choose`. `zone`: the coach's, on whose clock weeks begin. `lock`: the credit is about to be taken."""
    held = holdings.usable(tx, person_id, offer_id, _week(at, zone), lock=lock)
    return rules.choose(held, offer_id, at)


def cap_against(tx: Tx, booking: Booking, at: datetime, *, lock: bool = False) -> int | None:
    """How many sessions a week the package of this booking gives, where the week of `at` has that many already.

    Within its own week a session moves as its client likes. `lock`: it is about to move.
    """
    week = _week(at, booking.coach_zone)
    if booking.credit is None or week.since <= to_epoch(booking.starts) < week.until:
        return None
    held = holdings.usable(tx, booking.person_id, booking.offer_id, week, lock=lock)
    mine = next((each for each in held if each.grant.id == booking.credit.grant_id), None)
    return None if mine is None or not rules.is_full(mine) else mine.grant.weekly_cap


def choose_many(
    tx: Tx, person_id: int, offer_id: int, starts: Sequence[datetime], zone: str, *, lock: bool = False
) -> list[ChosenCredit | Unusable | None]:
    """For each of several sessions that are booked together, the credit that it takes once those before it took
    theirs; otherwise as `choose`."""
    held = holdings.usable(tx, person_id, offer_id, lock=lock)
    capped = any(each.grant.weekly_cap is not None for each in held)
    weeks = {at: _week(at, zone) for at in starts}
    counted = {week: _counted(tx, person_id, offer_id, week) for week in set(weeks.values())} if capped else {}
    now = {each.grant.id: each for each in held}
    found: list[ChosenCredit | Unusable | None] = []
    for at in starts:
        there = counted.get(weeks[at], {})
        those = [replace(each, this_week=there.get(grant, 0)) for grant, each in now.items()]
        choice = rules.choose(those, offer_id, at)
        if isinstance(choice, ChosenCredit):
            grant_id = choice.held.grant.id
            now[grant_id] = rules.after_taking(choice)
            there[grant_id] = there.get(grant_id, 0) + 1
        found.append(choice)
    return found


def _counted(tx: Tx, person_id: int, offer_id: int, week: Week) -> dict[int, int]:
    """How many sessions of that week are on each grant."""
    return {each.grant.id: each.this_week for each in holdings.usable(tx, person_id, offer_id, week)}


def told(found: ChosenCredit | Unusable | None, person_id: int) -> BookedCredit | Unusable | None:
    """As the person reads what `choose` found."""
    return booked(found, person_id) if isinstance(found, ChosenCredit) else found


def booked(choice: ChosenCredit, person_id: int) -> BookedCredit:
    """The credit as the booking has it that takes it."""
    grant, held = choice.held.grant, choice.held
    others = held.credits.available - 1 if grant.person_id == person_id else None
    return BookedCredit(grant.id, grant.name, EntryKind.RESERVED, grant.expires_at, choice.credit.until, others)


def facts_of(credit: BookedCredit) -> tuple[object, ...]:
    """What the button of a booking on credit states of it: it takes this one, and leaves so many."""
    ends = 0 if credit.ends is None else to_epoch(credit.ends)
    return ("credit", credit.grant_id, ends, -1 if credit.others is None else credit.others)


class Credits:
    """What a client can use."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def for_session(
        self, person_id: int, offer_id: int, at: datetime, zone: str
    ) -> BookedCredit | Unusable | None:
        """The credit that booking this time would take, or why none that the client has can be used."""

        def work(tx: Tx) -> BookedCredit | Unusable | None:
            return told(choose(tx, person_id, offer_id, at, zone), person_id)

        return await self._storage.read_one(work)

    async def has_any(self, person_id: int, offer_id: int, now: datetime) -> bool:
        """Whether this person has a credit for some time of the offer that is yet to come."""
        return await self.left(person_id, offer_id, now) > 0

    async def left(self, person_id: int, offer_id: int, now: datetime) -> int:
        """How many sessions of the offer this person has credits for."""
        held = await self._storage.read_one(lambda tx: holdings.usable(tx, person_id, offer_id))
        return sum(rules.left(each, now) for each in held)

    async def covering(self, person_id: int, offers: Sequence[Offer], now: datetime) -> dict[int, BookedCredit]:
        """By offer, the credit that its next session would take, before a time is chosen; no offer that none covers."""
        if not any(each.price for each in offers):
            return {}
        held = await self._storage.read_one(lambda tx: holdings.of_person(tx, person_id))
        found = {each.id: rules.choose(held, each.id, now) for each in offers if each.price}
        return {offer: booked(each, person_id) for offer, each in found.items() if isinstance(each, ChosenCredit)}


def _week(at: datetime, zone: str) -> Week:
    day = day_of(at, zone)
    monday = day - timedelta(days=day.weekday())
    return Week(to_epoch(whole_day(monday, zone)[0]), to_epoch(whole_day(monday + timedelta(days=7), zone)[0]))
