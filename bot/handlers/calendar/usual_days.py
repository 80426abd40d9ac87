"""Days whose hours differ from the week: each stretch of them can be set back to the hours of every week."""

from datetime import date

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.parse_dates import print_dates
from bot.domain.people.permissions import Permission
from bot.handlers.calendar import hours
from bot.handlers.calendar.hours_forms import keep_draft
from bot.handlers.kit import failures, paging
from bot.handlers.kit.typed import hours_words
from bot.handlers.team import coach_page
from bot.services.desk import Desk

PAGE = 8


async def choose(turn: Turn, desk: Desk, page: int = 0) -> Screen | Redirect:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    found = hours.stretches(coach, hours.today_of(coach, turn))
    if not found:
        return Redirect("hours", _("No day differs from your week."))
    page = min(page, (len(found) - 1) // PAGE)
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = [
        Line(f"{hours_words.days(first, last)}: {hours_words.spans(each.after or ())}") for first, last, each in shown
    ]
    rows: list[Row] = [
        (Button(hours_words.days(first, last), turn.do("hours", "usual", first, last)),) for first, last, _each in shown
    ]
    rows += paging.turns(("hours", "usual"), page, PAGE, len(found), _("Earlier days"), _("Later days"))
    told = Line(_("These days then have the hours of every week, also when those change."), Tone.QUIET)
    title = _("Back to the usual hours: which days?")
    return Screen(title, (*lines, told), (*rows, (Button(_("Back"), "hours"), Button(_("Start"), "start"))))


async def set_back(turn: Turn, desk: Desk, first: date, last: date) -> Screen | Redirect:
    """Makes a draft of it, which shows what changes before it is saved."""
    turn.require()
    return await keep_draft(turn, desk, f"{print_dates(first, last)} usual")


ROUTES: tuple[Route, ...] = (
    show("hours/usual", choose, permission=Permission.KEEP_OWN_HOURS),
    show("hours/usual/{page:id}", choose, permission=Permission.KEEP_OWN_HOURS),
    do("hours/usual/{first:day}/{last:day}", set_back, back="hours/usual", permission=Permission.KEEP_OWN_HOURS),
)
