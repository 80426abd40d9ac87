"""Free days and free times to choose from: the same pages for booking, moving and proposing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.screen import Button, Choice, Choices, Line, Picker, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar import local_dates
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.offers import Offer
from bot.handlers.bookings.time_pages import TimePages
from bot.handlers.kit import paging
from bot.services.calendar.free_times import Moving
from bot.services.calendar.times import DayCount
from bot.services.desk import Desk

WEEK = 7
TIMES_ON_A_PAGE = 20
TIMES_IN_A_ROW = 4
DAYS_IN_A_ROW = 2
NOON, EVENING = 12, 17


def choose(when: str) -> str:
    return _("Choose {when}", when=when)


@dataclass(frozen=True)
class TimeSearch:
    """What a time is looked for, and where choosing it leads.

    `coach_id` None is any coach of the offer; `zone` is the reader's. `moving` is the session that gets another time;
    where `own` is set, this time of it is not offered. `label` says aloud what the button of a time does. `back` is the
    step before the choice of a day, if there was one, and `leave` where giving up leads.
    `take` is the address of the act behind the button, where no page stands between a time and what is done with it,
    and `act` what that act is called where it is not to hold the time.
    """

    offer: Offer
    coach_id: int | None
    zone: str
    pages: TimePages
    leave: str
    back: str | None = None
    moving: Moving | None = None
    own: datetime | None = None
    label: Callable[[str], str] = choose
    take: Callable[[datetime], str] | None = None
    act: str | None = None

    def to(self, at: datetime) -> str:
        """Where the button of this time leads."""
        return self.pages.at(at) if self.take is None else self.take(at)

    def day_of(self, at: datetime) -> date:
        return local_dates.day_of(at, self.zone)


@dataclass(frozen=True)
class Week:
    """Seven days from `first` on, empty ones included. It begins `today` at the earliest.

    `later` is the first day after it that has a free time.
    """

    first: date
    today: date
    days: list[DayCount]
    later: date | None

    @property
    def free(self) -> list[DayCount]:
        return [each for each in self.days if each.count]


async def next_day(turn: Turn, desk: Desk, search: TimeSearch, since: date) -> date | None:
    """The first day from `since` on that has a free time."""
    found = await _next_free(turn, desk, search, local_dates.midnight(since, search.zone))
    return None if found is None else search.day_of(found.starts)


async def _next_free(turn: Turn, desk: Desk, search: TimeSearch, after: datetime) -> FreeTime | None:
    offer, coach_id, moving = search.offer, search.coach_id, search.moving
    found = await desk.times.next_free(offer, coach_id, after, turn.now, moving=moving)
    if found is None or found.starts != search.own:
        return found
    after = found.starts + timedelta(minutes=1)
    return await desk.times.next_free(offer, coach_id, after, turn.now, moving=moving)


async def times_on(turn: Turn, desk: Desk, search: TimeSearch, day: date) -> list[FreeTime]:
    """The free times of that day, in order."""
    found = await desk.times.on_day(search.offer, search.coach_id, day, search.zone, turn.now, moving=search.moving)
    return [time for time in found if time.starts != search.own]


async def day_and_around(turn: Turn, desk: Desk, search: TimeSearch, day: date) -> tuple[list[FreeTime], list[Row]]:
    """The free times of that day, and buttons of the free days next to it: another day is a single tap."""
    first = max(search.day_of(turn.now), day - timedelta(days=WEEK // 2))
    counts, times = await desk.times.days_with_times(
        search.offer, search.coach_id, search.zone, first, WEEK, day, turn.now, moving=search.moving
    )
    free = [each for each in await _without_own(turn, desk, search, counts) if each.count]
    before = [each for each in free if each.day < day][-1:]
    after = [each for each in free if each.day > day][:1]
    return [time for time in times if time.starts != search.own], bare_days(search, [*before, *after])


async def days_from(turn: Turn, desk: Desk, search: TimeSearch, first: date) -> list[DayCount]:
    """The seven days from `first` on."""
    counts = await desk.times.days(
        search.offer, search.coach_id, search.zone, first, WEEK, turn.now, moving=search.moving
    )
    return await _without_own(turn, desk, search, counts)


async def week(turn: Turn, desk: Desk, search: TimeSearch, first: date) -> Week:
    """The days from `first` on, or from today on where that is past."""
    today = search.day_of(turn.now)
    first = max(first, today)
    counts, beyond = await desk.times.days_and_next(
        search.offer, search.coach_id, search.zone, first, WEEK, turn.now, moving=search.moving
    )
    if beyond is not None and beyond.starts == search.own:
        beyond = await _next_free(turn, desk, search, beyond.starts)
    days = await _without_own(turn, desk, search, counts)
    return Week(first, today, days, None if beyond is None else search.day_of(beyond.starts))


async def _without_own(turn: Turn, desk: Desk, search: TimeSearch, counts: list[DayCount]) -> list[DayCount]:
    own = None if search.own is None else search.day_of(search.own)
    if own is None or not any(each.day == own and each.count for each in counts):
        return counts
    left = len(await times_on(turn, desk, search, own))
    return [replace(each, count=left) if each.day == own else each for each in counts]


def days_screen(
    search: TimeSearch, shown: Week, title: str, lines: tuple[Line, ...], *last: Row, counted: bool = True
) -> Screen:
    """The free days of a week, and the weeks around it. `counted`: each with how many times it has. Of the `last` rows,
    all but the way back stand beside a date picker as well.
    """
    rows = counted_days(search, shown.free) if counted else bare_days(search, shown.free)
    first = search.pages.on(shown.free[0].day if shown.free else shown.later or shown.first)
    rows = [*rows, *_around(search, shown), *_clock_row(search), *last]
    picker = _picker(search, first=first)
    return Screen(
        title, lines, tuple(rows), picker=replace(picker, rest=(*last[:-1], *picker.rest)), leave=search.leave
    )


def counted_days(search: TimeSearch, days: list[DayCount]) -> list[Row]:
    return [
        (
            Button(
                ngettext("{day} · {n} free", "{day} · {n} free", each.count, day=tell.day(each.day)),
                search.pages.on(each.day),
            ),
        )
        for each in days
    ]


def bare_days(search: TimeSearch, days: list[DayCount]) -> list[Row]:
    buttons = [Button(tell.day(each.day), search.pages.on(each.day)) for each in days]
    return paging.in_rows(buttons, DAYS_IN_A_ROW)


def times_screen(
    search: TimeSearch, day: date, times: list[FreeTime], page: int, title: str, lines: tuple[Line, ...], *last: Row
) -> Screen:
    """The free times of a day, of which there is one at least, page by page from 0 on."""
    page = min(page, (len(times) - 1) // TIMES_ON_A_PAGE)
    rows = time_rows(search, times[page * TIMES_ON_A_PAGE : (page + 1) * TIMES_ON_A_PAGE])
    head = (search.pages.on(day),)
    rows += paging.turns(head, page, TIMES_ON_A_PAGE, len(times), _("Earlier times"), _("Later times"))
    said, buttons = (*lines, clock_line(search)), (*rows, *_clock_row(search), *last)
    return with_picker(search, day, times, Screen(title, said, buttons))


def with_picker(search: TimeSearch, day: date, times: list[FreeTime], grid: Screen, *beside: Row) -> Screen:
    """The page whose buttons are a grid of days or times, also for a date picker that stands at this day.

    `beside`: buttons that stand in both.
    """
    picker = _picker(search, day=day, times=_by_part_of_day(search, times))
    return replace(grid, picker=replace(picker, rest=(*beside, *picker.rest)), leave=search.leave)


def _picker(
    search: TimeSearch, *, first: str | None = None, day: date | None = None, times: tuple[Choices, ...] = ()
) -> Picker:
    back = [] if search.back is None else [Button(_("Back"), search.back)]
    rest = [*([] if search.pages.clock is None else [clock_button(search)]), *back]
    act = search.act or (_("Continue") if search.take is None else _("Hold this time"))
    return Picker(search.pages.times, tell.city(search.zone), act, day, times, first, (tuple(rest),) if rest else ())


def _by_part_of_day(search: TimeSearch, times: list[FreeTime]) -> tuple[Choices, ...]:
    parts: dict[str, list[Choice]] = {}
    for time in times:
        hour = time.starts.astimezone(ZoneInfo(search.zone)).hour
        part = _("Morning") if hour < NOON else _("Afternoon") if hour < EVENING else _("Evening")
        choice = Choice(search.to(time.starts), tell.clock(time.starts, search.zone))
        parts.setdefault(part, []).append(choice)
    return tuple(Choices(part, tuple(choices)) for part, choices in parts.items())


def time_rows(search: TimeSearch, times: list[FreeTime]) -> list[Row]:
    buttons = [
        Button(
            tell.clock(time.starts, search.zone),
            search.to(time.starts),
            label=search.label(tell.moment(time.starts, search.zone)),
        )
        for time in times
    ]
    return paging.in_rows(buttons, TIMES_IN_A_ROW)


def clock_line(search: TimeSearch) -> Line:
    return Line(_("All times are {city} time.", city=tell.city(search.zone)), Tone.QUIET)


def clock_button(search: TimeSearch) -> Button:
    assert search.pages.clock is not None
    return Button(_("Change zone"), search.pages.clock)


def _clock_row(search: TimeSearch) -> list[Row]:
    return [] if search.pages.clock is None else [(clock_button(search),)]


def _around(search: TimeSearch, shown: Week) -> list[Row]:
    row: list[Button] = []
    if shown.first > shown.today:
        earlier = max(shown.today, shown.first - timedelta(days=WEEK))
        row.append(Button(_("Earlier days"), search.pages.since(earlier)))
    if shown.later is not None:
        row.append(Button(_("Later days"), search.pages.since(shown.later)))
    return [tuple(row)] if row else []
