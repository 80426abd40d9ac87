"""The owner's page of tax: off, in the prices, or on top of them; and as what the provider is to tax the sessions."""

import re
from typing import assert_never

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Line, Redirect, Screen, Style, Tone, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, fee_words, phrases, refusals
from bot.services.desk import Desk
from bot.services.practice.taxes import NoTax

PAGE = "setup/tax"
OFF = "off"
CODE = re.compile(r"txcd_\d{8}")


async def page(turn: Turn, desk: Desk) -> Screen:
    practice, provider = await desk.practice.get(turn.generation), phrases.provider(desk)
    tax = practice.tax
    lines = [Line(how(tax), Tone.STRONG)]
    if tax is not None:
        code = tax.code or _("as {provider}'s settings have it").format(provider=provider)
        lines.append(Line(_("What you sell, for the tax: {code}", code=code)))
    about = _(
        "{provider} calculates it by the client's address on its page. What waits to be paid stays as it was told."
    )
    lines.append(Line(about.format(provider=provider), Tone.QUIET))
    if tax is not None and desk.fees.on:
        lines.append(Line(fee_words.untaxed(), Tone.QUIET))
    choices = [
        (TaxBehavior.INCLUSIVE.value, _("In the prices")),
        (TaxBehavior.EXCLUSIVE.value, _("On top of the prices")),
        (OFF, _("No tax")),
    ]
    now = OFF if tax is None else tax.behavior.value
    others = [
        Button(words, turn.do("setup", "tax", name, stated=(practice.version,)))
        for name, words in choices
        if name != now
    ]
    code_form = () if tax is None else ((Button(_("What you sell"), "setup/tax/code"),),)
    back = (Button(_("The practice"), "setup/practice"),)
    return Screen(_("Tax"), tuple(lines), (tuple(others), *code_form, back))


def how(tax: TaxChoice | None) -> str:
    if tax is None:
        return _("No tax is calculated.")
    if tax.behavior is TaxBehavior.INCLUSIVE:
        return _("Tax is in the prices.")
    return _("Tax comes on top of the prices.")


async def choose(turn: Turn, desk: Desk, choice: str) -> Screen | Redirect:
    practice = await desk.practice.get()
    turn.require(practice.version)
    if choice != OFF and choice not in list(TaxBehavior):
        return failures.missing()
    tax = None
    if choice != OFF:
        async with turn.slowly(_("Asking the payment provider…")):
            obstacle = await desk.taxes.obstacle()
        if obstacle is not None:
            return _not_now(desk, obstacle)
        tax = TaxChoice(TaxBehavior(choice), None if practice.tax is None else practice.tax.code)
    outcome = await desk.taxes.choose(turn.act(PAGE), practice.version, tax)
    return refusals.or_next(turn, outcome, PAGE, _("Saved."))


def _not_now(desk: Desk, obstacle: NoTax) -> Screen:
    provider = phrases.provider(desk)
    match obstacle:
        case NoTax.OFF:
            words = _("Card payments are off here, and tax is calculated on the card page.")
        case NoTax.NOT_SET_UP:
            words = _("{provider} does not know where you are registered for tax. Enter it there, under Tax.")
        case NoTax.AWAY:
            words = _("{provider} does not answer. Nothing was changed: try again in a while.")
        case _:
            assert_never(obstacle)
    again = Button(_("Back"), PAGE, Style.PRIMARY)
    return Screen(_("Not switched on"), (Line(words.format(provider=provider)),), ((again,),))


async def code_form(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    asked = Field(
        "code",
        _("Which tax code?"),
        hint=_(
            "Such as txcd_20030000 for services in general: ask your accountant. Empty: as the settings there have it."
        ),
        default=None if practice.tax is None else practice.tax.code,
        optional=True,
        read=_code,
        max_length=13,
    )
    to = turn.do("setup", "tax", "code", "keep", stated=(practice.version,))
    return Screen(_("What you sell"), (), (), form=Form(to, (asked,), _("Save"), cancel_to=PAGE))


def _code(raw: str) -> str | Wrong:
    text = raw.strip().lower()
    return text if not text or CODE.fullmatch(text) else Wrong(_("A tax code is txcd_ and eight digits."))


async def keep_code(turn: Turn, desk: Desk) -> Screen | Redirect:
    practice = await desk.practice.get()
    turn.require(practice.version)
    if practice.tax is None:
        return Redirect(PAGE)
    tax = TaxChoice(practice.tax.behavior, str(turn.values.get("code") or "") or None)
    outcome = await desk.taxes.choose(turn.act(PAGE), practice.version, tax)
    return refusals.or_next(turn, outcome, PAGE, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show(PAGE, page, permission=Permission.SET_UP),
    show("setup/tax/code", code_form, permission=Permission.SET_UP),
    do("setup/tax/code/keep", keep_code, back="setup/tax/code", permission=Permission.SET_UP),
    do("setup/tax/{choice:word}", choose, back=PAGE, permission=Permission.SET_UP),
)
