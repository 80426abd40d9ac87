"""A client's use cases for bookings: look at a time, hold it, let it go, cancel."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeGuard

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Ending
from bot.domain.bookings.policy import Actor, CancelOutcome, cancel_facts
from bot.domain.bookings.reasons import Reason
from bot.domain.calendar.slots import FreeTime
from bot.domain.people.people import Person
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes, slot_check, take_hold
from bot.services.bookings.slot_check import Asked, Look, Looks
from bot.services.bookings.take_hold import HoldRequest
from bot.services.bookings.take_hold import Quote as Quote
from bot.services.calendar import free_times
from bot.services.kit.idempotent import once
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings, past, proposals
from storage.engine import Locks, Storage, Tx
from storage.practice import catalogue, offers

RUSH = timedelta(hours=1)
"""Starts so close to each other usually clash: bookers of one process go one after the other."""


class Bookings:
    """`react`: what follows a change. `hold_minutes`: how long a time is kept for a payment. `payments_on`: whether
    any can be made. `fees_on`: whether fees are agreed to before a free session is booked."""

    def __init__(
        self, storage: Storage, react: Reaction, hold_minutes: int = 15, *,
        payments_on: bool = True, fees_on: bool = False,
    ) -> None:  # fmt: skip
        self._fees_on = fees_on
        self._storage = storage
        self._react = react
        self._hold = timedelta(minutes=hold_minutes)
        self._payments_on = payments_on
        self._looks = Looks(storage, payments_on=payments_on)
        self._taking: dict[tuple[int, datetime], asyncio.Event] = {}
        """Times that somebody of this process takes at this moment, by coach and start."""

    async def terms(self, offer_id: int, coach_id: int, at: datetime, generation: int | None = None) -> Quote | Refusal:
        """As `quote` for this coach, whether or not the time is free, which `hold` will check."""
        known = await catalogue.current(self._storage, generation)
        offer, coach = known.offer.get(offer_id), known.coach.get(coach_id)
        able = offer is not None and coach is not None and coach.can_do(offer)
        refusal = take_hold.shut(offer, (coach,) if able and coach is not None else (), self._payments_on, coach_id)
        if refusal is not None or offer is None or coach is None:
            return refusal or Refusal(Code.NOT_FOUND)
        return take_hold.quote(offer, coach, coach_id, at)

    async def holding(
        self, offer_id: int, coach_id: int | None, generation: int | None = None
    ) -> tuple[object, ...] | None:
        """The facts with which a button of a paid offer can hold any time at once, `coach_id` None for any coach.

        None where nothing is to be paid, since the booking would stand at once; where coaches differ in their terms;
        where the client's number is asked for; and where nothing can be booked.
        """
        known = await catalogue.current(self._storage, generation)
        offer = known.offer.get(offer_id)
        able = [] if offer is None else [coach for coach in known.active if coach.can_do(offer)]
        those = [coach for coach in able if coach_id in (None, coach.id)]
        if offer is None or not offer.price or take_hold.shut(offer, those, self._payments_on) is not None:
            return None
        terms = [take_hold.terms_with(offer, coach) for coach in those]
        facts = {take_hold.facts_of(each, coach_id) for each in terms}
        asks = any(each.place.asks_number for each in terms)
        return facts.pop() if len(facts) == 1 and not asks else None

    async def quote(
        self, person: Person, offer_id: int, coach_id: int | None, at: datetime, now: datetime
    ) -> Quote | Refusal:
        """What holding this time would be for `person`.

        Refusals: NOT_FOUND, OFFER_CLOSED, COACH_AWAY, NOT_BY_COACH, PAYMENTS_OFF, ONCE_PER_CLIENT, NEW_CLIENTS_ONLY,
        LIMIT, YOURS; TAKEN and NOT_BOOKABLE (with `reason`), both with `near`: up to three `FreeTime`.
        """

        asked = Asked(offer_id, coach_id, at)
        looked = await self._looks.at(asked, now)
        offer = looked.offer
        if looked.shut is None and offer is not None:
            closed = await self._storage.read(lambda tx: slot_check.closed(tx, asked, offer, person, now))
            if closed is not None:
                return closed
        if person.id not in looked.involved:
            return looked.answer(asked)

        def work(tx: Tx) -> Quote | Refusal:
            own = bookings.open_hold(tx, person.id)
            yours = slot_check.yours(tx, asked, offer, own, now)
            if yours is not None:
                return yours
            return self._looks.look(tx, asked, now, None if own is None else own.session_id).answer(asked)

        return await self._storage.read(work)

    async def hold(
        self,
        act: Act,
        offer_id: int,
        coach_id: int | None,
        at: datetime,
        facts: Sequence[object],
        phone: str | None = None,
        *,
        on_credit: Callable[..., bool] | None = None,
    ) -> Done | Refusal:
        """Take the time: held until paid, or until fees are agreed to; confirmed at once when it is free or on credit.
        `{id}` is the booking.

        `phone`: where the client is called, which a place may ask for. `on_credit`: see `HoldRequest`; NO_CREDIT where
        none can be used. `Booked`, unless an earlier delivery did it. An open hold of the same person is let go.
        CHANGED when `facts` are no longer true; else as `quote`.
        """
        wish = HoldRequest(
            offer_id, coach_id, at, tuple(facts), act.now + self._hold, self._payments_on, phone, on_credit,
            fees_on=self._fees_on,
        )  # fmt: skip
        refused: dict[int, Refusal] = {}
        if coach_id is not None and self._under_way(coach_id, at) is None:
            result = await self._take(act, wish, coach_id)
            if not _another_may(result):
                return result
            refused[coach_id] = result
        # Whoever finds the time being taken in this process waits without a connection, then looks with all others.
        while True:
            looked = await self._looks.at(Asked(offer_id, coach_id, at), act.now)
            mine = act.person.id in looked.involved
            free = [each.id for each, reason in looked.in_turn if each.id not in refused and (mine or reason is None)]
            if not free:
                return await self._refuse(act, wish, looked, refused)
            if (over := self._under_way(free[0], at)) is not None:
                await over.wait()
                continue
            result = await self._take(act, wish, free[0])
            if not _another_may(result):
                return result
            refused[free[0]] = result

    def _under_way(self, coach_id: int, at: datetime) -> asyncio.Event | None:
        """The event that ends when another booker of this process is done with a time that may clash."""
        near = (over for (coach, start), over in self._taking.items() if coach == coach_id and abs(start - at) < RUSH)
        return next(near, None)

    async def _take(self, act: Act, wish: HoldRequest, coach_id: int) -> Done | Refusal:
        """Try one coach in each transaction: two bookers who locked several could wait for each other."""
        key = (coach_id, wish.at)
        over = self._taking[key] = asyncio.Event()
        try:
            return await once(
                self._storage,
                act,
                lambda tx: take_hold.place_hold(tx, self._react, act, wish, coach_id),
                locks=Locks(coach_id, act.person.id),
            )
        finally:
            del self._taking[key]
            over.set()

    async def _refuse(
        self, act: Act, wish: HoldRequest, looked: Look, refused: Mapping[int, Refusal]
    ) -> Done | Refusal:
        shut = looked.shut
        if shut is not None:
            return await once(self._storage, act, lambda _tx: shut)
        refusal = next(iter(refused.values()), None) or looked.refusal(wish.at)
        near = looked.near or await self._storage.read(lambda tx: _near(tx, wish, act.now))
        return replace(refusal, near=near)

    async def release(self, act: Act, booking_id: int, version: int) -> Done | Refusal:
        """Release one's own hold. HOLD_OVER when it has ended, ALREADY_PAID when it is confirmed."""

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find(tx, booking_id)
            if booking is None or booking.person_id != act.person.id:
                return Refusal(Code.NOT_FOUND)
            if booking.state is BookingState.CONFIRMED:
                return Refusal(Code.ALREADY_PAID)
            if booking.state is not BookingState.HELD:
                return Refusal(Code.HOLD_OVER)
            if booking.version != version:
                return Refusal(Code.CHANGED)
            return take_hold.let_go(tx, self._react, booking, act)

        return await once(self._storage, act, work)

    async def find(
        self, person: Person, booking_id: int, now: datetime, written: Booking | None = None
    ) -> Booking | None:
        """None also when the person is neither its client, nor its coach, nor an owner.

        `written` is a booking as this turn has just written it; where it is this one, it is not read again.
        """
        booking = written if written is not None and written.id == booking_id else None
        if booking is None:
            booking = await self._storage.read_one(lambda tx: bookings.find(tx, booking_id))
        return booking if booking is not None and booking_changes.side(person, booking, now) is not None else None

    async def upcoming(self, person: Person, now: datetime) -> list[Booking]:
        """Confirmed and held sessions of this client that have not ended, in order."""
        found = await self._storage.read_one(lambda tx: bookings.upcoming(tx, person.id, now))
        return [each for each in found if not each.is_hold_over(now)]

    async def past(
        self, person: Person, now: datetime, before: datetime | None = None, limit: int = 5
    ) -> list[Booking]:
        """Sessions of this client that are over (and began before `before`), latest first; cancelled ones, too."""
        return await self._storage.read(
            lambda tx: past.of_client(tx, person.id, before or now, now, limit, cancelled=True)
        )

    async def standing(self, person: Person, now: datetime) -> tuple[list[Booking], Booking | None]:
        """As `upcoming`, with the latest session that took place or will."""

        def work(tx: Tx) -> tuple[list[Booking], Booking | None]:
            found = [each for each in bookings.upcoming(tx, person.id, now) if not each.is_hold_over(now)]
            confirmed = [each for each in found if each.state is BookingState.CONFIRMED]
            last = confirmed[-1:] or past.of_client(tx, person.id, now, now, 1)
            return found, next(iter(last), None)

        return await self._storage.read(work)

    async def open_hold(self, person: Person, now: datetime) -> Booking | None:
        """The one hold of this person that has not reached its end."""
        booking = await self._storage.read_one(lambda tx: bookings.open_hold(tx, person.id))
        return None if booking is None or booking.is_hold_over(now) else booking

    async def booked_at(self, person: Person, offer_id: int, at: datetime, now: datetime) -> Booking | None:
        """This person's own confirmed session of the offer that starts then."""
        found = await self.upcoming(person, now)
        confirmed = (each for each in found if each.state is BookingState.CONFIRMED)
        return next((each for each in confirmed if (each.offer_id, each.starts) == (offer_id, at)), None)

    def cancel_outcome(self, booking: Booking, actor: Actor, now: datetime) -> CancelOutcome:
        """What cancelling now would cost."""
        return booking_changes.outcome_of(booking, actor, now)

    async def cancel(
        self, act: Act, booking_id: int, version: int, stated: Sequence[object], reason: Reason | None = None
    ) -> Done | Refusal:
        """Cancel as client, coach or owner, as the person of the act is. `stated` is `cancel_facts(outcome)`.

        CHANGED when the outcome is another by now, ALREADY_OVER when it cannot be cancelled (any more).
        """

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find(tx, booking_id)
            actor = None if booking is None else booking_changes.side(act.person, booking, act.now)
            if booking is None or actor is None:
                return Refusal(Code.NOT_FOUND)
            outcome = booking_changes.outcome_of(booking, actor, act.now)
            if booking.state not in bookings.STANDING or not outcome.allowed:
                return Refusal(Code.ALREADY_OVER)
            if booking.version != version or cancel_facts(outcome) != tuple(stated):
                return Refusal(Code.CHANGED)
            _cancel(tx, self._react, act, booking, actor, outcome, reason)
            return booking.id

        return await once(self._storage, act, work)


