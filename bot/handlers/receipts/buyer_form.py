"""What a client's receipts say of them: another name, an address, a tax number."""

from bot.chat.moments import joined
from bot.chat.router import Route, do, show
from bot.chat.screen import Field, FieldKind, Form, Invalid, Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.buyers import ADDRESS_LENGTH, NAME_LENGTH, NUMBER_LENGTH, Buyer
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import refusals
from bot.services.desk import Desk

LIST = "receipts"


def words(turn: Turn, buyer: Buyer) -> str:
    """In one line, what the next receipt says."""
    address = joined(", ", [line.strip() for line in (buyer.address or "").splitlines() if line.strip()])
    number = None if buyer.number is None else _("tax number {number}", number=buyer.number)
    facts = joined("; ", [each for each in (buyer.name or turn.person.name, address, number) if each])
    return _("The next receipt is for: {buyer}", buyer=facts)


async def form(turn: Turn, desk: Desk) -> Screen:
    buyer = await desk.buyers.of(turn.person.id)
    asked = (
        Field(
            "name", _("Which name stands on them?"), hint=_("Yours, or that of a company. Empty: as in this chat."),
            default=buyer.name, optional=True, max_length=NAME_LENGTH,
        ),
        Field(
            "address", _("Which address?"), FieldKind.LONG, hint=_("Street, postcode, town, country."),
            default=buyer.address, optional=True, max_length=ADDRESS_LENGTH,
        ),
        Field(
            "tax_number", _("Which tax number?"), hint=_("Leave it empty for none."),
            default=buyer.number, optional=True, max_length=NUMBER_LENGTH,
        ),
    )  # fmt: skip
    sent = Form(turn.do("receipts", "buyer", "keep"), asked, _("Save"), cancel_to=LIST)
    about = Line(_("From the next one on. For one that you have, ask the practice for a new one."))
    return Screen(_("On your receipts"), (about,), (), form=sent)


async def keep(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    said = [str(turn.values.get(name) or "") for name in ("name", "address", "tax_number")]
    outcome = await desk.buyers.enter(turn.act(LIST), *said)
    if isinstance(outcome, Refusal) and outcome.code is Code.CONTRADICTION:
        return Invalid({str(outcome.reason): refusals.words(outcome)})
    return refusals.or_next(turn, outcome, LIST, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show("receipts/buyer", form),
    do("receipts/buyer/keep", keep, back="receipts/buyer"),
)
