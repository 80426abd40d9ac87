"""The owner's page of limits for clients."""

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.client_limits import RANGES, Limit
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import refusals
from bot.handlers.practice import limit_fields
from bot.services.desk import Desk

PAGE = "setup/limits"


async def page(turn: Turn, desk: Desk) -> Screen:
    limits = (await desk.practice.get(turn.generation)).limits
    why = Line(_("So that nobody takes more than their part. What is booked stays."), Tone.QUIET)
    buttons = (Button(_("Change them"), "setup/limits/form"), Button(_("Back"), "setup/practice"))
    return Screen(_("Limits for a client"), (*map(Line, limit_fields.lines(limits)), why), (buttons,))


async def form(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    to = turn.do("setup", "limits", "keep", stated=(practice.version,))
    asked = Form(to, limit_fields.fields(practice.limits), _("Save"), cancel_to=PAGE)
    return Screen(_("Limits for a client"), (), (), form=asked)


async def save(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    practice = await desk.practice.get(turn.generation)
    turn.require(practice.version)
    given = {name.value: count for name in RANGES if isinstance(count := turn.values[name.value], int)}
    outcome = await desk.practice.set_limits(turn.act(PAGE), practice.version, given)
    if isinstance(outcome, Refusal) and outcome.code is Code.CONTRADICTION:
        name = Limit(outcome.reason or "")
        return Invalid({name.value: limit_fields.out_of_range(RANGES[name])})
    return refusals.or_next(turn, outcome, PAGE, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show(PAGE, page, permission=Permission.SET_UP),
    show("setup/limits/form", form, permission=Permission.SET_UP),
    do("setup/limits/keep", save, back="setup/limits/form", permission=Permission.SET_UP),
)
