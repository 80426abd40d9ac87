"""Pauses, resumes and removes coaches, and sets the place where each works."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.proposals import ProposalState
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.domain.people.zones import is_zone
from bot.domain.practice.coaches import ABOUT_LENGTH, Coach, CoachState
from bot.domain.practice.offers import Place
from bot.domain.practice.practice import Deployment, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes, handover_tx
from bot.services.bookings.handover_tx import Takeover as Takeover
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND, may_keep
from bot.services.kit.reaction import Reaction
from bot.services.notices.notice_planning import ask_owners_how_it_went
from bot.services.offers import launch
from storage.bookings import bookings, proposals
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import outbox
from storage.practice import catalogue, coaches, offers, practice

Fate = Literal["keep", "cancel"] | int
"""What becomes of a booking: it is kept, or cancelled, or its client is asked whether this coach takes it over."""

PLACE_LENGTH = 500


class Coaches:
    """`generation` is that of the catalogue, where the turn knows it: see `catalogue.current`.

    `react`: what follows when a removed coach's sessions are cancelled.
    """

    def __init__(self, storage: Storage, deployment: Deployment, react: Reaction) -> None:
        self._storage = storage
        self._react = react
        self._deployment = deployment

    async def active(self, generation: int | None = None) -> list[Coach]:
        """Coaches who can be booked, in the order in which they joined."""
        return (await catalogue.current(self._storage, generation)).active

    async def all(self, generation: int | None = None) -> list[Coach]:
        """Active and paused coaches; removed ones are left out."""
        return (await catalogue.current(self._storage, generation)).everyone

    async def find(self, coach_id: int, generation: int | None = None) -> Coach | None:
        """The coach in any state; None when there is none."""
        return (await catalogue.current(self._storage, generation)).the_coach(coach_id)

    async def of(self, person: Person, generation: int | None = None) -> Coach | None:
        """The person's own coach row; who was removed has none."""
        if person.coach_id is None:
            return None
        return await self.find(person.coach_id, generation)

    async def upcoming(self, coach_id: int, now: datetime) -> list[Booking]:
        """The sessions whose fate `remove` must know, in order."""
        return await self._storage.read(lambda tx: bookings.upcoming_of_coach(tx, coach_id, now))

    async def successors(self, coach_id: int, now: datetime) -> dict[int, list[Takeover]]:
        """Who could take over each session to come, by booking."""

        def work(tx: Tx) -> dict[int, list[Takeover]]:
            upcoming, team = bookings.upcoming_of_coach(tx, coach_id, now), coaches.active(tx)
            return {booking.id: handover_tx.who_could(tx, booking, team, now) for booking in upcoming}

        return await self._storage.read(work)

    async def set_place(self, act: Act, coach_id: int, place: Place) -> Done | Refusal:
        """Where the coach's sessions are, for offers without a place of their own. `{id}` is the coach."""

        def work(tx: Tx) -> int | Refusal:
            coach = coaches.find(tx, coach_id)
            if coach is None or coach.state is CoachState.REMOVED or not may_keep(act, coach_id):
                return NOT_FOUND
            if not 0 < len(place.details.strip()) <= PLACE_LENGTH:
                return Refusal(Code.CONTRADICTION, "place")
            coaches.set_place(tx, coach_id, Place(place.kind, place.details.strip()))
            before = None if coach.place is None else coach.place.kind.value
            note(tx, act, "coach.place", Subject("coach", coach_id), {"kind": before}, {"kind": place.kind.value})
            practice.answered(tx, Question.PLACE)
            launch.open_if_ready(tx, act, self._deployment)
            return coach_id

        return await once(self._storage, act, work)

    async def set_about(self, act: Act, coach_id: int, about: str | None) -> Done | Refusal:
        """Who the coach is, in one line; None shows nothing."""

        def work(tx: Tx) -> int | Refusal:
            coach = coaches.find(tx, coach_id)
            if coach is None or coach.state is CoachState.REMOVED or not may_keep(act, coach_id):
                return NOT_FOUND
            coaches.set_about(tx, coach_id, None if about is None else about[:ABOUT_LENGTH])
            note(tx, act, "coach.about", Subject("coach", coach_id))
            return coach_id

        return await once(self._storage, act, work)

    async def set_zone(self, act: Act, coach_id: int, zone: str) -> Done | Refusal:
        """The zone in which the coach's hours are meant: 9:00 stays 9:00 and is another instant from now on."""

        def work(tx: Tx) -> int | Refusal:
            coach = coaches.find(tx, coach_id)
            if coach is None or coach.state is CoachState.REMOVED or not may_keep(act, coach_id):
                return NOT_FOUND
            if not is_zone(zone):
                return Refusal(Code.CONTRADICTION, "zone")
            coaches.set_zone(tx, coach_id, zone)
            note(tx, act, "coach.zone", Subject("coach", coach_id), {"zone": coach.zone}, {"zone": zone})
            return coach_id

        return await once(self._storage, act, work)

    async def pause(self, act: Act, coach_id: int) -> Done | Refusal:
        """Take no new bookings until resumed; those that exist stay. CHANGED when already paused."""
        return await self._switch(act, coach_id, CoachState.ACTIVE, CoachState.PAUSED)

    async def resume(self, act: Act, coach_id: int) -> Done | Refusal:
        """Take bookings again. CHANGED when not paused."""
        return await self._switch(act, coach_id, CoachState.PAUSED, CoachState.ACTIVE)

    async def _switch(self, act: Act, coach_id: int, was: CoachState, becomes: CoachState) -> Done | Refusal:
        def work(tx: Tx) -> int | Refusal:
            coach = coaches.find(tx, coach_id)
            if coach is None or coach.state is CoachState.REMOVED or not may_keep(act, coach_id):
                return NOT_FOUND
            if not coaches.set_state(tx, coach_id, [was], becomes):
                return Refusal(Code.CHANGED)
            about, before, after = Subject("coach", coach_id), {"state": was.value}, {"state": becomes.value}
            note(tx, act, f"coach.{becomes.value}", about, before, after)
            launch.open_if_ready(tx, act, self._deployment)
            return coach_id

        return await once(self._storage, act, work)

    async def remove(self, act: Act, coach_id: int, fates: Mapping[int, Fate]) -> Done | Refusal:
        """Make the person a coach no more. `fates` says for each upcoming booking: kept, which leaves it theirs to see,
        to write about and to settle; cancelled with a full refund; or kept while its client is asked about another
        coach. CHANGED with `missing`, booking ids, when one is not named, since somebody booked meanwhile, or when that
        other coach has no time for it any more.
        """

        def work(tx: Tx) -> int | Refusal:
            tx.lock_coach(coach_id)
            coach = coaches.find(tx, coach_id)
            if not may(act.person, Permission.KEEP_TEAM) or coach is None or coach.state is CoachState.REMOVED:
                return NOT_FOUND
            upcoming = bookings.upcoming_of_coach(tx, coach_id, act.now)
            if missing := [booking.id for booking in upcoming if booking.id not in fates]:
                return Refusal(Code.CHANGED, missing=missing)
            booking_changes.hold_credits(tx, upcoming)
            coaches.set_state(tx, coach_id, [CoachState.ACTIVE, CoachState.PAUSED], CoachState.REMOVED)
            offers.drop_coach(tx, coach_id)
            for booking in upcoming:
                if fates[booking.id] == "cancel":
                    booking_changes.cancel_by_practice(tx, self._react, booking, act.person, act.cause)
                else:  # it cannot be moved any more, and messages that say so are out
                    proposals.close(tx, booking.id, ProposalState.WITHDRAWN)
                    outbox.ask_correction(tx, booking.subject, act.now)
                    ask_owners_how_it_went(tx, booking, act.now)
            for booking in upcoming:
                if not self._hand_over(tx, act, booking, fates[booking.id]):
                    return Refusal(Code.CHANGED, missing=[booking.id])
            kept = [booking.id for booking in upcoming if fates[booking.id] != "cancel"]
            about = Subject("coach", coach_id)
            note(tx, act, "coach.removed", about, {"state": coach.state.value}, {"kept": kept})
            if coach.person_id != act.person.id:
                key = f"removed:{coach_id}:{to_epoch(act.now)}"
                address = address_of(NoticeKind.REMOVED, coach_id)
                told = Notice(key, coach.person_id, NoticeKind.REMOVED, address, act.now, subject=about)
                outbox.put(tx, told, act.now)
            return coach_id

        return await once(self._storage, act, work)

    @staticmethod
    def _hand_over(tx: Tx, act: Act, booking: Booking, fate: Fate) -> bool:
        """Ask its client where that is what was chosen; False when that coach cannot take it over any more."""
        if not isinstance(fate, int):
            return True
        coach = coaches.find(tx, fate)
        could = [] if coach is None else handover_tx.who_could(tx, booking, [coach], act.now)
        for takeover in could:
            handover_tx.ask(tx, act, booking, takeover)
        return bool(could)
