"""Several sessions booked at once: looked at, and booked all together or not at all."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.offsets import DAY_S, local_day, local_minute
from bot.domain.people.people import Person
from bot.domain.plans.plans import Outlook, Plan
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes
from bot.services.calendar import free_times
from bot.services.kit.idempotent import once
from bot.services.kit.reaction import Reaction
from bot.services.offers import eligibility
from bot.services.plans import book_plan, plan_dates
from storage.bookings import bookings, planned
from storage.engine import Locks, Storage, Tx
from storage.instants import to_epoch

Usual = Mapping[int, Sequence[int]]

LOOK_AHEAD_DAYS = 56
"""How far free times are looked at for the weekdays and times that a plan can have."""


class Plans:
    """As for `Bookings`."""

    def __init__(self, storage: Storage, react: Reaction, hold_minutes: int = 15, *, payments_on: bool = True) -> None:
        self._storage = storage
        self._react = react
        self._hold = timedelta(minutes=hold_minutes)
        self._payments_on = payments_on

    async def usual(self, offer_id: int, coach_id: int, zone: str, now: datetime) -> Usual | Refusal:
        """When the coach is free for this offer in the weeks to come: by weekday (1 is Monday), the minutes since
        midnight on the clock of this zone."""

        def work(tx: Tx) -> Usual | Refusal:
            there = book_plan.offered(tx, offer_id, coach_id)
            if isinstance(there, Refusal):
                return there
            offer, coach = there
            since = to_epoch(now)
            until = min(since + LOOK_AHEAD_DAYS * DAY_S, free_times.horizon(offer, now))
            found: dict[int, set[int]] = defaultdict(set)
            for start in free_times.load(tx, offer, coach, since, until, now).starts(since, until):
                found[(local_day(zone, start) - 1) % 7 + 1].add(local_minute(zone, start))
            return {weekday: sorted(found[weekday]) for weekday in sorted(found)}

        return await self._storage.read(work)

    async def outlook(self, person: Person, plan: Plan, now: datetime) -> Outlook | Refusal:
        """How the plan could be booked now.

        Refusals: as those of a booking, for all dates together; YOURS, with the booking in `missing`, while the client
        holds a time that waits to be paid.
        """

        def work(tx: Tx) -> Outlook | Refusal:
            there = book_plan.offered(tx, plan.offer_id, plan.coach_id)
            if isinstance(there, Refusal):
                return there
            offer, coach = there
            refusal = book_plan.held_already(bookings.open_hold(tx, person.id), now)
            if refusal is not None:
                return refusal
            seen = plan_dates.judge(tx, person.id, plan, offer, coach, now).outlook
            refusal = eligibility.refusal(tx, offer, person.id, now, len(seen.free) or 1)
            if refusal is not None:
                return refusal
            unpaid = offer.price and not self._payments_on and not seen.uses_credit
            return Refusal(Code.PAYMENTS_OFF) if unpaid else seen

        return await self._storage.read(work)

    async def book(self, act: Act, plan: Plan, stated: Callable[..., bool], phone: str | None = None) -> Done | Refusal:
        """Book all free dates of the plan, or none: on credit or without a price at once, else once all are paid.

        `{id}` is the first booking, or the order where one asks for money. CHANGED where the facts of its `outlook` are
        not what was `stated`, as where a date was lost meanwhile; the others as for `outlook`.
        """
        wish = book_plan.Wish(plan, stated, act.now + self._hold, self._payments_on, phone)

        def work(tx: Tx) -> int | Refusal:
            return book_plan.book(tx, self._react, act, wish)

        return await once(self._storage, act, work, locks=Locks(plan.coach_id, act.person.id))

    async def of(self, person: Person, plan_id: int, now: datetime) -> list[Booking]:
        """The bookings that were planned together, as they are now, in order; nobody else's."""
        found = await self._storage.read(lambda tx: planned.of_plan(tx, plan_id))
        return [each for each in found if booking_changes.side(person, each, now) is not None]
