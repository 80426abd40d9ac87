"""A practice whose clients plan several sessions at once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Profile
from bot.domain.plans.plans import Outlook, Plan
from bot.domain.plans.rhythm import Rhythm
from bot.domain.records import Cause
from bot.domain.refusals import Done, Refusal
from bot.services.credits import ledger
from storage.bookings import planned
from storage.credits import entries, holdings
from tests.services.bare_practice import CLIENT, NOW
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import SellingPractice

WEDNESDAYS_AT_NINE = Rhythm(5, 3, 540, 1)
"""The first is tomorrow, at 8:00 UTC."""

DAY = timedelta(days=1)


class Planning:
    """Beside a practice; `practice` may take money."""

    def __init__(self, practice: SellingPractice) -> None:
        self.practice = practice

    def now(self) -> datetime:
        return self.practice.now() if isinstance(self.practice, PaidPractice) else NOW

    async def give(self, sessions: int, days: float = 60, who: Profile = CLIENT, weekly: int | None = None) -> int:
        person, price = await self.practice.meet(who, self.now()), self.practice.paid.price
        new = ledger.NewGrant(
            person.id, "Five", sessions, price, price, [self.practice.paid.id], NOW + days * DAY, weekly_cap=weekly
        )
        grant = await self.practice.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", NOW)))
        return grant.id

    def plan(self, rhythm: Rhythm = WEDNESDAYS_AT_NINE) -> Plan:
        offer, since = self.practice.paid, self.now() + timedelta(minutes=self.practice.paid.notice_min)
        return Plan.begin(offer.id, self.practice.coach_id, rhythm, "Europe/Berlin", since)

    async def looks(self, plan: Plan, who: Profile = CLIENT) -> Outlook:
        seen = await self.practice.plans.outlook(await self.practice.meet(who, self.now()), plan, self.now())
        assert isinstance(seen, Outlook), seen
        return seen

    async def books(self, plan: Plan, who: Profile = CLIENT) -> Done | Refusal:
        return await (await self.button(plan, who))()

    async def button(self, plan: Plan, who: Profile = CLIENT) -> Callable[[], Awaitable[Done | Refusal]]:
        """What a tap does on the button that was shown for this plan."""
        told = (await self.looks(plan, who)).facts
        act = await self.practice.act(who, self.now())
        return lambda: self.practice.plans.book(act, plan, lambda *facts: facts == told)

    async def of(self, plan_id: int) -> list[Booking]:
        return await self.practice.storage.read(lambda tx: planned.of_plan(tx, plan_id))

    async def holds(self, grant_id: int) -> tuple[int, int]:
        """What is available, and what is reserved."""
        held = await self.practice.storage.read(lambda tx: holdings.find(tx, grant_id))
        assert held is not None
        return held.credits.available, held.credits.reserved

    async def numbers(self, grant_id: int) -> Sequence[int]:
        found = await self.practice.storage.read(lambda tx: entries.of_grant(tx, grant_id))
        return sorted(each.number for each in found)
