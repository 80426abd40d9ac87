"""The page shown in place of another while the practice has not a single bookable hour."""

from bot.chat.screen import Button, Line, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.handlers.kit import phrases
from bot.services.desk import Desk


async def screen(turn: Turn, desk: Desk) -> Screen:
    """Tell a client that they will hear from the practice; lead an owner or a coach to what is missing."""
    practice = await desk.practice.get(turn.generation)
    if turn.may(Permission.WORK_HERE):
        rows: list[Row] = []
        if turn.may(Permission.SET_UP):
            rows.append((Button(_("Set up the practice"), "setup", Style.PRIMARY),))
        if turn.may(Permission.KEEP_OWN_HOURS):
            rows.append((Button(_("My hours"), "hours"),))
        words = _("Nothing can be booked yet: hours, an offer and a place are needed first.")
        return Screen(_("Not open yet"), (Line(words),), (*rows, (Button(_("Help"), "help"),)))
    lines = [Line(_("The practice is not open yet. I will write to you here as soon as it is."))]
    lines += phrases.question_to(practice.contact)
    return Screen(_("Not open yet"), tuple(lines), ((Button(_("Help"), "help"),),))
