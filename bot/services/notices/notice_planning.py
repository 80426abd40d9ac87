"""Plans the messages about a booking: notices of what happened, and the reminders before it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.bookings import reminders
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import Notice, NoticeKind, address_of, expiry_of
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Person
from storage.bookings import bookings
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch
from storage.notices import outbox
from storage.people import people
from storage.practice import practice

ANSWER_GOES_FIRST = timedelta(seconds=10)
"""The answer to somebody's own act becomes the message about it; only where it was lost does the outbox send one."""


def tell(tx: Tx, kind: NoticeKind, booking: Booking, to_person_id: int, version: int, now: datetime) -> None:
    """Write one notice about the booking, due at once. Each version of a booking gets a kind once."""
    outbox.put_all(tx, [notice(kind, booking, to_person_id, version, now)], now)


def tell_event(tx: Tx, kind: NoticeKind, booking: Booking, to_person_id: int, event: int, now: datetime) -> None:
    """Write one notice about an event of the booking, such as one of its refunds; its address names both."""
    told = notice(kind, booking, to_person_id, event, now)
    outbox.put(tx, replace(told, address=address_of(kind, booking.id, event)), now)


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


def tell_confirmed(tx: Tx, booking: Booking, now: datetime, by: int | None) -> None:
    """Both sides hear that the session takes place, and are reminded of it; `by` is the person who made it so."""
    both = dict.fromkeys((booking.person_id, booking.coach_person_id))
    due = {each: now + ANSWER_GOES_FIRST if each == by else now for each in both}
    told = [notice(NoticeKind.BOOKED, booking, each, booking.version, due[each]) for each in both]
    outbox.put_all(tx, told + _ahead(tx, booking, now), now)


def plan_reminders(tx: Tx, booking: Booking, now: datetime) -> None:
    """Reminders of a new version of a confirmed booking for both sides, and the coach's question of how it went."""
    outbox.put_all(tx, _ahead(tx, booking, now), now)


def _ahead(tx: Tx, booking: Booking, now: datetime) -> list[Notice]:
    those = people.find_many(tx, {booking.person_id, booking.coach_person_id})
    planned = [each for person in those for each in _reminders(tx, booking, person, now)]
    if booking.ends > now:
        coach = booking.coach_person_id
        planned.append(notice(NoticeKind.SETTLE, booking, coach, booking.version, booking.ends))
    return planned


def replan(tx: Tx, person_id: int, now: datetime) -> None:
    """The person's wishes (leads, on or off, zone) changed: all reminders not yet sent are planned anew."""
    person = people.find(tx, person_id)
    if person is None:
        return
    outbox.cancel(tx, person_id=person_id, kinds={NoticeKind.REMINDER}, note="replanned")
    standing = bookings.upcoming(tx, person_id, now)
    if person.coach_id is not None:
        standing += bookings.upcoming_of_coach(tx, person.coach_id, now)
    for booking in {each.id: each for each in standing}.values():
        if booking.state is BookingState.CONFIRMED:
            _plan_anew(tx, booking, person, now)


def _plan_anew(tx: Tx, booking: Booking, person: Person, now: datetime) -> None:
    """Plan again without repeating what was told of this version."""
    version = f"{_version_of(booking)}:"
    told = {
        row.notice.address
        for row in outbox.of_subjects(tx, [booking.subject], {NoticeKind.REMINDER})
        if row.notice.person_id == person.id
        and row.notice.key.startswith(version)
        and row.state in (Delivery.SENT, Delivery.SENDING, Delivery.UNCERTAIN)
    }
    planned = _reminders(tx, booking, person, now)
    outbox.put_all(tx, [each for each in planned if each.address not in told], now)


def _version_of(booking: Booking) -> str:
    return f"booking:{booking.id}:{booking.version}:{NoticeKind.REMINDER}"


def _reminders(tx: Tx, booking: Booking, person: Person, now: datetime) -> list[Notice]:
    if not person.reminders:
        return []
    own_zone = booking.client_zone if person.id == booking.person_id else booking.coach_zone
    leads = reminders.DEFAULT_LEADS_MIN if person.leads is None else person.leads
    quiet = practice.get(tx).quiet
    planned = reminders.plan(to_epoch(booking.starts), to_epoch(now), leads, quiet, person.zone or own_zone)
    return [
        Notice(
            # The person's version is part of the key: a reminder that was switched off can come back.
            key=f"{_version_of(booking)}:{each.lead_min}:{person.id}.{person.version}",
            person_id=person.id,
            kind=NoticeKind.REMINDER,
            address=address_of(NoticeKind.REMINDER, booking.id, each.lead_min),
            due=from_epoch(each.due),
            expires=from_epoch(each.expires),
            subject=booking.subject,
        )
        for each in planned
    ]
