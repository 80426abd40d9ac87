"""The coaches of the practice, as its owner sees them: who is there, who is invited, and one coach's page."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import BookingState
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.team import coach_page
from bot.services.desk import Desk


async def team(turn: Turn, desk: Desk) -> Screen:
    coaches = await desk.coaches.all(turn.generation)
    invitations = await desk.invitations.invitations(turn.now)
    offered = {coach_id for offer in await desk.offers.open_for(None) for coach_id in offer.coach_ids}
    lines = [
        Line(_("{name}: {state}", name=coach.name, state=_facts(coach, offered=coach.id in offered)))
        for coach in coaches
    ]
    if not coaches:
        lines.append(Line(_("Nobody coaches here yet.")))
    rows: list[Row] = [(Button(coach.name, address("team", coach.id)),) for coach in coaches]
    if invitations:
        count = len(invitations)
        words = ngettext("{n} invitation is open", "{n} invitations are open", count)
        lines.append(Line(words, Tone.QUIET))
        rows.append((Button(_("Open invitations"), "invitations"),))
    rows.append((Button(_("Invite a coach"), "invite", Style.PRIMARY),))
    if await coach_page.own(turn, desk) is None:
        rows.append((Button(_("I coach, too"), turn.do("team", "me")),))
    if coaches:
        rows.append((Button(_("Day of all coaches"), "today/all"), Button(_("All clients"), "clients/all")))
    rows.append((Button(_("Back"), "setup"), Button(_("Start"), "start")))
    return Screen(_("Coaches"), tuple(lines), tuple(rows))


def _facts(coach: Coach, *, offered: bool) -> str:
    facts = [coach_page.state_words(coach, offered=offered)]
    if not coach.schedule.has_hours():
        facts.append(_("no hours yet"))
    if coach.place is None:
        facts.append(_("no place yet"))
    return ", ".join(facts)


async def coach_too(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    outcome = await desk.practice.become_coach(turn.act("joining/zone"))
    return refusals.or_next(turn, outcome, "setup", _("Three answers, and clients can book you."))


async def one(turn: Turn, desk: Desk, coach: int) -> Screen:
    found = await find(desk, coach)
    if found is None:
        return failures.missing()
    # A hold that nobody paid yet is not booked.
    standing = await desk.coaches.upcoming(coach, turn.now)
    upcoming = [booking for booking in standing if booking.state is BookingState.CONFIRMED]
    offers = [offer.name for offer in await desk.offers.all() if coach in offer.coach_ids]
    offered = bool(await desk.offers.open_for(coach))
    place = _("none yet") if found.place is None else phrases.place_in_general(found.place)
    hours = _("set") if found.schedule.has_hours() else _("none yet")
    lines = [
        Line(coach_page.state_words(found, offered=offered), Tone.STRONG),
        Line(_("Hours: {hours}, in {city} time", hours=hours, city=tell.city(found.zone))),
        Line(_("Place: {place}", place=place)),
        Line(_("Offers: {names}", names=", ".join(offers) or _("none yet"))),
        Line(ngettext("{n} session is booked.", "{n} sessions are booked.", len(upcoming))),
    ]
    if upcoming:
        when = tell.moment(upcoming[0].starts, turn.person.zone or found.zone)
        lines.append(Line(_("Next: {when}", when=when)))
    rows: tuple[Row, ...] = (
        (
            Button(_("Day"), address("team", coach, "day")),
            Button(_("Hours"), address("team", coach, "hours")),
            Button(_("Sessions"), address("team", coach, "sessions")),
        ),
        (
            Button(_("Share the link"), address("share", "coach", coach)),
            Button(_("About the coach"), address("about", coach)),
            Button(_("Offers"), "offers"),
        ),
        (
            coach_page.switch(turn, found, "team"),
            Button(_("Remove {name}", name=found.name), address("team", coach, "remove")),
        ),
        (Button(_("All coaches"), "team"), Button(_("Setup"), "setup")),
    )
    return Screen(found.name, tuple(lines), rows)


async def pause(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    found = await find(desk, coach)
    if found is None:
        return failures.missing()
    turn.require(found.state)
    outcome = await desk.coaches.pause(turn.act(address("team", coach)), coach)
    return refusals.or_next(turn, outcome, "team", _("Paused. What is booked stays; nothing new can be booked."))


async def resume(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    found = await find(desk, coach)
    if found is None:
        return failures.missing()
    turn.require(found.state)
    outcome = await desk.coaches.resume(turn.act(address("team", coach)), coach)
    return refusals.or_next(turn, outcome, "team", _("Can be booked again."))


async def find(desk: Desk, coach: int) -> Coach | None:
    found = await desk.coaches.find(coach)
    return None if found is None or found.state is CoachState.REMOVED else found


ROUTES: tuple[Route, ...] = (
    show("team", team, permission=Permission.KEEP_TEAM),
    do("team/me", coach_too, back="team", permission=Permission.KEEP_TEAM),
    show("team/{coach:id}", one, permission=Permission.KEEP_TEAM),
    do("team/{coach:id}/pause", pause, back="team/{coach:id}", permission=Permission.KEEP_TEAM),
    do("team/{coach:id}/resume", resume, back="team/{coach:id}", permission=Permission.KEEP_TEAM),
)
