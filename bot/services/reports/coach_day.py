"""Reports for a coach: a day, past sessions, and the clients."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.credit_cover import no_show_fee
from bot.domain.bookings.proposals import Proposal
from bot.domain.calendar.local_dates import whole_day
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery, OutboxRow
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings, clients, proposals
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.notices import outbox
from storage.people import people
from storage.practice.catalogue import snapshot

UNDO_FOR = timedelta(days=1)
SETTLE_WITHIN = timedelta(days=14)


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
    """`next` and `last` are starts; `count` sessions that took place; `unpaid` holds that wait for money.

    `coaches`: the names of those with whom they booked; none in the list of one coach. `only_bought`: they have a
    package and booked nothing yet.
    """

    person_id: int
    name: str
    next: datetime | None
    last: datetime | None
    count: int
    reachable: tuple[Platform, ...]
    unpaid: int
    coaches: tuple[str, ...] = ()
    only_bought: bool = False


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
    """Reports for one coach or all. The handlers check who may ask. `react`: what follows when a session is settled."""

    def __init__(self, storage: Storage, react: Reaction) -> None:
        self._storage = storage
        self._react = react

    async def sessions(self, coach_id: int, day: date, zone: str, now: datetime) -> list[DaySession]:
        """Held and confirmed sessions that start on that day of `zone`'s calendar, in order."""
        since, until = whole_day(day, zone)

        def work(tx: Tx) -> list[DaySession]:
            found = [each for each in bookings.between(tx, coach_id, since, until) if not each.is_hold_over(now)]
            rows = outbox.of_subjects(tx, [each.subject for each in found], {NoticeKind.REMINDER})
            before: datetime | None = None
            sessions = []
            for booking in found:
                gap = None if before is None else int((booking.starts - before).total_seconds()) // 60
                sessions.append(DaySession(booking, _reminded(booking, rows), gap))
                before = booking.ends
            return sessions

        return await self._storage.read(work)

    async def of_practice(self, day: date, zone: str, now: datetime) -> list[Booking]:
        """As `sessions`, of all coaches, those who left among them."""
        since, until = whole_day(day, zone)

        def work(tx: Tx) -> list[Booking]:
            found = [each for coach_id in snapshot(tx).coach for each in bookings.between(tx, coach_id, since, until)]
            return sorted(found, key=lambda each: (each.starts, each.id))

        return [each for each in await self._storage.read(work) if not each.is_hold_over(now)]

    async def coming(self, coach_id: int, now: datetime) -> list[Booking]:
        """The coach's held and confirmed sessions that have not ended, in order."""
        found = await self._storage.read(lambda tx: bookings.upcoming_of_coach(tx, coach_id, now))
        return [each for each in found if not each.is_hold_over(now)]

    async def next_session(self, coach_id: int, after: datetime, now: datetime) -> Booking | None:
        """The first held or confirmed session that starts at `after` or later."""
        found = await self._storage.read(lambda tx: bookings.upcoming_of_coach(tx, coach_id, max(after, now)))
        return next((each for each in found if each.starts >= after and not each.is_hold_over(now)), None)

    async def settle(
        self, act: Act, booking_id: int, version: int, outcome: Outcome, fee: Money | None = None
    ) -> Done | Refusal:
        """Record how a session went, once it has started (CHANGED before). `{id}` is the booking.

        `fee`: charged for not coming, as its client agreed to; CHANGED where that is another.
        """

        def work(tx: Tx) -> int | Refusal:
            booking = _of_its_coach(tx, act, booking_id, version)
            if isinstance(booking, Refusal):
                return booking
            if booking.starts > act.now:
                return Refusal(Code.CHANGED)
            if fee is not None and (outcome is not Outcome.NO_SHOW or no_show_fee(booking, act.now) != fee):
                return Refusal(Code.CHANGED)
            return self._settle(tx, act, booking, outcome, fee)

        return await once(self._storage, act, work)

    async def unsettle(self, act: Act, booking_id: int, version: int) -> Done | Refusal:
        """Take a settled outcome back, within a day; ALREADY_OVER later."""

        def work(tx: Tx) -> int | Refusal:
            booking = _of_its_coach(tx, act, booking_id, version)
            if isinstance(booking, Refusal):
                return booking
            if booking.outcome_at is None or act.now >= booking.outcome_at + UNDO_FOR:
                return Refusal(Code.ALREADY_OVER)
            return self._settle(tx, act, booking, None)

        return await once(self._storage, act, work)

    async def settled_by(self, booking: Booking) -> tuple[int, str] | None:
        """The id and the name of who said how it went; None where nobody did."""

        def work(tx: Tx) -> tuple[int, str] | None:
            trail = (each for each in audit.of_subject(tx, booking.subject) if each.act == "booking.settled")
            last = next(trail, None)
            if last is None or last.person_id is None:
                return None
            return last.person_id, people.names(tx, [last.person_id])[last.person_id]

        return await self._storage.read(work)

    def _settle(
        self, tx: Tx, act: Act, booking: Booking, outcome: Outcome | None, fee: Money | None = None
    ) -> int:  # fmt: skip
        booking_changes.settle(tx, self._react, booking, outcome, act.cause, fee)
        return booking.id

    async def clients(
        self, coach_id: int | None, now: datetime, skip: int, most: int, *, buyers: bool = False
    ) -> list[ClientRow]:
        """Who has a booking with this coach (None: with any), who comes next first, then who came last. `buyers`: and
        who has a package and never booked.

        At most `most`, after the first `skip`.
        """

        def work(tx: Tx) -> list[ClientRow]:
            return _rows(tx, clients.counted(tx, coach_id, now, skip=skip, most=most, buyers=buyers), coach_id)

        return await self._storage.read(work)

    async def client(self, coach_id: int | None, person_id: int, now: datetime) -> ClientPage | None:
        """None when this person never booked with this coach (None: with any, and has no package either)."""

        def work(tx: Tx) -> ClientPage | None:
            found = clients.one(tx, coach_id, now, person_id, buyers=coach_id is None)
            if found is None:
                return None
            return ClientPage(_rows(tx, [found], coach_id)[0], tuple(bookings.of_client(tx, coach_id, person_id)))

        return await self._storage.read(work)

    async def open_questions(self, coach_id: int, now: datetime) -> OpenQuestions:
        """Sessions of the last two weeks to settle, and proposals that wait for their client or their coach."""

        def work(tx: Tx) -> OpenQuestions:
            unsettled = bookings.unsettled(tx, coach_id, now - SETTLE_WITHIN, now)
            return OpenQuestions(tuple(unsettled), tuple(proposals.waiting(tx, coach_id, now)))

        return await self._storage.read(work)


