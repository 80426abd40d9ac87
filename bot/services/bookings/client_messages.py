"""Passes words between the client and the coach of a booking, and that one of them runs late."""

from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.messages import Message
from bot.domain.bookings.policy import Actor
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Person
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.bookings import bookings, messages
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import people


@dataclass(frozen=True)
class Passed:
    """A message with its booking, the names of who wrote it and to whom, and who reads an answer of this reader's."""

    message: Message
    booking: Booking
    from_name: str
    to_name: str
    answer_to: Person


class Messages:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def send(self, act: Act, booking_id: int, text: str) -> Done | Refusal:
        """From client to coach or back, as the person of the act is. `{id}` is the message."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, text=text))

    async def reply(self, act: Act, message_id: int, text: str) -> Done | Refusal:
        """To whoever wrote the message, or once more to whom it was written. `{id}` is the answer."""

        def work(tx: Tx) -> int | Refusal:
            passed = _passed(tx, act.person, message_id)
            if passed is None:
                return Refusal(Code.NOT_FOUND)
            return _pass_on(tx, act, passed.booking.id, text=text, to=passed.answer_to.id)

        return await once(self._storage, act, work)

    async def late(self, act: Act, booking_id: int, minutes: int) -> Done | Refusal:
        """`minutes` late: read in the other side's own language. ALREADY_OVER once the session has ended."""
        return await once(self._storage, act, lambda tx: _pass_on(tx, act, booking_id, late_min=minutes))

    async def find(self, person: Person, message_id: int) -> Passed | None:
        """The message, for its sender and its recipient; None for others."""

        return await self._storage.read(lambda tx: _passed(tx, person, message_id))


def _passed(tx: Tx, reader: Person, message_id: int) -> Passed | None:
    message = messages.find(tx, message_id)
    if message is None or reader.id not in (message.from_person_id, message.to_person_id):
        return None
    booking = bookings.find(tx, message.booking_id)
    assert booking is not None
    both = {each.id: each for each in people.find_many(tx, {message.from_person_id, message.to_person_id})}
    sender, receiver = both[message.from_person_id], both[message.to_person_id]
    other = receiver if reader.id == sender.id else sender
    if booking_changes.side(other, booking) is None:  # an owner of then, who is none any more
        other = people.find(tx, booking.coach_person_id) or other
    return Passed(message, booking, sender.name, receiver.name, other)


def _pass_on(
    tx: Tx, act: Act, booking_id: int, text: str = "", late_min: int | None = None, to: int | None = None
) -> int | Refusal:
    """`to`: the person who reads it, where that is not the other side of the booking."""
    booking = bookings.find(tx, booking_id)
    actor = None if booking is None else booking_changes.side(act.person, booking)
    if booking is None or actor is None:
        return Refusal(Code.NOT_FOUND)
    if late_min is not None and (booking.state is not BookingState.CONFIRMED or booking.ends <= act.now):
        return Refusal(Code.ALREADY_OVER)
    if to is None:
        to = booking.coach_person_id if actor is Actor.CLIENT else booking.person_id
    message_id = messages.insert(
        tx, booking_id=booking.id, from_person_id=act.person.id, to_person_id=to,
        text=text, late_min=late_min, now=act.now,
    )  # fmt: skip
    address = address_of(NoticeKind.MESSAGE, message_id)
    notice = Notice(f"message:{message_id}", to, NoticeKind.MESSAGE, address, act.now, subject=booking.subject)
    outbox.put(tx, notice, act.now)
    note(tx, act, "message.sent", booking.subject, after={"message": message_id})
    return message_id
