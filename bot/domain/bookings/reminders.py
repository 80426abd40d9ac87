"""When the reminders of a session are due, and which of them a person gets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.offsets import first_instant, local_day, local_minute
from bot.domain.calendar.spans import Span
from bot.domain.people.people import Person

DEFAULT_LEADS_MIN = (1440, 60)
LAST_CALL_MIN = 60
"""A reminder this close to the start goes out at its time even in quiet hours: earlier it would be no use."""

MEETS_MIN, AHEAD_MIN = 30, 120
"""A usual reminder within 30 minutes of a cut-off comes two hours before it: in time to do something about it."""


class ReminderKind(StrEnum):
    """What a person can stop without the others."""

    EARLY = "early"
    LAST_CALL = "last-call"
    AFTERWARDS = "afterwards"  # the thanks after a session
    CREDITS = "credits"  # that end soon, or that nobody uses
    CARDS = "cards"  # kept ones that end soon


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder `lead_min` minutes ahead: due at the epoch second `due`, useless from `expires` on.

    It may be due earlier than its lead says: before quiet hours, or ahead of a cut-off.
    """

    lead_min: int
    due: int
    expires: int

    def repeats(self, told: int) -> bool:
        """Whether one of this lead that was told at that epoch second, of an earlier start, was told just now."""
        return self.due - told < self.lead_min * 60 // 2


def kind_of(lead_min: int) -> ReminderKind:
    return ReminderKind.LAST_CALL if lead_min <= LAST_CALL_MIN else ReminderKind.EARLY


def is_last_call(starts: datetime, now: datetime) -> bool:
    """Whether it begins so soon that only being there matters."""
    return starts - now <= timedelta(minutes=LAST_CALL_MIN)


def wanted(person: Person) -> tuple[int, ...]:
    """The leads that this person is to be reminded at, in minutes, the longest first."""
    if not person.reminders:
        return ()
    leads = DEFAULT_LEADS_MIN if person.leads is None else person.leads
    return tuple(lead for lead in leads if kind_of(lead) not in person.stopped)


def without(person: Person, kind: ReminderKind) -> Person:
    """The person once they have stopped this kind too."""
    return replace(person, stopped=tuple(sorted({*person.stopped, kind.value})))


def cut_offs(booking: Booking) -> tuple[int, ...]:
    """The minutes before the start at which its client can no longer do something that they can do until then."""
    policy = booking.terms.policy
    cancel = (policy.cancel_cutoff_min,) if booking.terms.price and not booking.cancel_late else ()
    move = (policy.move_cutoff_min,) if booking.moves < policy.max_moves else ()
    return tuple(minutes for minutes in (*cancel, *move) if minutes > 0)


def ahead_of(leads_min: Sequence[int], cut_offs_min: Collection[int]) -> dict[int, int]:
    """How many minutes before the start the usual leads come: one that meets a cut-off comes before that.

    The last call stays as well, since it is what brings people into the session.
    """
    minutes = {lead: lead for lead in leads_min}
    for lead in leads_min:
        met = [each for each in cut_offs_min if abs(each - lead) <= MEETS_MIN]
        if met:
            earlier = max(met) + AHEAD_MIN
            minutes[lead if kind_of(lead) is ReminderKind.EARLY else earlier] = earlier
    return minutes


def plan(
    starts: int, now: int, leads_min: Sequence[int], quiet: Span | None, zone: str, cut_offs_min: Collection[int] = ()
) -> list[Planned]:
    """The reminders of a session booked or moved at `now`, in the order in which they are due.

    `quiet` is (from, to) in minutes of the recipient's clock in `zone`, over midnight when from > to, and
    none when they are equal. A lead that is past is left out. One that falls into quiet hours is due when
    these begin, or at once if they have begun; of several due at one moment the shortest lead stays. Leads that
    meet one of `cut_offs_min` come ahead of it.
    """
    planned: dict[int, Planned] = {}
    minutes = ahead_of([lead for lead in leads_min if lead > 0], cut_offs_min)
    for lead in sorted(minutes, reverse=True):
        due = starts - minutes[lead] * 60
        if due <= now:
            continue
        if quiet and lead > LAST_CALL_MIN:
            due = max(now, _before_quiet(due, quiet, zone))
        planned[due] = Planned(lead, due, starts)
    return sorted(planned.values(), key=lambda each: each.due)


def _before_quiet(due: int, quiet: Span, zone: str) -> int:
    """`due`, or the beginning of the quiet hours that it falls into."""
    begins, ends = quiet
    minute, day = local_minute(zone, due), local_day(zone, due)
    if begins <= minute < ends or (begins > ends and minute >= begins):
        return first_instant(zone, day, begins)
    if begins > ends and minute < ends:
        return first_instant(zone, day - 1, begins)
    return due
