"""Passes words between the client and the coach of a booking, and that one of them runs late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.messages import Message
from bot.domain.bookings.policy import Actor
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Account, Person
from bot.domain.practice.client_limits import Limit
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.bookings import bookings, messages
from storage.engine import Storage, Tx
from storage.notices import answered, outbox
from storage.people import people, roles


@dataclass(frozen=True)
class Passed:
    """A message with its booking, and the names of who wrote it and to whom."""

    message: Message
    booking: Booking
    from_name: str
    to_name: str


ANSWERED_WITHIN = timedelta(hours=1)


class Messages:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def reader(self, person: Person, booking: Booking, now: datetime, to: int | None = None) -> Person:
        """Who reads what this person writes about the booking: the other side of it, or the person `to`, if that is one
        of its sides or an owner. An owner does once its coach has left and it is over."""
        return await self._storage.read(lambda tx: _reader(tx, person, booking, now, to))

    async def send(self, act: Act, booking_id: int, text: str, to: int | None = None) -> Done | Refusal:
        """To whom `reader` names. `{id}` is the message. LIMIT where a client has written a lot in a short while."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, text=text, to=to))

    async def late(self, act: Act, booking_id: int, minutes: int) -> Done | Refusal:
        """`minutes` late: read in the other side's own language; where an owner says it of a coach, by that coach too.
        ALREADY_OVER once the session has ended."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, late_min=minutes))

    async def to_answer(self, account: Account, now: datetime, message_ref: str | None = None) -> int | None:
        """The id of the message that words typed on this account answer: the one in `message_ref`, or else the last
        one, if it came within the hour."""
        since = now - ANSWERED_WITHIN
        found = await self._storage.read_one(
            lambda tx: answered.address_of_last(tx, account, NoticeKind.MESSAGE, since, message_ref)
        )
        number = (found or "").removeprefix(address_of(NoticeKind.MESSAGE) + "/")
        return int(number) if number.isdecimal() else None

    async def find(self, person: Person, message_id: int, now: datetime) -> Passed | None:
        """The message, for its sender and its recipient; None for others, and for who has no part in it any more."""

        def work(tx: Tx) -> Passed | None:
            message = messages.find(tx, message_id)
            if message is None or person.id not in (message.from_person_id, message.to_person_id):
                return None
            booking = bookings.find(tx, message.booking_id)
            if booking is None or booking_changes.side(person, booking, now) is None:
                return None
            names = people.names(tx, [message.from_person_id, message.to_person_id])
            return Passed(message, booking, names[message.from_person_id], names[message.to_person_id])

        return await self._storage.read(work)


def _pass_on(
    tx: Tx, act: Act, booking_id: int, text: str = "", late_min: int | None = None, to: int | None = None
) -> int | Refusal:
    booking = bookings.find(tx, booking_id)
    side = None if booking is None else booking_changes.side(act.person, booking, act.now)
    if booking is None or side is None:
        return Refusal(Code.NOT_FOUND)
    if late_min is not None and (booking.state is not BookingState.CONFIRMED or booking.ends <= act.now):
        return Refusal(Code.ALREADY_OVER)
    if side is Actor.CLIENT and (many := limits.refusal(tx, act, Limit.MESSAGES)):
        return many
    message_id = _write(tx, act, booking, _reader(tx, act.person, booking, act.now, to).id, text, late_min)
    if late_min is not None and act.person.id not in (booking.person_id, booking.coach_person_id):
        _write(tx, act, booking, booking.coach_person_id, text, late_min)
    return message_id


def _write(tx: Tx, act: Act, booking: Booking, reader: int, text: str, late_min: int | None) -> int:
    message_id = messages.insert(
        tx, booking_id=booking.id, from_person_id=act.person.id, to_person_id=reader,
        text=text, late_min=late_min, now=act.now,
    )  # fmt: skip
    address = address_of(NoticeKind.MESSAGE, message_id)
    notice = Notice(f"message:{message_id}", reader, NoticeKind.MESSAGE, address, act.now, subject=booking.subject)
    outbox.put(tx, notice, act.now)
    note(tx, act, "message.sent", booking.subject, after={"message": message_id})
    return message_id


def _reader(tx: Tx, writer: Person, booking: Booking, now: datetime, to: int | None) -> Person:
    named = None if to in (None, writer.id) else people.find(tx, to)
    if named is not None and booking_changes.side(named, booking, now) is not None:
        return named
    other = people.find(tx, _of_practice(tx, booking, now) if writer.id == booking.person_id else booking.person_id)
    assert other is not None
    return other


def _of_practice(tx: Tx, booking: Booking, now: datetime) -> int:
    """Who answers for the practice: its coach, or an owner where that one has left."""
    if booking.is_given_by(booking.coach_person_id, now):
        return booking.coach_person_id
    return next(iter(roles.owner_ids(tx)), booking.coach_person_id)
