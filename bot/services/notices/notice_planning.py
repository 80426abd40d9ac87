"""Plans the messages about a booking: notices of what happened, and the reminders before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.bookings import afterwards, reminders
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.reminders import Planned
from bot.domain.notices.notices import Notice, NoticeKind, address_of, expiry_of
from bot.domain.notices.outgoing import OutboxRow
from bot.domain.people.people import Person
from bot.domain.subjects import Subject
from storage.bookings import bookings
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch
from storage.notices import outbox
from storage.notices.readdressed import readdress
from storage.people import people, roles
from storage.practice import practice

ANSWER_GOES_FIRST = timedelta(seconds=10)
"""The answer to somebody's own act becomes the message about it; only where it was lost does the outbox send one."""


def tell(tx: Tx, kind: NoticeKind, booking: Booking, to_person_id: int, version: int, now: datetime) -> None:
    """Write one notice about the booking, due at once. Each version of a booking gets a kind once."""
    outbox.put_all(tx, [notice(kind, booking, to_person_id, version, now)], now)


def tell_event(tx: Tx, kind: NoticeKind, booking: Booking, to_person_id: int, event: int, now: datetime) -> None:
    """Write one notice about an event of the booking, such as one of its refunds; its address names both."""
    told = notice(kind, booking, to_person_id, event, now)
    outbox.put_all(tx, [replace(told, address=address_of(kind, booking.id, event))], now)


def notice(kind: NoticeKind, booking: Booking, to_person_id: int, version: int, due: datetime) -> Notice:
    """One notice about the booking. Each version of a booking gets a kind once."""
    return Notice(
        key=f"booking:{booking.id}:{version}:{kind}:{to_person_id}",
        person_id=to_person_id,
        kind=kind,
        address=address_of(kind, booking.id),
        due=due,
        expires=expiry_of(kind, due),
        subject=booking.subject,
    )


def tell_confirmed(tx: Tx, booking: Booking, now: datetime, by: int | None, those: Sequence[Person] = ()) -> None:
    """Both sides hear that the session takes place, and are reminded of it; `by` is the person who made it so.

    `those` are both of them, where they were read already.
    """
    both = dict.fromkeys((booking.person_id, booking.coach_person_id))
    due = {each: now + ANSWER_GOES_FIRST if each == by else now for each in both}
    told = [notice(NoticeKind.BOOKED, booking, each, booking.version, due[each]) for each in both]
    outbox.put_all(tx, told + _ahead(tx, booking, now, those=those), now)


def tell_planned(
    tx: Tx, booking: Booking, plan_id: int, now: datetime, by: int | None, those: Sequence[Person] = ()
) -> None:
    """As `tell_confirmed`, for one of several that were planned together: one message tells of all of them."""
    told = [
        Notice(
            key=f"plan:{plan_id}:{NoticeKind.PLANNED}:{each}",
            person_id=each,
            kind=NoticeKind.PLANNED,
            address=address_of(NoticeKind.PLANNED, plan_id),
            due=now + ANSWER_GOES_FIRST if each == by else now,
            subject=Subject("plan", plan_id),
        )
        for each in dict.fromkeys((booking.person_id, booking.coach_person_id))
    ]
    outbox.put_all(tx, told + _ahead(tx, booking, now, those=those), now)


def plan_reminders(tx: Tx, booking: Booking, now: datetime, those: Sequence[Person] = ()) -> None:
    """Reminders of a confirmed booking that was moved for both sides, and the coach's question of how it went.

    Where a reminder of the old time is out and another will come, the one that is out only says where it went.
    """
    outs = outbox.reminders_out(tx, booking.subject)
    ahead = _ahead(tx, booking, now, outs, those)
    again = {(each.person_id, each.address) for each in ahead}
    told = [row.id for row in outs if (row.notice.person_id, row.notice.address) in again]
    readdress(tx, told, address_of(NoticeKind.REMINDER, booking.id, "moved"))
    outbox.put_all(tx, ahead, now)


