"""What a coach looks at: a day, what happened, and the clients."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.bookings import Booking, Outcome
from bot.domain.people import Platform
from bot.domain.proposals import Proposal
from bot.domain.refusals import Done, Refusal
from storage.engine import Storage


class ReminderState(StrEnum):
    """How far the client's reminders of a session are."""

    NONE = "none"  # switched off, or the session was booked too late for any
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"  # the last one could not be delivered


@dataclass(frozen=True)
class DaySession:
    """`gap_min`: free minutes since the session before it on that day, None for the first."""

    booking: Booking
    reminder: ReminderState
    gap_min: int | None


@dataclass(frozen=True)
class ClientRow:
    """`next` and `last` are starts; `count` sessions that took place; `unpaid` holds that wait for money."""

    person_id: int
    name: str
    next: datetime | None
    last: datetime | None
    count: int
    reachable: tuple[Platform, ...]
    unpaid: int


@dataclass(frozen=True)
class ClientPage:
    """A client and the bookings with this coach (or all), latest first."""

    row: ClientRow
    bookings: tuple[Booking, ...]


@dataclass(frozen=True)
class OpenQuestions:
    """What waits for an answer: sessions to settle, and proposals that the client wants other times for."""

    unsettled: tuple[Booking, ...]
    proposals: tuple[Proposal, ...]


class Day:
    """`coach_id` None means the whole practice, for an owner; who may ask is the handler's matter."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def sessions(self, coach_id: int | None, day: date, zone: str) -> list[DaySession]:
        """Held and confirmed sessions that start on that day of `zone`'s calendar, in order."""
        raise NotImplementedError

    async def settle(self, act: Act, booking_id: int, version: int, outcome: Outcome) -> Done | Refusal:
        """As its coach (or owner), once it has started. `{id}` is the booking."""
        raise NotImplementedError

    async def unsettle(self, act: Act, booking_id: int, version: int) -> Done | Refusal:
        """Take a settled outcome back, within a day."""
        raise NotImplementedError

    async def clients(self, coach_id: int | None, now: datetime) -> list[ClientRow]:
        """Everybody with a booking, who comes next first, then who came last."""
        raise NotImplementedError

    async def client(self, coach_id: int | None, person_id: int, now: datetime) -> ClientPage | None:
        """None when this person never booked with this coach."""
        raise NotImplementedError

    async def open_questions(self, coach_id: int | None, now: datetime) -> OpenQuestions:
        """Sessions of the last two weeks to settle and open proposals."""
        raise NotImplementedError
