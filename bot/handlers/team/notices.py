"""Messages to coaches and owners that are about no booking: who joined or left, a new workspace, missing hours."""

from bot.chat.address import address
from bot.chat.screen import Button, Line, Link, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.practice.coaches import CoachState
from bot.handlers.kit import phrases
from bot.services.desk import Desk

KEPT_SHOWN = 10


async def joined(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    found = await desk.coaches.find(coach, turn.generation)
    if found is None or found.state is CoachState.REMOVED:
        return Redirect("gone")
    return Screen(
        _("{name} coaches here now", name=found.name),
        (Line(_("The invitation was accepted. Say which offers are theirs.")),),
        ((Button(_("About {name}", name=found.name), address("team", coach)), Button(_("Offers"), "offers")),),
    )


async def removed(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    """Tells a coach that they were removed."""
    found = await desk.coaches.find(coach, turn.generation)
    if found is None or found.person_id != turn.person.id or found.state is not CoachState.REMOVED:
        return Redirect("gone")
    practice = await desk.practice.get(turn.generation)
    lines = [Line(_("The practice ended your time as a coach here. Nothing new can be booked with you."))]
    kept = [each for each in await desk.coaches.upcoming(coach, turn.now) if each.state is BookingState.CONFIRMED]
    if kept:
        lines.append(Line(_("These sessions are still yours; I remind you of them:"), Tone.STRONG))
    for booking in kept[:KEPT_SHOWN]:
        when = phrases.when_for_coach(booking, turn.person.zone)
        lines.append(Line(_("{when}: {what}", when=when, what=await _kept(desk, booking))))
    if len(kept) > KEPT_SHOWN:
        lines.append(Line(ngettext("And {n} more.", "And {n} more.", len(kept) - KEPT_SHOWN)))
    lines += phrases.question_to(practice.contact)
    rows: list[Row] = [(Button(_("Start"), "start"), Button(_("Help"), "help"))]
    if kept:
        rows.insert(0, (Button(_("Next session"), address("booking", kept[0].id)), Button(_("Today"), "today")))
    return Screen(_("You no longer coach here"), tuple(lines), tuple(rows))


async def _kept(desk: Desk, booking: Booking) -> str:
    what, to = phrases.with_client(booking), None
    if booking.handed_to is not None:
        to = await desk.coaches.find(booking.handed_to)
    if to is None:
        return what
    return _("{what}; {client} is asked about {name}", what=what, client=booking.client_name, name=to.name)


async def workspace_lost(_turn: Turn, desk: Desk) -> Screen | Redirect:
    """Those whose token Slack does not renew; once each is installed again there is nothing to say."""
    lost = [each for each in await desk.workspaces.all() if each.lost_at is not None]
    if not lost:
        return Redirect("gone")
    names = ", ".join(each.name or each.team_ref for each in lost)
    lines = [
        Line(_("Slack no longer lets me speak in {names}. Whoever may add apps there can add me again.", names=names)),
        Line(_("What is booked stays; what I had to say there waits.")),
    ]
    install = desk.sharing.of_practice().install
    row: Row = (Button(_("All workspaces"), "workspaces"),)
    if install is not None:
        row = (Link(_("Add me again"), install, Style.PRIMARY), *row)
    return Screen(_("I cannot reach a Slack workspace"), tuple(lines), (row,))


async def workspace(_turn: Turn, desk: Desk) -> Screen | Redirect:
    found = await desk.workspaces.all()
    if not found:
        return Redirect("gone")
    newest = max(found, key=lambda each: each.installed_at)
    name = newest.name or newest.team_ref
    return Screen(
        _("A Slack workspace was added"),
        (
            Line(_("{name} installed the app. Everybody there can be your client now.", name=name)),
            Line(_("If you do not know it, close it.")),
        ),
        (
            (
                Button(_("Look at it"), address("workspace", newest.team_ref.lower())),
                Button(_("All workspaces"), "workspaces"),
            ),
        ),
    )


async def needs_hours(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    """Tells a coach without hours that somebody wanted to book. Dropped once there are hours."""
    found = await desk.coaches.of(turn.person, turn.generation)
    if found is None or found.id != coach:
        return Redirect("gone")
    if found.schedule.has_hours() or found.state is CoachState.REMOVED:
        return Redirect("gone")
    return Screen(
        _("A client looks for a time"),
        (Line(_("You have no hours, so nothing can be booked. I will tell whoever asked once there are times.")),),
        ((Button(_("Set my hours"), "hours/line", Style.PRIMARY), Button(_("My page"), "coach")),),
    )
