"""A practice that sells: what clients and coaches do with bookings, over the bare practice of the other tests."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.offers import Offer
from bot.domain.records import Cause
from bot.domain.refusals import Done, Refusal
from bot.services.bookings import booking_changes, reschedule_tx
from bot.services.bookings.absences import Absences
from bot.services.bookings.bookings import Bookings, Quote
from bot.services.bookings.client_messages import Messages
from bot.services.bookings.client_numbers import ClientNumbers
from bot.services.bookings.reschedule import Moves
from bot.services.bookings.waits import Waits
from bot.services.calendar.times import Times
from bot.services.conversation.replies import Replies
from bot.services.plans.plans import Plans
from bot.services.reactions import react
from bot.services.reports.coach_day import Day
from storage import tables
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import outbox
from tests.services.bare_practice import CLIENT, NOW, OWNER, PAID, BarePractice, done, made

HOLD = timedelta(minutes=15)
PHONE = "+43 660 1234567"
"""Where a client is called, where somebody calls."""


def guest(number: int) -> Profile:
    return Profile(Platform.TELEGRAM, "", str(3000 + number), str(3000 + number), f"Guest {number}")


class SellingPractice(BarePractice):
    """`free` and `paid` are open offers of the owner, who is the coach."""

    coach_id: int
    free: Offer
    paid: Offer

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, payments_on=True)
        self.times = Times(storage)
        self.bookings = Bookings(storage, react)
        self.plans = Plans(storage, react)
        self.numbers = ClientNumbers(storage)
        self.moves = Moves(storage, react)
        self.day = Day(storage, react)
        self.absences = Absences(storage, react)
        self.messages = Messages(storage)
        self.waits = Waits(storage)
        self.replies = Replies(storage)

    async def open(self) -> "SellingPractice":
        self.coach_id = await self.set_up()
        offered = await self.offer(PAID)
        if offered.state.value != "open":
            done(await self.offers.open(await self.act(OWNER), offered.id, offered.version))
        self.free, self.paid = await self.offers.open_for(None)
        return self

    async def allows(self, **limits: int) -> None:
        """The owner sets some of the limits for a client."""
        version = (await self.practice.get()).version
        done(await self.practice.set_limits(await self.act(OWNER), version, limits))

    async def starts(self, offer: Offer | None = None, after: datetime = NOW) -> list[datetime]:
        """Free starts of the week to come."""
        found = await self.times.days(offer or self.free, self.coach_id, "Europe/Berlin", after.date(), 8, after)
        return [
            free.starts
            for day in found
            for free in await self.times.on_day(offer or self.free, self.coach_id, day.day, "Europe/Berlin", after)
        ]

    async def quote(self, who: Profile, offer: Offer, at: datetime, now: datetime = NOW) -> Quote:
        quote = await self.bookings.quote(await self.meet(who, now), offer.id, self.coach_id, at, now)
        assert isinstance(quote, Quote), quote
        return quote

    async def try_hold(self, who: Profile, offer: Offer, at: datetime, now: datetime = NOW) -> Done | Refusal:
        person = await self.meet(who, now)
        quote = await self.bookings.quote(person, offer.id, self.coach_id, at, now)
        facts = quote.facts if isinstance(quote, Quote) else ()
        act = await self.act(who, now)
        return await self.bookings.hold(act, offer.id, self.coach_id, at, tuple(facts), PHONE)

    async def book(self, at: datetime, who: Profile = CLIENT, now: datetime = NOW) -> Booking:
        """A confirmed free booking."""
        return await self.found(made(await self.try_hold(who, self.free, at, now)))

    async def buy(self, at: datetime, who: Profile = CLIENT, now: datetime = NOW) -> Booking:
        """A confirmed booking that was paid."""
        booking_id = made(await self.try_hold(who, self.paid, at, now))
        await self.pay(booking_id, now)
        return await self.found(booking_id)

    async def pay(self, booking_id: int, now: datetime = NOW) -> Booking | None:
        """What an accepted payment does."""
        mine = sa.update(tables.payments).where(tables.payments.c.booking_id == booking_id)

        def work(tx: Tx) -> Booking | None:
            tx.execute(mine.values(state="accepted", intent_ref="pi_1"))
            tx.lock_coach(self.coach_id)
            booking = bookings.find(tx, booking_id)
            assert booking is not None
            return booking_changes.confirm(tx, react, booking, Cause(None, "stripe", now))

        return await self.storage.write(work)

    async def page_opened(self, booking_id: int) -> None:
        """The payment page exists: somebody may be typing a card number."""
        mine = sa.update(tables.payments).where(tables.payments.c.booking_id == booking_id)
        await self.storage.write(lambda tx: tx.execute(mine.values(state="open", checkout_ref="cs_1")))

    async def page_closed(self, booking_id: int) -> None:
        mine = sa.update(tables.payments).where(tables.payments.c.booking_id == booking_id)
        await self.storage.write(lambda tx: tx.execute(mine.values(state="closed")))

    async def move(self, who: Profile, booking: Booking, at: datetime, now: datetime = NOW) -> Done | Refusal:
        """Tap a button that was made when the booking stood like this."""
        stated = reschedule_tx.stated_facts(booking, self.moves.outcome(booking, now))
        return await self.moves.move(await self.act(who, now), booking.id, at, stated)

    async def found(self, booking_id: int) -> Booking:
        booking = await self.storage.read(lambda tx: bookings.find(tx, booking_id))
        assert booking is not None
        return booking

    async def reminders(self, booking: Booking, person_id: int | None = None) -> list[tuple[str, datetime, str]]:
        """(address, due, state) of one side's reminders, the client's by default."""
        rows = await self.storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject]))
        whose = person_id or booking.person_id
        return [
            (row.notice.address, row.notice.due, row.state.value)
            for row in rows
            if row.notice.kind.value == "reminder" and row.notice.person_id == whose
        ]

    async def refunds(self) -> list[tuple[int, str]]:
        query = sa.select(tables.refunds.c.amount, tables.refunds.c.reason).order_by(tables.refunds.c.id)
        return [(row.amount, row.reason) for row in await self.storage.read(lambda tx: tx.execute(query).all())]
