"""Passes messages between client and coach, keeps who wants to hear of free times, and repeats lost answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.messages import Message
from bot.domain.bookings.policy import Actor
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.people.people import Account, Person
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import OfferState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.calendar import free_times
from bot.services.calendar.times import has_hours, next_free
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.bookings import bookings, messages, waits
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import adopted_replies, outbox
from storage.people import conversations, people
from storage.practice import coaches, offers

TOLD_AT_ONCE = 100
"""Rows written in one transaction: others are not kept waiting."""

ANSWER = "answer"
"""Head of the address at which a lost answer is kept: the version of the conversation that it left, then its own."""

ANSWER_KEPT = timedelta(minutes=15)
"""Later than that, an answer that did not get through helps nobody."""


@dataclass(frozen=True)
class Passed:
    """A message with its booking; `from_name` is the sender's name."""

    message: Message
    booking: Booking
    from_name: str


class Messages:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def send(self, act: Act, booking_id: int, text: str) -> Done | Refusal:
        """From client to coach or back, as the person of the act is. `{id}` is the message."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, text=text))

    async def late(self, act: Act, booking_id: int, minutes: int) -> Done | Refusal:
        """`minutes` late: read in the other side's own language. ALREADY_OVER once the session has ended."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, late_min=minutes))

    async def find(self, person: Person, message_id: int) -> Passed | None:
        """For its sender and its recipient."""

        def work(tx: Tx) -> Passed | None:
            message = messages.find(tx, message_id)
            if message is None or person.id not in (message.from_person_id, message.to_person_id):
                return None
            booking, sender = bookings.find(tx, message.booking_id), people.find(tx, message.from_person_id)
            assert booking is not None
            assert sender is not None
            return Passed(message, booking, sender.name)

        return await self._storage.read(work)

    async def wait(self, act: Act, offer_id: int, coach_id: int | None) -> Done | Refusal:
        """Tell this person, once, when times are free. A coach without hours is asked for some, once a day."""

        def work(tx: Tx) -> int | Refusal:
            offer = offers.find(tx, offer_id)
            if offer is None or offer.state is OfferState.ARCHIVED:
                return Refusal(Code.NOT_FOUND)
            made = waits.put(tx, act.person.id, offer_id, coach_id, act.now)
            for coach in free_times.candidates(tx, offer, coach_id):
                if not has_hours(coach, act.now) and coaches.ask_for_hours(tx, coach.id, act.now):
                    _ask_for_hours(tx, coach, act.now)
            return made

        return await once(self._storage, act, work)

    async def adopt(
        self, account: Account, kind: NoticeKind, subject: Subject, chat_ref: str, message_ref: str, now: datetime
    ) -> str | None:
        """The answer to an act became its one message; returns the message that was it before.

        Where the answer was lost, the outbox row says it some seconds later.
        """

        def work(tx: Tx) -> str | None:
            before = adopted_replies.adopt(tx, subject, kind, account, chat_ref, message_ref, now)
            conversations.set_living(tx, account.id, None)
            return before

        return await self._storage.write(work)

    async def say_now(self, account: Account, kind: NoticeKind, subject: Subject, now: datetime) -> None:
        """The answer to an act stands where it cannot be kept: its message does not wait for it."""
        await self._storage.write(lambda tx: adopted_replies.hurry(tx, subject, kind, account.person_id, now))

    async def say_again(self, account: Account, address: str, now: datetime, after: timedelta) -> None:
        """What stands at this address was shown, and was not seen or perhaps not: said again on the same account,
        unless the conversation has gone on by then."""

        def work(tx: Tx) -> None:
            version = conversations.find(tx, account.id, now).version
            key, to = f"answer:{account.id}:{version}", f"{ANSWER}/{version}/{address}"
            due = now + after
            notice = Notice(key, account.person_id, NoticeKind.ANSWER, to, due, due + ANSWER_KEPT)
            outbox.put(tx, notice, now, account_id=account.id)

        await self._storage.write(work)

    async def tell_waiting(self, now: datetime) -> int:
        """Write a notice to everybody whose wish can now be met; how many."""
        told = 0
        for offer_id, coach_id in await self._storage.read(waits.wishes):
            # Looked for without the writer, which is not to be kept from its work by wishes that cannot be met.
            free = partial(_is_free, offer_id=offer_id, coach_id=coach_id, now=now)
            if await self._storage.read(free):
                while part := await self._storage.write(partial(_tell_free, offer_id, coach_id, now)):
                    told += part
        return told


def _pass_on(tx: Tx, act: Act, booking_id: int, text: str = "", late_min: int | None = None) -> int | Refusal:
    booking = bookings.find(tx, booking_id)
    actor = None if booking is None else booking_changes.side(act.person, booking)
    if booking is None or actor is None:
        return Refusal(Code.NOT_FOUND)
    if late_min is not None and (booking.state is not BookingState.CONFIRMED or booking.ends <= act.now):
        return Refusal(Code.ALREADY_OVER)
    to = booking.coach_person_id if actor is Actor.CLIENT else booking.person_id
    message_id = messages.insert(
        tx, booking_id=booking.id, from_person_id=act.person.id, to_person_id=to,
        text=text, late_min=late_min, now=act.now,
    )  # fmt: skip
    address = f"message/{message_id}"
    notice = Notice(f"message:{message_id}", to, NoticeKind.MESSAGE, address, act.now, subject=booking.subject)
    outbox.put(tx, notice, act.now)
    note(tx, act, "message.sent", booking.subject, after={"message": message_id})
    return message_id


def _ask_for_hours(tx: Tx, coach: Coach, now: datetime) -> None:
    key, address = f"needs-hours:{coach.id}:{to_epoch(now)}", f"needs-hours/{coach.id}"
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
        key, address, about = f"wait:{wait.id}", f"free/{offer_id}", Subject("wait", wait.id)
        notice = Notice(key, wait.person_id, NoticeKind.TIMES_FREE, address, now, subject=about)
        outbox.put(tx, notice, now)
    return len(told)
