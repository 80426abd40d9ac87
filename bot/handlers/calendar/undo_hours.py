"""Takes the last change of hours back, within minutes, and shows before what comes back; twice, it is done again."""

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, refusals
from bot.handlers.kit.typed import hours_words
from bot.handlers.team import coach_page
from bot.services.calendar.hours import Undoable
from bot.services.desk import Desk


async def row(turn: Turn, desk: Desk, coach: Coach) -> list[Row]:
    """The way there, as long as the last change can be taken back."""
    found = await desk.hours.undoable(coach.id, turn.now)
    if found is None:
        return []
    return [(Button(_("Redo the change") if found.again else _("Undo the last change"), "hours/undo"),)]


async def page(turn: Turn, desk: Desk) -> Screen | Redirect:
    """What would be as before, and what that means, before anything is done."""
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    found = await desk.hours.undoable(coach.id, turn.now)
    if found is None:
        return Redirect("hours", _too_late())
    seen = found.preview
    act = turn.do("hours", "undo", seen.coach.version, stated=_facts(found))
    title = _("Redo the change?") if found.again else _("Undo the last change?")
    go = Button(_("Redo") if found.again else _("Undo"), act, Style.DANGER if seen.closes else Style.SUCCESS)
    return Screen(title, tuple(hours_words.changes(seen)), ((go, Button(_("Leave it as it is"), "hours")),))


def _facts(found: Undoable) -> tuple[object, ...]:
    return (found.preview.coach.version, found.again, found.preview.closes)


async def undo(turn: Turn, desk: Desk, version: int) -> Screen | Redirect:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    found = await desk.hours.undoable(coach.id, turn.now)
    if found is None:
        return Redirect("hours", _too_late())
    turn.require(*_facts(found))
    outcome = await desk.hours.undo(turn.act("hours"), coach.id, version)
    if isinstance(outcome, Refusal) and outcome.code is Code.ALREADY_OVER:
        return Redirect("hours", _too_late())
    said = _("Done again: the change stands.") if found.again else _("Undone. Your hours are as they were before.")
    return refusals.or_next(turn, outcome, "hours", said)


def _too_late() -> str:
    return _("The ten minutes for undoing are over. Your hours stay as they are.")


ROUTES: tuple[Route, ...] = (
    show("hours/undo", page, permission=Permission.KEEP_OWN_HOURS),
    do("hours/undo/{version:id}", undo, back="hours/undo", permission=Permission.KEEP_OWN_HOURS),
)
