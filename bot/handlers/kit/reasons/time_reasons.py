"""Words for why a time or a day is not free: the reason is that of the very thing that was asked for."""

from datetime import date, datetime

from bot.chat import tell
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.slots import Reason
from bot.handlers.kit.typed import hours_words


def of_time(reason: Reason, at: datetime, zone: str) -> str:  # noqa: PLR0911 - one line for each reason
    """`zone` is the reader's."""
    when, day = tell.moment(at, zone), tell.day(day_of(at, zone))
    match reason:
        case Reason.PAST:
            return _("{when} has passed.", when=when)
        case Reason.NOTICE:
            return _("{when} is too soon: the coach needs more notice.", when=when)
        case Reason.HORIZON:
            return _far(tell.long_day(day_of(at, zone)))
        case Reason.DAY_OFF:
            return _("There are no hours on {day}.", day=day)
        case Reason.OUTSIDE_HOURS:
            return _("{when} is outside the hours.", when=when)
        case Reason.OFF_STEP:
            return _("{when} is between two starting times.", when=when)
        case Reason.TAKEN:
            return _("{when} is taken.", when=when)
        case Reason.BUFFER:
            return _("{when} is too close to another session.", when=when)
        case Reason.DAY_FULL:
            return _("{day} is full.", day=day)
        case Reason.WEEK_FULL:
            return _("The week of {day} is full.", day=day)
        case Reason.SAME:
            return _("The session is at {when} already.", when=when)


def of_days(reason: Reason, first: date, last: date) -> str:
    """Of a day, or of the days from `first` to `last`, on the reader's calendar."""
    days = hours_words.days(first, last)
    match reason:
        case Reason.PAST:
            return _("{days}: the hours have passed.", days=days)
        case Reason.NOTICE:
            return _("{days}: too soon, the coach needs more notice.", days=days)
        case Reason.HORIZON:
            return _far(tell.long_day(first))
        case Reason.DAY_OFF:
            return _("{days}: there are no hours.", days=days)
        case Reason.OUTSIDE_HOURS:
            return _("{days}: the hours are too short for this.", days=days)
        case Reason.DAY_FULL | Reason.WEEK_FULL:
            return _("{days}: no more sessions are taken.", days=days)
        case _:
            return _("{days}: every time is taken.", days=days)


def _far(day: str) -> str:
    """With its year: the day of the same name in this one may be free."""
    return _("{day} is too far ahead to be booked yet.", day=day)