def _ahead(
    tx: Tx, booking: Booking, now: datetime, outs: Sequence[OutboxRow] = (), those: Sequence[Person] = ()
) -> list[Notice]:
    """What is planned of a booking that was made or moved at this moment; what is due at once is being said anyway."""
    those = those or people.find_many(tx, {booking.person_id, booking.coach_person_id})
    planned = [each for person in those for each in _reminders(tx, booking, person, now, outs) if each.due > now]
    if booking.ends > now:
        coach = booking.coach_person_id
        planned += _settling(tx, booking)
        planned += [_thanks(booking, person) for person in those if person.id == booking.person_id != coach]
    return planned


def _settling(tx: Tx, booking: Booking) -> list[Notice]:
    """The question of how it went: for its coach, or for the owners where that one has left by then."""
    asked = roles.owner_ids(tx) if booking.coach_gone else [booking.coach_person_id]
    return [notice(NoticeKind.SETTLE, booking, each, booking.version, booking.ends) for each in asked]


def ask_owners_how_it_went(tx: Tx, booking: Booking, now: datetime) -> None:
    """Its coach has left, and will not be asked."""
    outbox.cancel(tx, subject=booking.subject, kinds={NoticeKind.SETTLE}, note="coach_left")
    if booking.state is BookingState.CONFIRMED:
        outbox.put_all(tx, _settling(tx, replace(booking, coach_gone=True)), now)


def _thanks(booking: Booking, client: Person) -> Notice:
    """Planned whatever the client wishes now: its page judges that, and how the session ended, when it is due."""
    due = from_epoch(afterwards.due(to_epoch(booking.ends), client.zone or booking.client_zone))
    return notice(NoticeKind.THANKS, booking, client.id, booking.version, due)


def replan(tx: Tx, person_id: int, now: datetime) -> None:
    """The person's wishes (leads, on or off, zone) changed: all reminders not yet sent are planned anew."""
    person = next(iter(people.find_many(tx, [person_id])), None)
    if person is None:
        return
    outbox.cancel(tx, person_id=person_id, kinds={NoticeKind.REMINDER}, note="replanned")
    standing = bookings.upcoming(tx, person_id, now)
    if person.gives_sessions_of is not None:
        standing += bookings.upcoming_of_coach(tx, person.gives_sessions_of, now)
    for booking in {each.id: each for each in standing}.values():
        if booking.state is BookingState.CONFIRMED:
            outbox.put_all(tx, _reminders(tx, booking, person, now, outbox.reminders_out(tx, booking.subject)), now)


def _reminders(tx: Tx, booking: Booking, person: Person, now: datetime, outs: Sequence[OutboxRow] = ()) -> list[Notice]:
    """The reminders of this version to come; none that its person was told already, or of its old time just now."""
    leads = reminders.wanted(person)
    if not leads:
        return []
    client = person.id == booking.person_id
    zone = person.zone or (booking.client_zone if client else booking.coach_zone)
    cut_offs = reminders.cut_offs(booking) if client and person.leads is None else ()
    quiet = practice.get(tx).quiet
    planned = reminders.plan(to_epoch(booking.starts), to_epoch(now), leads, quiet, zone, cut_offs)
    mine = [row for row in outs if row.notice.person_id == person.id]
    planned = [each for each in planned if not _told(booking, each, mine, now)]
    ends = [*(each.due for each in planned), to_epoch(booking.starts)][1:]
    return [
        Notice(
            # The person's version is part of the key: a reminder that was switched off can come back.
            key=f"{_version_of(booking)}:{each.lead_min}:{person.id}.{person.version}",
            person_id=person.id,
            kind=NoticeKind.REMINDER,
            address=address_of(NoticeKind.REMINDER, booking.id, each.lead_min),
            due=from_epoch(each.due),
            expires=from_epoch(end),  # the next one says all that it could
            subject=booking.subject,
        )
        for each, end in zip(planned, ends, strict=True)
    ]


def _told(booking: Booking, planned: Planned, outs: Sequence[OutboxRow], now: datetime) -> bool:
    address = address_of(NoticeKind.REMINDER, booking.id, planned.lead_min)
    same = [row for row in outs if row.notice.address == address]
    version = f"{_version_of(booking)}:"
    return any(row.notice.key.startswith(version) or planned.repeats(to_epoch(row.sent_at or now)) for row in same)


def _version_of(booking: Booking) -> str:
    return f"booking:{booking.id}:{booking.version}:{NoticeKind.REMINDER}"
