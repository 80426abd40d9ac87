"""The first screen: who this is, and three things to do."""

from dataclasses import replace

from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.people import Account
from bot.domain.people.permissions import Permission
from bot.handlers.conversation import first_steps
from bot.handlers.kit import failures, not_open, phrases
from bot.services.desk import Desk


async def start(turn: Turn, desk: Desk) -> Screen:
    if await _nobody_owns(desk):
        return no_owner(turn)
    practice = await desk.practice.get(turn.generation)
    if practice.opened_at is None and not turn.may(Permission.WORK_HERE):
        return await not_open.screen(turn, desk)
    name = practice.name or _("this practice")
    if practice.opened_at is None and turn.may(Permission.SET_UP) and turn.window.private:
        return _before_it_opens(name)
    lines, rows = await (first_steps.of if turn.window.private else first_steps.before_others)(turn, desk)
    rows.append((Button(_("My sessions"), "sessions"), Button(_("Help"), "help")))
    if turn.may(Permission.SEE_OWN_DAY):
        rows.append((Button(_("Today"), "today"), Button(_("My hours"), "hours"), Button(_("Clients"), "clients")))
    elif turn.may(Permission.SEE_DAY):
        rows.append((Button(_("Today"), "today"), Button(_("Coaches"), "team"), Button(_("Clients"), "clients")))
    elif turn.may(Permission.SEE_COMING):
        rows.append((Button(_("Coming sessions"), "agenda"),))
    if turn.may(Permission.SET_UP):
        rows.append((Button(_("Set up the practice"), "setup"),))
    said = _(
        "I am the booking assistant of {name}, a bot. You can book, pay, move and cancel sessions here.", name=name
    )
    return Screen(_("Welcome to {name}", name=name), (Line(said), *lines), tuple(rows), public=not turn.window.private)


def _before_it_opens(name: str) -> Screen:
    """An owner's first day: there is nothing yet to book, and nobody's day to see."""
    said = _("I am the booking assistant of {name}, a bot. A few answers, and people can book here.", name=name)
    rows = ((Button(_("Set up the practice"), "setup", Style.PRIMARY),), (Button(_("Help"), "help"),))
    return Screen(_("Welcome to {name}", name=name), (Line(said),), rows)


async def _nobody_owns(desk: Desk) -> bool:
    return not desk.deployment.has_owner and not await desk.people.owners()


async def owners(turn: Turn, desk: Desk) -> Screen | Redirect:
    """Tells the person who installed the app how to become its owner."""
    return no_owner(turn) if await _nobody_owns(desk) else Redirect("gone")


async def cancelled(turn: Turn, desk: Desk) -> Screen:
    """Says what was dropped, and what was not, when a person leaves a booking half-way."""
    said = _("Nothing was booked and nothing was charged.")
    held = await desk.bookings.open_hold(turn.person, turn.now)
    if held is not None:
        what, when = phrases.with_coach(held), phrases.when_for_client(held, turn.person.zone)
        kept = _("The time that you hold stays yours until its hold ends: {what}, {when}.", what=what, when=when)
        said = joined(" ", (said, kept))
    return replace(await start(turn, desk), note=said)


async def dead_link(turn: Turn, desk: Desk) -> Screen:
    """A deep link that leads nowhere any more."""
    words = _("That link was used, withdrawn or is too old. Nothing was changed; here is what you can do next.")
    return replace(await start(turn, desk), note=words)


def no_owner(turn: Turn) -> Screen:
    """Nobody owns this installation: whoever installed it learns the exact setting."""
    return Screen(
        _("Rapport is running"),
        (
            Line(_("Nobody owns this practice yet. If it is yours, set this and restart:")),
            Line(f"OWNERS={owner_entry(turn.account)}", Tone.STRONG),
            Line(
                _(
                    "Your id here is {id}. If it is not yours, there is nothing to do: the practice is not open yet, "
                    "and I will write to you when it is.",
                    id=turn.account.user_ref,
                )
            ),
        ),
        ((Button(_("Check again"), "start"),),),
    )


def owner_entry(account: Account) -> str:
    return ":".join(part for part in (account.platform.value, account.workspace, account.user_ref) if part)


async def opened(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    return Screen(
        _("{name} is open", name=practice.name or _("The practice")),
        (Line(_("You asked before it was ready. Now you can book.")),),
        ((Button(_("Book a session"), "book", Style.PRIMARY), Button(_("Help"), "help")),),
    )


async def gone(_turn: Turn, _desk: Desk) -> Screen:
    """The page of notices whose facts no longer hold: these are not sent."""
    return replace(failures.missing(), over=True)


ROUTES: tuple[Route, ...] = (
    show("start", start, command="/start"),
    show("start/dead", dead_link),
    show("start/cancelled", cancelled),
    show("gone", gone),
)