def _cancel(
    tx: Tx, react: Reaction, act: Act, booking: Booking, actor: Actor, outcome: CancelOutcome, reason: Reason | None
) -> None:
    if actor is Actor.COACH:
        booking_changes.cancel_by_practice(tx, react, booking, act.person, act.cause, reason)
        return
    told = tuple(each for each in _to_know(tx, booking) if each != act.person.id)
    ending = Ending(BookingState.CANCELLED, "client", act.cause, reason=reason, outcome=outcome, told=told)
    booking_changes.end(tx, react, booking, ending)


def _to_know(tx: Tx, booking: Booking) -> tuple[int, ...]:
    """Who hears that its client cancelled: its coach, and who waits for the client's answer to a proposal."""
    if booking.state is not BookingState.CONFIRMED:
        return ()  # a hold was never the practice's to know of
    open_one = None if booking.proposal is None else proposals.find(tx, booking.proposal)
    waits = None if open_one is None else open_one.by_person_id
    return tuple(dict.fromkeys(each for each in (booking.coach_person_id, waits) if each is not None))


def _another_may(result: Done | Refusal) -> TypeGuard[Refusal]:
    """Whether only this coach's time is gone."""
    return isinstance(result, Refusal) and result.code in (Code.TAKEN, Code.NOT_BOOKABLE)


def _near(tx: Tx, wish: HoldRequest, now: datetime) -> list[FreeTime]:
    offer = offers.find(tx, wish.offer_id)
    those = [] if offer is None else free_times.candidates(tx, offer, wish.asked)
    return [] if offer is None else free_times.nearest(tx, offer, those, wish.at, now)
