"""A word from one side of a booking to the other, and "tell me when"."""

from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.bookings import Booking
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.refusals import Done, Refusal
from storage.engine import Storage


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
        raise NotImplementedError

    async def late(self, act: Act, booking_id: int, minutes: int) -> Done | Refusal:
        """"I am running late": read in the other side's own language."""
        raise NotImplementedError

    async def find(self, person: Person, message_id: int) -> Passed | None:
        """For its sender and its recipient."""
        raise NotImplementedError

    async def wait(self, act: Act, offer_id: int, coach_id: int | None) -> Done | Refusal:
        """Tell this person, once, when times are free. A coach without hours is asked for some, once a day."""
        raise NotImplementedError
