"""Why a line of hours cannot be read, in words, with the lines that are likely meant."""

from bot.chat.moments import joined
from bot.chat.screen import Wrong
from bot.chat.words import N_, _, current_language
from bot.domain.calendar.hours_words import spoken
from bot.domain.calendar.spans import HoursError, HoursReason

_PART = 60
_PROPOSED = 2

_WORDS = {
    HoursReason.EMPTY: N_("Write the hours, such as: mon-thu 9-12,14-17"),
    HoursReason.TOO_LONG: N_("That is too long for one message. Send it in two."),
    HoursReason.NO_DAY: N_("“{part}” names no day. Begin with the days, such as: mon-fri 9-12"),
    HoursReason.NO_TIMES: N_("“{part}” is not complete. Say which days, and from when to when or off: mon 9-12"),
    HoursReason.UNKNOWN_WORD: N_(
        "I do not understand “{part}”. Write hours like this: mon-thu 9-12,14-17; off 24-26 dec"
    ),
    HoursReason.BAD_TIME: N_("There is no such time as “{part}”."),
    HoursReason.BAD_DATE: N_("There is no such date as “{part}”."),
    HoursReason.BACKWARDS: N_("“{part}” ends before it begins."),
    HoursReason.AMBIGUOUS_TIME: N_("“{part}” can be in the morning or in the afternoon: 5 pm is 17."),
    HoursReason.AMBIGUOUS_DATE: N_("“{part}” can be two different dates."),
    HoursReason.OVERLAP: N_("The times in “{part}” overlap."),
    HoursReason.OFF_AND_TIMES: N_("“{part}” says off and times at once."),
    HoursReason.TWICE: N_("“{part}” is there twice, with different hours."),
    HoursReason.PAST_DATE: N_("“{part}” is in the past."),
    HoursReason.TOO_MANY_DAYS: N_("That is more than a year at once. Name at most 366 days."),
    HoursReason.NO_END: N_("“{part}” has no end. Name the last day too, such as: 3-17 aug"),
    HoursReason.FROM_DATE: N_(
        "I cannot keep weekly hours that begin later (“{part}”). Send them on that day, or name the dates one by one."
    ),
}


def wrong(error: HoursError) -> Wrong:
    """The reason, and what is likely meant: in the words for a modal, and to be tapped elsewhere."""
    words = _(_WORDS[error.reason], part=error.fragment[:_PART])
    instead = tuple(spoken(line, current_language()) for line in error.instead[:_PROPOSED])
    if instead:
        words = joined(" ", (words, _("Do you mean: {line}?", line=instead[0])))
    return Wrong(words, instead)
