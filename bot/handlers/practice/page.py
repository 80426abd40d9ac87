"""The practice's own page: change an answer of `/setup`, and name a human to turn to."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.practice import Question
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, refusals
from bot.handlers.practice import on_receipts, setup, tax
from bot.services.desk import Desk

PAGE = "setup/practice"
CHANGEABLE = {Question.NAME, Question.CURRENCY, Question.ZONE}
"""Answers of `/setup` that are the practice's own."""


async def page(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    lines = [
        Line(practice.name or _("No name yet"), Tone.STRONG),
        Line(_("Currency: {code}", code=practice.currency or _("none"))),
        Line(_("Time zone: {city}", city=tell.city(practice.zone) if practice.zone else _("none"))),
        Line(_("Human contact: {contact}", contact=with_links(practice.contact or _("none")))),
        Line(on_receipts.words(practice)),
        Line(tax.how(practice.tax)),
    ]
    return Screen(
        _("The practice"),
        tuple(lines),
        (
            (Button(_("Name"), "setup/change/name"), Button(_("Currency"), "setup/change/currency")),
            (Button(_("Time zone"), "setup/change/zone"), Button(_("Human contact"), "setup/contact/form")),
            (Button(_("Workspaces"), "workspaces"), Button(_("Who changed what"), "audit")),
            (Button(_("On receipts"), "setup/receipts/form"), Button(_("Tax"), tax.PAGE)),
            (Button(_("Limits for a client"), "setup/limits"), Button(_("What SMS cost"), "setup/sms")),
            (Button(_("Back"), "setup"),),
        ),
    )


async def change(turn: Turn, desk: Desk, question: str) -> Screen:
    if question not in CHANGEABLE:
        return failures.missing()
    asked = await setup.field(turn, desk, Question(question), await desk.practice.get(turn.generation))
    form = Form(turn.do("setup", "change", question, "save"), (asked,), _("Save"), cancel_to=PAGE)
    return Screen(_("The practice"), (), (), form=form)


async def save_change(turn: Turn, desk: Desk, question: str) -> Screen | Redirect | Invalid:
    turn.require()
    if question not in CHANGEABLE:
        return failures.missing()
    answer = turn.values.get("answer")
    if answer is None:
        return Redirect(address("setup", "change", question))
    return await setup.keep(turn, desk, Question(question), answer, PAGE, _("Saved."))


async def contact_form(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
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
            return Invalid({"answer": refusals.words(outcome)})
        return refusals.screen(turn, outcome, PAGE)
    return Redirect(outcome.next, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show(PAGE, page, permission=Permission.SET_UP),
    show("setup/change/{question:word}", change, permission=Permission.SET_UP),
    do(
        "setup/change/{question:word}/save",
        save_change,
        back="setup/change/{question:word}",
        permission=Permission.SET_UP,
    ),
    show("setup/contact/form", contact_form, permission=Permission.SET_UP),
    do("setup/contact/keep", save_contact, back="setup/contact/form", permission=Permission.SET_UP),
)
