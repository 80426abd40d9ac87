"""A practice whose clients have packages, and book on them as by the buttons that they are shown."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.people.people import Profile
from bot.domain.pricing.effects import CreditChange
from bot.domain.records import Cause
from bot.domain.refusals import Done, Refusal
from bot.services.bookings.take_hold import on_credit
from bot.services.credits import ledger
from bot.services.credits.choosing import Credits
from storage.credits import entries, holdings
from tests.services.bare_practice import CLIENT, NOW, done
from tests.services.selling_practice import SellingPractice

DAY = timedelta(days=1)


class CreditPractice(SellingPractice):
    """Whose clients have packages of the paid offer."""

    async def give(
        self, who: Profile = CLIENT, sessions: int = 2, days: int = 60, members: tuple[int, ...] = (),
        cap: int | None = None,
    ) -> int:  # fmt: skip
        person, price = await self.meet(who), self.paid.price
        new = ledger.NewGrant(
            person.id, "Five", sessions, price, price, [self.paid.id], NOW + days * DAY, cap, member_ids=members
        )
        grant = await self.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", NOW)))
        return grant.id

    async def take(self, at: datetime, who: Profile = CLIENT, now: datetime = NOW) -> Done | Refusal:
        return await (await self.button(at, who, now))()

    async def button(
        self, at: datetime, who: Profile = CLIENT, now: datetime = NOW
    ) -> Callable[[], Awaitable[Done | Refusal]]:
        """What a tap does on the button that was shown for this time."""
        person = await self.meet(who, now)
        quote = await self.quote(who, self.paid, at, now)
        credit = await Credits(self.storage).for_session(person.id, self.paid.id, at, quote.coach.zone)
        told = on_credit(quote, credit) if isinstance(credit, BookedCredit) else ()
        act = await self.act(who, now)
        return lambda: self.bookings.hold(
            act, self.paid.id, self.coach_id, at, quote.facts, on_credit=lambda *facts: facts == told
        )

    async def cancel(self, booking: Booking, who: Profile = CLIENT, now: datetime = NOW) -> Booking:
        """As told before the tap."""
        actor = Actor.CLIENT if who == CLIENT else Actor.COACH
        told = self.bookings.cancel_outcome(booking, actor, now)
        done(await self.bookings.cancel(await self.act(who, now), booking.id, booking.version, cancel_facts(told)))
        after = await self.found(booking.id)
        assert after.credit is not None
        if told.effect.change is CreditChange.RETURNED:
            assert after.credit.kind is EntryKind.RETURNED
            assert told.effect.until == (None if after.credit.ends is None else int(after.credit.ends.timestamp()))
        else:
            assert (told.effect.change, after.credit.kind) == (CreditChange.SPENT, EntryKind.SPENT)
        if told.effect.left is not None:
            assert told.effect.left == after.credit.others
        return after

    async def holds(self, grant_id: int) -> tuple[int, int]:
        """What is available, and what is reserved."""
        held = await self.storage.read(lambda tx: holdings.find(tx, grant_id))
        assert held is not None
        return held.credits.available, held.credits.reserved

    async def kinds(self, grant_id: int) -> list[str]:
        found = await self.storage.read(lambda tx: entries.of_grant(tx, grant_id))
        return [each.kind.value for each in reversed(found)]
