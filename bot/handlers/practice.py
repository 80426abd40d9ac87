"""The practice's own page: change an answer of `/setup`, and name a human to turn to."""

from bot.chat import tell
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people import Role
from bot.domain.refusals import Code, Refusal
from bot.handlers import refused
from bot.services.desk import Desk

PAGE = "setup/practice"


async def page(_turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get()
    lines = [
        Line(practice.name or _("No name yet"), Tone.STRONG),
        Line(_("Currency: {code}", code=practice.currency or _("none"))),
        Line(_("Clock: {city}", city=tell.city(practice.zone) if practice.zone else _("none"))),
        Line(_("Human contact: {contact}", contact=practice.contact or _("none"))),
    ]
    return Screen(
        _("The practice"),
        tuple(lines),
        (
            (Button(_("Name"), "setup/name"), Button(_("Currency"), "setup/currency")),
            (Button(_("Time zone"), "setup/zone"), Button(_("Human contact"), "setup/contact/form")),
            (Button(_("Workspaces"), "workspaces"), Button(_("Who changed what"), "audit")),
            (Button(_("Back"), "setup"),),
        ),
    )


async def contact_form(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get()
    asked = Field(
        "answer",
        _("How can clients reach a human?"),
        hint=_("A phone number or an e-mail address that clients see under Help. Leave it empty for none."),
        default=practice.contact,
        optional=True,
        max_length=200,
    )
    form = Form(turn.do("setup", "contact", "keep"), (asked,), _("Save"), cancel_to=PAGE)
    return Screen(_("Human contact"), (), (), form=form)


async def save_contact(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    outcome = await desk.practice.set_contact(turn.act(PAGE), str(turn.values.get("answer") or ""))
    if isinstance(outcome, Refusal):
        if outcome.code is Code.CONTRADICTION:
            return Invalid({"answer": refused.words(outcome)})
        return refused.screen(turn, outcome, PAGE)
    return Redirect(outcome.next, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show(PAGE, page, role=Role.OWNER),
    show("setup/contact/form", contact_form, role=Role.OWNER),
    do("setup/contact/keep", save_contact, back="setup/contact/form", role=Role.OWNER),
)
