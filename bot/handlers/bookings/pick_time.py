"""Free days and free times, in the reader's own zone."""

from dataclasses import replace
from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar import local_dates
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import Offer, OfferState
from bot.handlers.bookings import double_booking, nearest_times, no_times, time_pages, time_picker
from bot.handlers.bookings.time_picker import TimeSearch, Week
from bot.handlers.kit import back_row, clock, failures, offer_buttons, plan_button, policy_lines
from bot.services.desk import Desk


async def shared_offer(desk: Desk, offer: int, generation: int | None = None) -> Offer | None:
    """The offer, unless it is a draft, which clients must not see."""
    found = await desk.offers.find(offer, generation)
    return None if found is None or found.state is OfferState.DRAFT else found


async def choose_day(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect:
    """Shows the first week that has a free time."""
    found, zone = await shared_offer(desk, offer, turn.generation), turn.zone
    who = await desk.coaches.find(coach, turn.generation) if coach else None
    if found is None or (coach and who is None):
        return failures.missing()
    if who is not None and who.state is CoachState.REMOVED:
        return Redirect(address("days", offer, 0), _("{name} no longer coaches here.", name=who.name))
    if closed := await no_times.closed(turn, desk, found):
        return closed
    nearest = None
    if found.state is OfferState.OPEN:
        nearest = await desk.times.next_free(found, coach or None, turn.now, turn.now)
    if nearest is None:
        return await no_times.no_times(turn, desk, found, coach)
    first = max(local_dates.day_of(turn.now, zone), local_dates.day_of(nearest.starts, zone))
    return Redirect(time_pages.of_booking(offer, coach).since(first))


async def choose_day_from(turn: Turn, desk: Desk, offer: int, coach: int, first: date) -> Screen | Redirect:
    found = await shared_offer(desk, offer, turn.generation)
    if found is None:
        return failures.missing()
    if closed := await no_times.closed(turn, desk, found):
        return closed
    search = await _search(turn, desk, found, coach)
    week = await time_picker.week(turn, desk, search, first)
    if week.later is None and not week.free:
        return await _nothing_from(turn, desk, search, coach, week.first, len(week.days))
    title = _("{offer}: which day?", offer=found.name)
    lines = (*clock.asked(turn), *offer_buttons.described([found]), *_empty_days(week))
    several = () if found.limited else ((plan_button.several_of(offer, coach),),)
    return time_picker.days_screen(search, week, title, lines, *several, back_row.row(search.back or "start"))


def _empty_days(week: Week) -> list[Line]:
    """Lines for empty days, each with the next day that is free."""
    lines = []
    for number, day in enumerate(week.days):
        if day.count:
            continue
        following = next((later.day for later in week.days[number:] if later.count), week.later)
        if following is None:
            lines.append(Line(_("{day}: nothing free", day=tell.day(day.day)), Tone.QUIET))
        else:
            words = _("{day}: nothing free, next is {other}", day=tell.day(day.day), other=tell.day(following))
            lines.append(Line(words, Tone.QUIET))
    return lines


async def choose_time(turn: Turn, desk: Desk, offer: int, coach: int, day: date, page: int = 0) -> Screen | Redirect:
    found = await shared_offer(desk, offer, turn.generation)
    if found is None:
        return failures.missing()
    if closed := await no_times.closed(turn, desk, found):
        return closed
    search = await _search(turn, desk, found, coach)
    credit = (await desk.credits.covering(turn.person.id, [found], turn.now)).get(found.id)
    if credit is None:
        search, told = await _at_once(turn, desk, search, coach)
    else:
        told = []
    times, days = await time_picker.day_and_around(turn, desk, search, day)
    if not times:
        return await _nothing_that_day(turn, desk, search, coach, day)
    title = _("{offer}: {day}", offer=found.name, day=tell.day(day))
    price = policy_lines.in_general(found, credit)
    lines, back = (*clock.asked(turn), *told, *price), back_row.row(search.pages.since(day))
    return time_picker.times_screen(search, day, times, page, title, lines, *days, back)


async def _at_once(turn: Turn, desk: Desk, search: TimeSearch, coach: int) -> tuple[TimeSearch, list[Line]]:
    """A time with a price is held by its button, since a hold costs nothing and its page says all before it is paid.

    A free one would be booked by it, so a page comes between. Who has a credit for it chooses on that page, too, and
    is not asked here.
    """
    offer = search.offer
    facts = await desk.bookings.holding(offer.id, coach or None, turn.generation)
    if facts is None:
        return search, []
    told = Line(_("A tap holds the time for you; nothing is charged until you pay."))

    def take(at: datetime) -> str:
        return turn.do("hold", offer.id, coach, at, stated=facts)

    return replace(search, take=take, label=_hold), [told, *await double_booking.of_other_time(turn, desk)]


def _hold(when: str) -> str:
    return _("Hold {when}", when=when)


async def _nothing_that_day(turn: Turn, desk: Desk, search: TimeSearch, coach: int, day: date) -> Screen:
    offer, start = search.offer, local_dates.midnight(day, search.zone)
    following = await desk.times.next_free(offer, search.coach_id, max(start, turn.now), turn.now)
    if following is None:
        return await _nothing_from(turn, desk, search, coach, day)
    when, why = tell.moment(following.starts, search.zone), await no_times.why_not_on(turn, desk, search, day)
    soonest = (Button(when, search.pages.at(following.starts)),)
    grid = Screen(
        _("{offer}: {day}", offer=offer.name, day=tell.day(day)),
        (Line(why), Line(_("The next free time is {when}.", when=when))),
        (soonest, (time_picker.clock_button(search),), back_row.row(address("days", offer.id, coach))),
    )
    return time_picker.with_picker(search, day, [], grid, soonest)


async def _nothing_from(turn: Turn, desk: Desk, search: TimeSearch, coach: int, first: date, count: int = 1) -> Screen:
    """Nothing is free from `first` on: why not on these days, and what is free before."""
    offer, at = search.offer, local_dates.midnight(first, search.zone)
    near = await desk.times.nearest(offer, search.coach_id, at, turn.now)
    if not near:
        soonest = await desk.times.next_free(offer, search.coach_id, turn.now, turn.now)
        near = [] if soonest is None else [soonest]
    if not near:
        return await no_times.no_times(turn, desk, offer, coach)
    lines = (Line(await no_times.why_not_on(turn, desk, search, first, count)), Line(_("Nearest free times:")))
    ways = (Button(_("See all times"), address("days", offer.id, coach)), *back_row.row("start"))
    rows = nearest_times.rows(offer.id, coach, near, search.zone)
    title = _("{offer}: {day}", offer=offer.name, day=tell.day(first))
    return time_picker.with_picker(search, first, [], Screen(title, lines, (*rows, ways)), *rows)


async def _search(turn: Turn, desk: Desk, offer: Offer, coach: int) -> TimeSearch:
    pages, back = time_pages.of_booking(offer.id, coach), await back_row.from_days(turn, desk, offer.id)
    before = None if back == "start" else back
    return TimeSearch(offer, coach or None, turn.zone, pages, back_row.NOTHING_BOOKED, before)


ROUTES: tuple[Route, ...] = (
    show("days/{offer:id}/{coach:id}", choose_day),
    show("days/{offer:id}/{coach:id}/{first:day}", choose_day_from),
    show("times/{offer:id}/{coach:id}/{day:day}", choose_time),
    show("times/{offer:id}/{coach:id}/{day:day}/{page:id}", choose_time),
)
