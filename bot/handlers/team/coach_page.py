"""`/coach`: where I work, on which clock, whether I can be booked, and my own link."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Form, Invalid, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.practice.practice import Question
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, phrases, refusals, setup_fields
from bot.handlers.kit.typed import understood
from bot.services.desk import Desk


async def mine(turn: Turn, desk: Desk) -> Screen:
    coach = await desk.coaches.of(turn.person, turn.generation)
    if coach is None:
        return failures.missing()
    place = _("none yet") if coach.place is None else phrases.place_in_general(coach.place)
    offered = bool(await desk.offers.open_for(coach.id, turn.generation))
    lines = [
        Line(state_words(coach, offered=offered), Tone.STRONG),
        Line(_("Place: {place}", place=place)),
        Line(_("Hours are in {city} time.", city=tell.city(coach.zone))),
    ]
    if coach.place is not None and coach.place.asks_number:
        lines.append(Line(_("Clients are asked for their number when they book, and only you see it."), Tone.QUIET))
    if not coach.schedule.has_hours():
        lines.append(Line(_("Nobody can book you until you set hours."), Tone.STRONG))
    if not offered and coach.state is CoachState.ACTIVE:
        lines.append(Line(_("No offer is open with you yet. An owner of the practice says which ones are yours.")))
    return Screen(
        coach.name,
        tuple(lines),
        (
            (Button(_("My hours"), "hours", Style.PRIMARY), Button(_("Change place"), "coach/place")),
            (
                Button(_("Change time zone"), "coach/zone"),
                Button(_("Share my link"), address("share", "coach", coach.id)),
            ),
            (Button(_("About me"), address("about", coach.id)), switch(turn, coach, "coach")),
            (Button(_("Start"), "start"),),
        ),
    )


def state_words(coach: Coach, *, offered: bool) -> str:
    """`offered`: an open offer is done by this coach."""
    match coach.state:
        case CoachState.ACTIVE:
            ready = offered and coach.schedule.has_hours()
            return _("Takes bookings") if ready else _("Cannot be booked yet")
        case CoachState.PAUSED:
            return _("Paused: no new bookings")
        case CoachState.REMOVED:
            return _("No longer a coach")


def switch(turn: Turn, coach: Coach, head: str) -> Button:
    """Pause or resume, as the coach (`coach`) or as an owner (`team`)."""
    if coach.state is CoachState.PAUSED:
        resume = turn.do(head, coach.id, "resume", stated=(coach.state,))
        return Button(_("Take bookings again"), resume)
    pause = turn.do(head, coach.id, "pause", stated=(coach.state,))
    return Button(_("Pause new bookings"), pause)


async def pause(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    found = await own(turn, desk)
    if found is None or found.id != coach:
        return failures.missing()
    turn.require(found.state)
    words = _("Paused. What is booked stays; nothing new can be booked.")
    return refusals.or_next(turn, await desk.coaches.pause(turn.act("coach"), found.id), "coach", words)


async def resume(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    found = await own(turn, desk)
    if found is None or found.id != coach:
        return failures.missing()
    turn.require(found.state)
    words = _("You can be booked again.")
    return refusals.or_next(turn, await desk.coaches.resume(turn.act("coach"), found.id), "coach", words)


async def own(turn: Turn, desk: Desk) -> Coach | None:
    """The person's own coach row, unless removed."""
    coach = await desk.coaches.of(turn.person, turn.generation)
    return None if coach is None or coach.state is CoachState.REMOVED else coach


def place_line(place: Place | None) -> str | None:
    """The place as it is typed, so that it reads back as the same kind."""
    if place is None:
        return None
    if place.kind is PlaceKind.PHONE_COACH_CALLS:
        return _("I call from {number}", number=place.details)
    return place.details


def place_screen(turn: Turn, coach: Coach, to: str, cancel_to: str) -> Screen:
    form = Form(to, (setup_fields.place(place_line(coach.place)),), _("Save"), cancel_to=cancel_to)
    words = _("Offers without a place of their own take place here. Sessions already booked keep their place.")
    return Screen(_("Your place"), (Line(words, Tone.QUIET),), (), form=form)


def zone_screen(turn: Turn, coach: Coach, to: str, cancel_to: str) -> Screen:
    asked = setup_fields.zone(coach.zone, turn.now, _("Which time zone are your hours in?"))
    form = Form(to, (asked,), _("Save"), cancel_to=cancel_to)
    words = _("9:00 in your hours stays 9:00, in this time zone. Sessions already booked do not move.")
    return Screen(_("Your time zone"), (Line(words, Tone.QUIET),), (), form=form)


async def place_form(turn: Turn, desk: Desk) -> Screen:
    coach = await own(turn, desk)
    if coach is None:
        return failures.missing()
    return place_screen(turn, coach, turn.do("coach", "place", "save"), "coach")


async def zone_form(turn: Turn, desk: Desk) -> Screen:
    coach = await own(turn, desk)
    if coach is None:
        return failures.missing()
    return zone_screen(turn, coach, turn.do("coach", "zone", "save"), "coach")


async def save_place(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    return await keep_place(turn, desk, "coach")


async def save_zone(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    return await keep_zone(turn, desk, "coach")


async def keep_place(turn: Turn, desk: Desk, following: str) -> Screen | Redirect | Invalid:
    turn.require()
    coach, place = await own(turn, desk), turn.values.get("answer")
    if coach is None or not isinstance(place, Place):
        return failures.missing()
    return told(turn, await desk.coaches.set_place(turn.act(following), coach.id, place))


async def keep_zone(turn: Turn, desk: Desk, following: str) -> Screen | Redirect | Invalid:
    turn.require()
    coach, zone = await own(turn, desk), turn.values.get("answer")
    if coach is None or not isinstance(zone, str):
        return failures.missing()
    act = turn.act(following)
    if turn.person.zone is None:
        await desk.people.set_zone(replace(act, key=f"{act.key}:person"), zone, "asked")
    return told(turn, await desk.coaches.set_zone(act, coach.id, zone), understood.words(Question.ZONE, zone, turn.now))


def told(turn: Turn, outcome: Done | Refusal, said: str | None = None) -> Screen | Redirect | Invalid:
    """What an answer leads to, or the words for what is wrong with it."""
    if isinstance(outcome, Done):
        return Redirect(outcome.next, said or _("Saved."))
    if outcome.code is Code.CONTRADICTION:
        return Invalid({"answer": refusals.words(outcome)})
    return refusals.screen(turn, outcome, "coach")


ROUTES: tuple[Route, ...] = (
    show("coach", mine, permission=Permission.KEEP_OWN_PAGE, command="/coach"),
    do("coach/{coach:id}/pause", pause, back="coach", permission=Permission.KEEP_OWN_PAGE),
    do("coach/{coach:id}/resume", resume, back="coach", permission=Permission.KEEP_OWN_PAGE),
    show("coach/place", place_form, permission=Permission.KEEP_OWN_PAGE),
    do("coach/place/save", save_place, back="coach/place", permission=Permission.KEEP_OWN_PAGE),
    show("coach/zone", zone_form, permission=Permission.KEEP_OWN_PAGE),
    do("coach/zone/save", save_zone, back="coach/zone", permission=Permission.KEEP_OWN_PAGE),
)
