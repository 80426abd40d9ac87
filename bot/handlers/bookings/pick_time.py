"""Free days and free times, in the reader's own zone."""

from datetime import date, timedelta

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of, midnight
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import Offer, OfferState
from bot.handlers.bookings import no_times
from bot.handlers.kit import back_row, failures, paging
from bot.services.calendar.times import DayCount
from bot.services.desk import Desk

WEEK = 7
TIMES_ON_A_PAGE = 20
TIMES_IN_A_ROW = 4


async def shared_offer(desk: Desk, offer: int, generation: int | None = None) -> Offer | None:
    """An offer that clients may know of: a draft is nobody's business yet."""
    found = await desk.offers.find(offer, generation)
    return None if found is None or found.state is OfferState.DRAFT else found


async def choose_day(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect:
    """The first week that has a free time."""
    found, zone = await shared_offer(desk, offer, turn.generation), turn.person.zone
    who = await desk.coaches.find(coach, turn.generation) if coach else None
    if found is None or (coach and who is None):
        return failures.missing()
    if who is not None and who.state is CoachState.REMOVED:
        return Redirect(address("days", offer, 0), _("{name} does not coach here any more.", name=who.name))
    if zone is None:
        return Redirect(address("clock", offer, coach))
    nearest = None
    if found.state is OfferState.OPEN:
        nearest = await desk.times.next_free(found, coach or None, turn.now, turn.now)
    if nearest is None:
        return await no_times.no_times(turn, desk, found, coach)
    return Redirect(address("days", offer, coach, max(_today(turn, zone), day_of(nearest.starts, zone))))


async def choose_day_from(turn: Turn, desk: Desk, offer: int, coach: int, first: date) -> Screen | Redirect:
    found, zone = await shared_offer(desk, offer, turn.generation), turn.person.zone
    if found is None:
        return failures.missing()
    if zone is None:
        return Redirect(address("clock", offer, coach))
    first = max(first, _today(turn, zone))
    counts, beyond = await desk.times.days_and_next(found, coach or None, zone, first, WEEK, turn.now)
    if beyond is None and not any(day.count for day in counts):
        return await no_times.no_times(turn, desk, found, coach)
    return Screen(
        _("{offer}: which day?", offer=found.name),
        tuple(_empty_days(counts, beyond, zone)),
        (
            *_day_rows(counts, offer, coach),
            *_around(turn, zone, offer, coach, first, beyond),
            _zone_row(offer, coach),
            back_row.row(await back_row.from_days(desk, coach)),
        ),
    )


def _empty_days(counts: list[DayCount], beyond: FreeTime | None, zone: str) -> list[Line]:
    """Each empty day names the next one that is free."""
    lines = []
    for number, day in enumerate(counts):
        if day.count:
            continue
        following = next((later.day for later in counts[number:] if later.count), None)
        if following is None and beyond is not None:
            following = day_of(beyond.starts, zone)
        if following is None:
            lines.append(Line(_("{day}: nothing free", day=tell.day(day.day)), Tone.QUIET))
        else:
            words = _("{day}: nothing free, next is {other}", day=tell.day(day.day), other=tell.day(following))
            lines.append(Line(words, Tone.QUIET))
    return lines


def _day_rows(counts: list[DayCount], offer: int, coach: int) -> list[Row]:
    return [
        (
            Button(
                ngettext("{day} · {n} free", "{day} · {n} free", day.count, day=tell.day(day.day)),
                address("times", offer, coach, day.day),
            ),
        )
        for day in counts
        if day.count
    ]


def _around(turn: Turn, zone: str, offer: int, coach: int, first: date, beyond: FreeTime | None) -> list[Row]:
    row: list[Button] = []
    today = _today(turn, zone)
    if first > today:
        row.append(Button(_("Earlier days"), address("days", offer, coach, max(today, first - timedelta(days=WEEK)))))
    if beyond is not None:
        row.append(Button(_("Later days"), address("days", offer, coach, day_of(beyond.starts, zone))))
    return [tuple(row)] if row else []


async def choose_time(turn: Turn, desk: Desk, offer: int, coach: int, day: date, page: int = 0) -> Screen | Redirect:
    found, zone = await shared_offer(desk, offer, turn.generation), turn.person.zone
    if found is None:
        return failures.missing()
    if zone is None:
        return Redirect(address("clock", offer, coach))
    times = await desk.times.on_day(found, coach or None, day, zone, turn.now)
    if not times:
        return await _nothing_that_day(turn, desk, found, coach, day, zone)
    page = min(page, (len(times) - 1) // TIMES_ON_A_PAGE)
    shown = times[page * TIMES_ON_A_PAGE : (page + 1) * TIMES_ON_A_PAGE]
    rows = _time_rows(shown, zone, offer, coach)
    head = ("times", offer, coach, day)
    more = paging.turns(head, page, TIMES_ON_A_PAGE, len(times), _("Earlier times"), _("Later times"))
    return Screen(
        _("{offer}: {day}", offer=found.name, day=tell.day(day)),
        (Line(_("All times are on the clock in {city}.", city=tell.city(zone)), Tone.QUIET),),
        (*rows, *more, _zone_row(offer, coach), back_row.row(address("days", offer, coach, day))),
    )


def _time_rows(times: list[FreeTime], zone: str, offer: int, coach: int) -> list[Row]:
    buttons = [
        Button(
            tell.clock(time.starts, zone),
            address("review", offer, coach, time.starts),
            label=_("Choose {when}", when=tell.moment(time.starts, zone)),
        )
        for time in times
    ]
    return paging.in_rows(buttons, TIMES_IN_A_ROW)


async def _nothing_that_day(turn: Turn, desk: Desk, offer: Offer, coach: int, day: date, zone: str) -> Screen:
    start = midnight(day, zone)
    following = await desk.times.next_free(offer, coach or None, max(start, turn.now), turn.now)
    if following is None:
        return await no_times.no_times(turn, desk, offer, coach)
    when = tell.moment(following.starts, zone)
    return Screen(
        _("{offer}: {day}", offer=offer.name, day=tell.day(day)),
        (Line(_("Nothing is free that day. The next free time is {when}.", when=when)),),
        (
            (Button(when, address("review", offer.id, coach, following.starts)),),
            _zone_row(offer.id, coach),
            back_row.row(address("days", offer.id, coach)),
        ),
    )


def _zone_row(offer: int, coach: int) -> Row:
    return (Button(_("Change zone"), address("clock", offer, coach)),)


def _today(turn: Turn, zone: str) -> date:
    return day_of(turn.now, zone)


ROUTES: tuple[Route, ...] = (
    show("days/{offer:id}/{coach:id}", choose_day),
    show("days/{offer:id}/{coach:id}/{first:day}", choose_day_from),
    show("times/{offer:id}/{coach:id}/{day:day}", choose_time),
    show("times/{offer:id}/{coach:id}/{day:day}/{page:id}", choose_time),
)
