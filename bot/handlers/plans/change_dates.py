"""One date of a plan is changed or left out, another added: each change is a draft of its own, so Back undoes it."""

from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.plans.plans import Plan
from bot.handlers.bookings import time_picker
from bot.handlers.bookings.time_pages import TimePages
from bot.handlers.bookings.time_picker import TimeSearch
from bot.handlers.kit import back_row, paging, refusals
from bot.handlers.kit.reasons import time_reasons
from bot.handlers.plans import dates_page
from bot.handlers.plans.dates_page import (
    CHANGED,
    Seen,
    Shown,
    draft_shown,
    from_both,
    from_rhythm,
    look,
    too_old,
)
from bot.services.desk import Desk

NEAREST = 6
EDIT = f"{CHANGED}/edit"
ONE = f"{CHANGED}/{{number:id}}"


async def edit(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    """A button for each date."""
    shown = await draft_shown(turn, desk, draft)
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else too_old()
    zone = turn.zone
    buttons = [
        Button(
            tell.short_moment(each.starts, zone),
            address("dates", draft, number),
            label=_("Change {when}", when=tell.moment(each.starts, zone)),
        )
        for number, each in enumerate(seen.outlook.dates)
    ]
    rows: list[Row] = paging.in_rows(buttons, 2)
    if not shown.plan.is_full:
        rows.append((Button(_("One more date"), turn.do("dates", draft, "more")),))
    rows.append((Button(_("Done"), shown.here, Style.PRIMARY), Button(_("Cancel"), back_row.NOTHING_BOOKED)))
    lines = [
        Line(_("Left out: {why}", why=time_reasons.of_time(each.against, each.starts, zone)))
        for each in seen.outlook.dates
        if each.against is not None
    ]
    lines.append(Line(_("Tap a date to change it or to leave it out.")))
    lines.append(dates_page.all_times(turn))
    return Screen(dates_page.title(seen), tuple(lines), tuple(rows), leave=back_row.NOTHING_BOOKED)


async def one(turn: Turn, desk: Desk, draft: int, number: int) -> Screen | Redirect:
    """The nearest free times in place of one date."""
    found = await _one(turn, desk, draft, number)
    if not isinstance(found, tuple):
        return found
    shown, seen, at = found
    zone, planned = turn.zone, seen.outlook.dates[number]
    near = await desk.times.nearest(seen.offer, seen.coach.id, at, turn.now, NEAREST + len(shown.plan.starts))
    others = [each for each in shown.plan.starts if each != at]
    apart = [each for each in near if not any(_overlap(each.starts, other, seen) for other in others)]
    free = sorted(apart, key=lambda each: abs(each.starts - at))[:NEAREST]
    search = _search(turn, shown, seen, draft, number)
    rows: list[Row] = [
        (Button(tell.short_moment(each.starts, zone), search.to(each.starts)),)
        for each in sorted(free, key=lambda each: each.starts)
    ]
    first = max(search.day_of(turn.now), search.day_of(at))
    rows.append((Button(_("Other days"), search.pages.since(first)),))
    if len(shown.plan.starts) > 1:
        rows.append((Button(_("Leave it out"), turn.do("dates", draft, "drop", number)),))
    rows.append((Button(_("Back"), address("dates", draft, "edit")), Button(_("Cancel"), back_row.NOTHING_BOOKED)))
    why = [] if planned.against is None else [Line(time_reasons.of_time(planned.against, at, zone))]
    lines = (*why, Line(_("Nearest free times:") if free else _("No other time is free near it.")))
    title = _("In place of {when}", when=tell.short_moment(at, zone))
    return Screen(title, (*lines, dates_page.all_times(turn)), tuple(rows), leave=back_row.NOTHING_BOOKED)


async def days(turn: Turn, desk: Desk, draft: int, number: int, first: date) -> Screen | Redirect:
    found = await _one(turn, desk, draft, number)
    if not isinstance(found, tuple):
        return found
    shown, seen, at = found
    search = _search(turn, shown, seen, draft, number)
    week = await time_picker.week(turn, desk, search, first)
    title = _("In place of {when}: which day?", when=tell.short_moment(at, turn.zone))
    lines = () if week.free else (Line(_("Nothing is free in these days."), Tone.QUIET),)
    last = back_row.row(address("dates", draft, number))
    return time_picker.days_screen(search, week, title, lines, last, counted=False)


async def times(turn: Turn, desk: Desk, draft: int, number: int, day: date) -> Screen | Redirect:
    found = await _one(turn, desk, draft, number)
    if not isinstance(found, tuple):
        return found
    shown, seen, _at = found
    search = _search(turn, shown, seen, draft, number)
    there, beside = await time_picker.day_and_around(turn, desk, search, day)
    if not there:
        return Redirect(search.pages.since(max(day, search.day_of(turn.now))))
    last = back_row.row(search.pages.since(day))
    return time_picker.times_screen(search, day, there, 0, tell.long_day(day), (), *beside, last)


async def _one(turn: Turn, desk: Desk, draft: int, number: int) -> tuple[Shown, Seen, datetime] | Screen | Redirect:
    shown = await draft_shown(turn, desk, draft)
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else too_old()
    if number >= len(shown.plan.starts):
        return Redirect(address("dates", draft, "edit"))
    return shown, seen, shown.plan.starts[number]


def _search(turn: Turn, shown: Shown, seen: Seen, draft: int, number: int) -> TimeSearch:
    """Where choosing a time leads: the plan with that one in place of this date."""
    head = address("dates", draft, number)
    return TimeSearch(
        seen.offer,
        seen.coach.id,
        turn.zone,
        TimePages(address(head, "from"), head, head),
        back_row.NOTHING_BOOKED,
        head,
        own=shown.plan.starts[number],
        take=lambda at: turn.do("dates", draft, "put", number, at),
        act=_("Take this time"),
    )


def _overlap(one: datetime, other: datetime, seen: Seen) -> bool:
    return abs((one - other).total_seconds()) < seen.terms.length_min * 60


async def put(turn: Turn, desk: Desk, draft: int, number: int, at: datetime) -> Screen | Redirect:
    turn.require()
    shown = await draft_shown(turn, desk, draft)
    if shown is None or number >= len(shown.plan.starts):
        return too_old()
    return await _keep(turn, desk, shown.plan.with_date(number, at), "edit")


async def drop(turn: Turn, desk: Desk, draft: int, number: int) -> Screen | Redirect:
    turn.require()
    shown = await draft_shown(turn, desk, draft)
    if shown is None or number >= len(shown.plan.starts):
        return too_old()
    others = set(shown.plan.starts) - {shown.plan.starts[number]}
    return await _keep(turn, desk, shown.plan.of_dates(others), "edit") if others else Redirect(shown.here)


async def more(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    turn.require()
    shown = await draft_shown(turn, desk, draft)
    if shown is None:
        return too_old()
    return Redirect(shown.here) if shown.plan.is_full else await _keep(turn, desk, shown.plan.longer(), "edit")


async def cover(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    turn.require()
    shown = await draft_shown(turn, desk, draft)
    return too_old() if shown is None else await _keep(turn, desk, shown.plan.covered_otherwise())


async def _change(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    """Keep the dates that a rhythm gave, so that each can be changed."""
    turn.require()
    return too_old() if shown is None else await _keep(turn, desk, shown.plan, "edit")


async def _number(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    """Keep the dates, and ask for the client's number."""
    turn.require()
    return too_old() if shown is None else await _keep(turn, desk, shown.plan, "ask")


async def _use(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    """The free times that were shown take the place of the dates that are not free."""
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else too_old()
    instead = [each.instead.starts for each in seen.outlook.dates if each.instead is not None]
    turn.require(*(int(each.timestamp()) for each in instead))
    kept = {each.starts for each in seen.outlook.dates if each.instead is None}
    return await _keep(turn, desk, shown.plan.of_dates({*kept, *instead}))


async def _covered(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    """Only the dates that credits cover."""
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else too_old()
    covered = [each.starts for each in seen.outlook.on_credit]
    turn.require(*(int(each.timestamp()) for each in covered))
    return await _keep(turn, desk, shown.plan.of_dates(set(covered)))


async def _keep(turn: Turn, desk: Desk, plan: Plan, then: str | None = None) -> Screen | Redirect:
    to = "dates/{id}" if then is None else f"dates/{{id}}/{then}"
    kept = await desk.drafts.keep(turn.act(to), dates_page.KIND, plan.as_body())
    return refusals.or_next(turn, kept, "plan")


ROUTES: tuple[Route, ...] = (
    show(EDIT, edit),
    show(ONE, one),
    show(f"{ONE}/from/{{first:day}}", days),
    show(f"{ONE}/{{day:day}}", times),
    do(f"{CHANGED}/put/{{number:id}}/{{at:instant}}", put, back=EDIT, changes_person=False),
    do(f"{CHANGED}/drop/{{number:id}}", drop, back=EDIT, changes_person=False),
    do(f"{CHANGED}/more", more, back=EDIT, changes_person=False),
    do(f"{CHANGED}/cover", cover, back=CHANGED, changes_person=False),
    from_rhythm("edit", _change),
    from_rhythm("ask", _number),
    *from_both("use", _use),
    *from_both("those", _covered),
)
