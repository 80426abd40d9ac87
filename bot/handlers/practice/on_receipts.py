"""What receipts say of the practice beside its name: its address and its tax number."""

from bot.chat.router import Route, do, show
from bot.chat.screen import Field, FieldKind, Form, Invalid, Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.practice import Practice
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import refusals
from bot.services.desk import Desk
from bot.services.practice.practice import ADDRESS_LENGTH, TAX_NUMBER_LENGTH

PAGE = "setup/practice"


def words(practice: Practice) -> str:
    """Says what is missing: in most countries a receipt needs the address of who issues it."""
    if practice.address is None:
        return _("Receipts name no address of yours yet. Set it under On receipts.")
    address = ", ".join(line.strip() for line in practice.address.splitlines() if line.strip())
    if practice.tax_number is None:
        return _("On receipts: {address}; no tax number", address=address)
    return _("On receipts: {address}; tax number {number}", address=address, number=practice.tax_number)


async def form(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    asked = (
        Field(
            "address",
            _("Which address stands on receipts?"),
            FieldKind.LONG,
            hint=_("Street, postcode, town, country. Receipts from before keep what they say."),
            default=practice.address,
            optional=True,
            max_length=ADDRESS_LENGTH,
        ),
        Field(
            "tax_number",
            _("Which tax number?"),
            hint=_("As your receipts must show it, such as ATU12345678. Leave it empty for none."),
            default=practice.tax_number,
            optional=True,
            max_length=TAX_NUMBER_LENGTH,
        ),
    )
    sent = Form(turn.do("setup", "receipts", "keep"), asked, _("Save"), cancel_to=PAGE)
    body = (Line(_("Each purchase and each refund has a receipt. Your name and these stand at its top.")),)
    return Screen(_("On receipts"), body, (), form=sent)


async def save(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    said = {name: str(turn.values.get(name) or "") for name in ("address", "tax_number")}
    outcome = await desk.practice.set_on_receipts(turn.act(PAGE), said["address"], said["tax_number"])
    if isinstance(outcome, Refusal):
        if outcome.code is Code.CONTRADICTION:
            return Invalid({str(outcome.reason): refusals.words(outcome)})
        return refusals.screen(turn, outcome, PAGE)
    return Redirect(outcome.next, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show("setup/receipts/form", form, permission=Permission.SET_UP),
    do("setup/receipts/keep", save, back="setup/receipts/form", permission=Permission.SET_UP),
)
