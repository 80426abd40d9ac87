"""`/help`: where you are, what you can do, the commands of your roles, and a human to turn to."""

from dataclasses import replace

from bot.chat.address import address
from bot.chat.forms import HEAD
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.people import Platform
from bot.domain.people.permissions import Permission
from bot.handlers.conversation import commands, help_topics, human_contact
from bot.services.desk import Desk


async def help_page(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    name = practice.name or _("this practice")
    where, here = help_topics.words(turn.stands)
    if turn.asked:
        where, here = _("You were asked something."), _("Type the answer, or go back to the question.")
    lines = (
        Line(where, Tone.STRONG),
        Line(here),
        Line(_("I am the front desk of {name}, a bot. My commands: {commands}", name=name, commands=_commands(turn))),
        Line(await human_contact.under_help(turn, desk)),
        Line(_also(turn), Tone.QUIET),
    )
    return Screen(_("Help"), lines, _rows(turn))


def _commands(turn: Turn) -> str:
    """Their names: what each does stands in the menu of the platform."""
    entries = [entry for _role, own in commands.by_role([each.value for each in turn.person.roles]) for entry in own]
    return ", ".join(command for command, _what in entries)


def _also(turn: Turn) -> str:
    typed = _("You can also type a day and a time, such as: tue 3pm")
    if turn.account.platform is not Platform.SLACK:
        return typed
    return f"{typed}. " + _("If another app owns one of these commands, write for example: /rapport book")


def _rows(turn: Turn) -> tuple[Row, ...]:
    rows: list[Row] = [
        (Button(_("Book a session"), "book"), Button(_("My sessions"), "sessions")),
        (Button(_("Settings"), "settings"), Button(_("Start"), "start")),
    ]
    if turn.may(Permission.SEE_OWN_DAY):
        rows.insert(1, (Button(_("Today"), "today"), Button(_("My hours"), "hours")))
    elif turn.may(Permission.SEE_DAY):
        rows.insert(1, (Button(_("Today"), "today"), Button(_("Clients"), "clients")))
    if not turn.may(Permission.WORK_HERE):
        rows.append((Button(_("Talk to a human"), "human"),))
    if turn.asked:
        rows.append((Button(_("Back to the question"), address(HEAD, "again")),))
    elif turn.stands.startswith("hold/"):  # it does not wait as long as the rest
        rows.insert(0, (Button(_("Pay, or let it go"), turn.stands, Style.PRIMARY),))
    elif turn.stands.split("/")[0] not in {"", "start", "help", "book", "sessions", "settings", "today", "hours"}:
        rows.append((Button(_("Back"), turn.stands),))
    return tuple(rows)


def reachable(screen: Screen) -> Screen:
    """Add Help to the end of the last row of a screen, so that every page has it."""
    if screen.form is not None or screen.address == "help" or _leads_to_help(screen):
        return screen
    button = Button(_("Help"), "help", label=_("Help with this page"))
    picker = screen.picker and replace(screen.picker, rest=_at_the_end(screen.picker.rest, button))
    return replace(screen, buttons=_at_the_end(screen.buttons, button), picker=picker)


def _at_the_end(rows: tuple[Row, ...], button: Button) -> tuple[Row, ...]:
    *before, last = rows or ((),)
    return (*before, (*last, button))


def _leads_to_help(screen: Screen) -> bool:
    return any(isinstance(button, Button) and button.to == "help" for row in screen.buttons for button in row)


ROUTES: tuple[Route, ...] = (show("help", help_page, command="/help"),)
