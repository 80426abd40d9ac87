"""What a booking says by itself: notices of what happened, and the reminders before it."""

from datetime import datetime, timedelta

from bot.domain import reminders
from bot.domain.bookings import Booking, BookingState
from bot.domain.notices import Kind, Notice
from bot.domain.outgoing import Delivery
from bot.domain.people import Person
from storage import bookings, outbox, people, practice
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch

AHEAD = (Kind.REMINDER, Kind.SETTLE)
"""Planned for a version of a booking; those of an older one must not go out."""

ANSWER_GOES_FIRST = timedelta(seconds=10)
"""The answer to somebody's own act becomes the message about it; only where it was lost does the outbox send one."""

SETTLE_FOR = timedelta(days=1)


def tell(tx: Tx, kind: Kind, booking: Booking, to_person_id: int, version: int, now: datetime) -> None:
    """One message about the booking, at once. The same kind of the same version is told once."""
    outbox.put(
        tx,
        Notice(
            key=f"booking:{booking.id}:{version}:{kind}:{to_person_id}",
            person_id=to_person_id,
            kind=kind,
            address=f"notice/{kind}/{booking.id}",
            due=now,
            booking_id=booking.id,
        ),
        now,
    )


def plan_reminders(tx: Tx, booking: Booking, now: datetime) -> None:
    """Reminders of a confirmed booking for both sides, and the coach's question of how it went."""
    for person_id in dict.fromkeys((booking.person_id, booking.coach_person_id)):
        person = people.find(tx, person_id)
        if person is not None:
            _plan_for(tx, booking, person, now)
    if booking.ends > now:
        _ask_outcome(tx, booking, now)


def replan(tx: Tx, person_id: int, now: datetime) -> None:
    """The person's wishes (leads, on or off, zone) changed: all reminders not yet sent are planned anew."""
    person = people.find(tx, person_id)
    if person is None:
        return
    outbox.cancel(tx, person_id=person_id, kinds={Kind.REMINDER}, note="replanned")
    standing = bookings.upcoming(tx, person_id, now)
    if person.coach_id is not None:
        standing += bookings.upcoming_of_coach(tx, person.coach_id, now)
    for booking in {each.id: each for each in standing}.values():
        if booking.state is BookingState.CONFIRMED:
            _plan_for(tx, booking, person, now)


def forget(tx: Tx, booking: Booking, note: str, now: datetime) -> None:
    """What was to be said of the booking as it was is not said; what was said is to be corrected."""
    outbox.cancel(tx, booking_id=booking.id, kinds={*AHEAD, *_AS_IT_WAS}, note=note)
    outbox.ask_correction(tx, booking.id, now)


_AS_IT_WAS = (Kind.HOLD, Kind.BOOKED, Kind.MOVED, Kind.PROPOSAL)


def _plan_for(tx: Tx, booking: Booking, person: Person, now: datetime) -> None:
    if not person.reminders:
        return
    own_zone = booking.client_zone if person.id == booking.person_id else booking.coach_zone
    leads = reminders.DEFAULT_LEADS_MIN if person.leads is None else person.leads
    quiet = practice.get(tx).quiet
    planned = reminders.plan(to_epoch(booking.starts), to_epoch(now), leads, quiet, person.zone or own_zone)
    version = f"booking:{booking.id}:{booking.version}:{Kind.REMINDER}"
    told = {
        row.notice.address
        for row in outbox.of_booking(tx, booking.id, {Kind.REMINDER})
        if row.notice.person_id == person.id
        and row.notice.key.startswith(f"{version}:")
        and row.state in (Delivery.SENT, Delivery.SENDING, Delivery.UNCERTAIN)
    }
    for each in planned:
        address = f"remind/{booking.id}/{each.lead_min}"
        if address in told:
            continue
        # The person's version is part of the key: a reminder that was switched off can come back.
        key = f"{version}:{each.lead_min}:{person.id}.{person.version}"
        due, expires = from_epoch(each.due), from_epoch(each.expires)
        outbox.put(tx, Notice(key, person.id, Kind.REMINDER, address, due, expires, booking.id), now)


def _ask_outcome(tx: Tx, booking: Booking, now: datetime) -> None:
    outbox.put(
        tx,
        Notice(
            key=f"booking:{booking.id}:{booking.version}:{Kind.SETTLE}:{booking.coach_person_id}",
            person_id=booking.coach_person_id,
            kind=Kind.SETTLE,
            address=f"notice/{Kind.SETTLE}/{booking.id}",
            due=booking.ends,
            expires=booking.ends + SETTLE_FOR,
            booking_id=booking.id,
        ),
        now,
    )
