"""Becoming a coach: by a link, by a code, or as the person picked by the owner. Then zone, hours and place."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.spans import HoursChange
from bot.domain.people.permissions import Permission
from bot.domain.practice.invitations import Invitation
from bot.domain.practice.practice import Question
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, refusals, setup_fields
from bot.handlers.kit.typed import understood
from bot.handlers.team import coach_page
from bot.services.desk import Desk

FIRST = "joining/zone"


async def by_link(turn: Turn, desk: Desk, token: str) -> Screen | Redirect:
    """Replaces the token by a proof in the addresses that follow, since addresses are stored and logged."""
    found = await desk.invitations.by_token(turn.person, token, turn.now)
    if found is None:
        return Redirect("start/dead")
    return Redirect(address("offered", found.id, _proof(turn, found.id)))


def _proof(turn: Turn, invitation: int) -> str:
    """A proof that this person, and no other, has shown the token of this invitation."""
    return "p" + turn.guard.tag(turn.person.id, address("offered", invitation), ())


async def offered(turn: Turn, desk: Desk, invitation: int, proof: str) -> Screen | Redirect:
    found = await desk.invitations.shown(turn.person, invitation, turn.now)
    if found is None or not _is_proven(turn, invitation, proof):
        return Redirect("start/dead")
    return await _offered(turn, desk, found, turn.do("offered", invitation, proof, "yes", stated=(invitation,)))


async def accept_offered(turn: Turn, desk: Desk, invitation: int, proof: str) -> Screen | Redirect:
    if not _is_proven(turn, invitation, proof):
        return Redirect("start/dead")
    turn.require(invitation)
    return _after(turn, await desk.invitations.accept_shown(turn.act(FIRST), invitation))


def _is_proven(turn: Turn, invitation: int, proof: str) -> bool:
    return turn.guard.holds(proof[1:], turn.person.id, address("offered", invitation), ())


async def picked(turn: Turn, desk: Desk, invitation: int) -> Screen | Redirect:
    """The notice to a person whom the owner picked."""
    found = await desk.invitations.for_person(turn.person, invitation, turn.now)
    if found is None:
        return Redirect("gone")
    return await _offered(turn, desk, found, turn.do("invited", invitation, "yes", stated=(invitation,)))


async def accept_picked(turn: Turn, desk: Desk, invitation: int) -> Screen | Redirect:
    turn.require(invitation)
    return _after(turn, await desk.invitations.accept_picked(turn.act(FIRST), invitation))


async def _offered(turn: Turn, desk: Desk, invitation: Invitation, yes: str) -> Screen:
    practice = await desk.practice.get()
    until = tell.moment(invitation.expires_at, turn.zone)
    if await coach_page.own(turn, desk) is not None:
        return Screen(
            _("You coach here already"),
            (Line(_("The invitation stays unused; somebody else can have it.")),),
            ((Button(_("My page"), "coach"), Button(_("Start"), "start")),),
        )
    return Screen(
        _("Coach at {name}?", name=practice.name or _("this practice")),
        (
            Line(_("You are invited to coach here: clients book you, you get hours, a day view and reminders.")),
            Line(_("The invitation works once, until {when}.", when=until), Tone.QUIET),
        ),
        ((Button(_("Accept"), yes, Style.SUCCESS), Button(_("Not now"), "start")),),
    )


async def code_form(turn: Turn, _desk: Desk) -> Screen:
    asked = Field("code", _("Which code were you given?"), hint=_("Ten letters and digits"), max_length=60)
    form = Form(turn.do("coach", "join", "check"), (asked,), _("Join"), cancel_to="start")
    return Screen(_("Join as a coach"), (), (), form=form)


async def accept_code(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    outcome = await desk.invitations.accept(turn.act(FIRST), str(turn.values.get("code") or ""))
    if isinstance(outcome, Refusal) and outcome.code in (Code.LINK_DEAD, Code.LIMIT):
        return Invalid({"code": refusals.words(outcome)})
    return _after(turn, outcome)


def _after(turn: Turn, outcome: Done | Refusal) -> Screen | Redirect:
    return refusals.or_next(turn, outcome, "start", _("Welcome! Three answers, and clients can book you."))


async def zone_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    return coach_page.zone_screen(turn, coach, turn.do("joining", "zone", "save"), "coach")


async def save_zone(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    return await coach_page.keep_zone(turn, desk, "joining/hours")


async def hours_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    asked = setup_fields.hours(day_of(turn.now, coach.zone), others=False)
    form = Form(turn.do("joining", "hours", "save", stated=(coach.version,)), (asked,), _("Save"), cancel_to="coach")
    return Screen(_("Your hours"), (), (), form=form)


async def save_hours(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    coach, change = await coach_page.own(turn, desk), turn.values.get("answer")
    if coach is None:
        return failures.missing()
    turn.require(coach.version)
    if not isinstance(change, HoursChange):
        return Redirect("joining/hours")
    act = turn.act("joining/place")
    saved = await desk.hours.save(act, coach.id, coach.version, change)
    return coach_page.told(turn, saved, understood.words(Question.HOURS, change, turn.now))


async def place_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    return coach_page.place_screen(turn, coach, turn.do("joining", "place", "save"), "coach")


async def save_place(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    return await coach_page.keep_place(turn, desk, "coach")


ROUTES: tuple[Route, ...] = (
    show("coach/join", code_form, command="/coach join", words="coach/join"),
    do("coach/join/check", accept_code, back="coach/join"),
    show("coach/accept/{token:word}", by_link),
    show("offered/{invitation:id}/{proof:word}", offered),
    do("offered/{invitation:id}/{proof:word}/yes", accept_offered, back="offered/{invitation:id}/{proof:word}"),
    do("invited/{invitation:id}/yes", accept_picked, back="invited/{invitation:id}"),
    show("joining/zone", zone_form, permission=Permission.KEEP_OWN_PAGE),
    do("joining/zone/save", save_zone, back="joining/zone", permission=Permission.KEEP_OWN_PAGE),
    show("joining/hours", hours_form, permission=Permission.KEEP_OWN_PAGE),
    do("joining/hours/save", save_hours, back="joining/hours", permission=Permission.KEEP_OWN_PAGE),
    show("joining/place", place_form, permission=Permission.KEEP_OWN_PAGE),
    do("joining/place/save", save_place, back="joining/place", permission=Permission.KEEP_OWN_PAGE),
)
