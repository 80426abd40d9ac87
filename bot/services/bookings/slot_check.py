"""Looks at one time without taking it: for quotes, and to refuse a time that is gone without the coach's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.slots import FreeTime, Reason
from bot.domain.people.people import Person
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import take_hold
from bot.services.bookings.take_hold import Quote
from bot.services.calendar import free_times
from bot.services.calendar.free_times import AROUND_S
from bot.services.kit.shared_reads import Together
from bot.services.offers import eligibility
from storage.bookings import bookings, sessions
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.practice import offers


@dataclass(frozen=True)
class Asked:
    """A question about one time of one offer, with this coach or (None) any."""

    offer_id: int
    coach_id: int | None
    at: datetime

    def is_of(self, booking: Booking) -> bool:
        """Whether this booking has the very time."""
        same = (booking.offer_id, booking.starts) == (self.offer_id, self.at)
        return same and self.coach_id in (None, booking.coach_id)


@dataclass(frozen=True)
class Look:
    """`in_turn`: the coaches to try, in this order, each with what speaks against the time.

    `near`: the nearest free times when no coach is free. `involved`: ids of those who have something with these
    coaches around it when not all are free; an own hold that would be let go may be all that is in the way.
    """

    offer: Offer | None
    shut: Refusal | None
    in_turn: Sequence[tuple[Coach, Reason | None]] = ()
    near: Sequence[FreeTime] = ()
    involved: frozenset[int] = frozenset()

    def answer(self, asked: Asked) -> Quote | Refusal:
        """The quote for this time, for a person who is not involved."""
        if self.shut is not None or self.offer is None:
            return self.shut or Refusal(Code.NOT_FOUND)
        for coach, reason in self.in_turn:
            if reason is None:
                return take_hold.quote(self.offer, coach, asked.coach_id, asked.at)
        return self.refusal(asked.at)

    def refusal(self, at: datetime) -> Refusal:
        """Why nobody takes this time, and what is free near it."""
        reason = next(reason for _coach, reason in self.in_turn if reason is not None)
        return free_times.refuse(reason, self.near, at)


class Looks:
    """Looks at times. Callers that ask for the same time at once share one look."""

    def __init__(self, storage: Storage, *, payments_on: bool) -> None:
        self._storage = storage
        self._payments_on = payments_on
        self._together = Together[Look]()

    async def at(self, asked: Asked, now: datetime) -> Look:
        return await self._together.ask(
            (asked, to_epoch(now)), lambda: self._storage.read(lambda tx: self.look(tx, asked, now))
        )

    def look(self, tx: Tx, asked: Asked, now: datetime, without: int | None = None) -> Look:
        """Look inside a transaction, as if the session `without` did not exist."""
        offer = offers.find(tx, asked.offer_id)
        those = [] if offer is None else free_times.candidates(tx, offer, asked.coach_id)
        refusal = take_hold.shut(offer, those, self._payments_on, asked.coach_id)
        if refusal is not None or offer is None:
            return Look(offer, refusal)
        start = to_epoch(asked.at)
        those = free_times.fairest_first(tx, those, start)
        loaded = free_times.load_all(tx, offer, those, start, start + 1, now, without=without)
        in_turn = [(calendar.coach, calendar.reason_against(start)) for calendar in loaded]
        if not any(reason for _coach, reason in in_turn):
            return Look(offer, None, in_turn)
        involved = sessions.persons(tx, [coach.id for coach in those], start - AROUND_S, start + AROUND_S)
        free = any(reason is None for _coach, reason in in_turn)
        near = [] if free else free_times.nearest(tx, offer, those, asked.at, now)
        return Look(offer, None, in_turn, near, involved)


def closed(tx: Tx, asked: Asked, offer: Offer, person: Person, now: datetime) -> Refusal | None:
    """Why this person cannot book the offer; no limit speaks against a time that they hold already."""
    refusal = eligibility.refusal(tx, offer, person.id, now)
    if refusal is None or refusal.code is not Code.LIMIT:
        return refusal
    own = bookings.open_hold(tx, person.id)
    return None if own is not None and not own.is_hold_over(now) and asked.is_of(own) else refusal


def yours(tx: Tx, asked: Asked, offer: Offer | None, own: Booking | None, now: datetime) -> Refusal | None:
    """YOURS, where the hold `own` of who asks has the time, alone or with others that are paid together."""
    if own is None or own.is_hold_over(now):
        return None
    together = None if offer is None else take_hold.held_together(tx, own, offer, asked.coach_id, asked.at)
    return together or (Refusal(Code.YOURS, missing=(own.id,)) if asked.is_of(own) else None)
