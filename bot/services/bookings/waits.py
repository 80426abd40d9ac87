"""Keeps who wants to hear of free times, and tells them once there are some."""

from datetime import datetime
from functools import partial

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.practice.client_limits import Limit, at_limit
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import OfferState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.calendar import free_times
from bot.services.calendar.times import has_hours, next_free
from bot.services.kit.idempotent import once
from storage.bookings import waits
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import outbox
from storage.practice import coaches, offers, practice

TOLD_AT_ONCE = 100
"""Rows written in one transaction: others are not kept waiting."""


class Waits:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def wait(self, act: Act, offer_id: int, coach_id: int | None) -> Done | Refusal:
        """Tell this person, once, when times are free. A coach without hours is asked for some, once a day.

        LIMIT where they wait for as many as they can.
        """

        def work(tx: Tx) -> int | Refusal:
            offer = offers.find(tx, offer_id)
            if offer is None or offer.state is OfferState.ARCHIVED:
                return Refusal(Code.NOT_FOUND)
            made = _put(tx, act, offer_id, coach_id)
            if isinstance(made, Refusal):
                return made
            for coach in free_times.candidates(tx, offer, coach_id):
                if not has_hours(coach, act.now) and coaches.ask_for_hours(tx, coach.id, act.now):
                    _ask_for_hours(tx, coach, act.now)
            return made

        return await once(self._storage, act, work)

    async def tell(self, now: datetime) -> int:
        """Write a notice to everybody whose wish can now be met; how many."""
        told = 0
        for offer_id, coach_id in await self._storage.read(waits.wishes):
            # Looked for without the writer, which is not to be kept from its work by wishes that cannot be met.
            free = partial(_is_free, offer_id=offer_id, coach_id=coach_id, now=now)
            if await self._storage.read(free):
                while part := await self._storage.write(partial(_tell_free, offer_id, coach_id, now)):
                    told += part
        return told


def _put(tx: Tx, act: Act, offer_id: int, coach_id: int | None) -> int | Refusal:
    tx.lock_client(act.person.id)
    open_ones = waits.of_person(tx, act.person.id)
    there = next((each for each in open_ones if (each.offer_id, each.coach_id) == (offer_id, coach_id)), None)
    if there is not None:
        return there.id
    limits = practice.get(tx).limits
    if len(open_ones) >= limits.waits:
        return at_limit(Limit.WAITS, len(open_ones), limits)
    return waits.put(tx, act.person.id, offer_id, coach_id, act.now)


def _ask_for_hours(tx: Tx, coach: Coach, now: datetime) -> None:
    key, address = f"needs-hours:{coach.id}:{to_epoch(now)}", address_of(NoticeKind.NEEDS_HOURS, coach.id)
    about = Subject("coach", coach.id)
    notice = Notice(key, coach.person_id, NoticeKind.NEEDS_HOURS, address, now, subject=about)
    outbox.put(tx, notice, now)


def _is_free(tx: Tx, offer_id: int, coach_id: int | None, now: datetime) -> bool:
    offer = offers.find(tx, offer_id)
    return offer is not None and next_free(tx, offer, coach_id, now, now) is not None


def _tell_free(offer_id: int, coach_id: int | None, now: datetime, tx: Tx) -> int:
    """Tell some of those who wait; how many."""
    if not _is_free(tx, offer_id, coach_id, now):
        return 0
    told = [wait for wait in waits.waiting(tx, offer_id, coach_id, TOLD_AT_ONCE) if waits.mark_told(tx, wait.id, now)]
    for wait in told:
        key, address, about = f"wait:{wait.id}", address_of(NoticeKind.TIMES_FREE, offer_id), Subject("wait", wait.id)
        notice = Notice(key, wait.person_id, NoticeKind.TIMES_FREE, address, now, subject=about)
        outbox.put(tx, notice, now)
    return len(told)