def _of_its_coach(tx: Tx, act: Act, booking_id: int, version: int) -> Booking | Refusal:
    booking = bookings.find(tx, booking_id)
    if booking is None:
        return NOT_FOUND
    if not (booking.is_given_by(act.person.id, act.now) or may(act.person, Permission.KEEP_EVERY_BOOKING)):
        return NOT_FOUND
    if booking.state is not BookingState.CONFIRMED:
        return Refusal(Code.ALREADY_OVER)
    return booking if booking.version == version else Refusal(Code.CHANGED)


def _reminded(booking: Booking, of_the_day: list[OutboxRow]) -> ReminderState:
    """The state of the client's latest reminder that is no longer due."""
    rows = [
        row for row in of_the_day if row.notice.subject == booking.subject and row.notice.person_id == booking.person_id
    ]
    for row in reversed(rows):
        if row.state in (Delivery.SENT, Delivery.UNCERTAIN):
            return ReminderState.SENT
        if row.state is Delivery.DEAD:
            return ReminderState.FAILED
    waits = any(row.state in (Delivery.PENDING, Delivery.SENDING) for row in rows)
    return ReminderState.DUE if waits else ReminderState.NONE


def _rows(tx: Tx, counted: list[clients.ClientCounts], coach_id: int | None) -> list[ClientRow]:
    """With whom somebody books is named to those alone who see the clients of all coaches."""
    those = [each.person_id for each in counted]
    where, with_whom = clients.platforms(tx, those), clients.coach_ids(tx, those) if coach_id is None else {}
    team = snapshot(tx).coach
    return [
        ClientRow(
            person_id=each.person_id,
            name=each.name,
            next=each.next,
            last=each.last,
            count=each.count,
            reachable=where.get(each.person_id, ()),
            unpaid=each.unpaid,
            only_bought=each.only_bought,
            coaches=tuple(team[coach_id].name for coach_id in with_whom.get(each.person_id, ()) if coach_id in team),
        )
        for each in counted
    ]
