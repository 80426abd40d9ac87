"""The tax of one client, for an owner: the number, what the state says to it, and whether tax is taken at all; and what
a client reads whose number the state does not know."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, FieldKind, Form, Invalid, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments.buyers import WHY_LENGTH, Buyer
from bot.domain.payments.tax_numbers import NumberState
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, refusals, tax_words
from bot.services.desk import Desk

MAY = Permission.SEE_MONEY


async def of_client(turn: Turn, desk: Desk, person: int) -> Screen:
    client = await desk.people.find(person)
    if client is None:
        return failures.missing()
    buyer = await desk.buyers.of(client.id)
    number = _("No tax number.") if buyer.number is None else _("Tax number: {number}", number=buyer.number)
    lines = [Line(number)]
    lines += tax_words.of_number_to_owner(await desk.buyers.number_state(client.id))
    lines += await _exemption(turn, desk, buyer)
    change = Button(_("Take tax again"), address("client-tax", person, "due"))
    if buyer.exemption is None:
        change = Button(_("Take no tax"), address("client-tax", person, "exempt"))
    back = (Button(_("Client"), address("client", person)), Button(_("Start"), "start"))
    return Screen(_("Tax of {name}", name=client.name), tuple(lines), ((change,), back))


async def _exemption(turn: Turn, desk: Desk, buyer: Buyer) -> list[Line]:
    told = _("Tax is taken.") if buyer.exemption is None else _("No tax is taken.")
    if buyer.why is None or buyer.since is None:
        return [Line(told, Tone.STRONG)]
    by = None if buyer.by is None else await desk.people.find(buyer.by)
    day = tell.day(day_of(buyer.since, turn.zone))
    since = _("Since {day}, entered by {name}.", day=day, name="-" if by is None else by.name)
    return [Line(joined(" ", (told, since)), Tone.STRONG), Line(_("Reason: {reason}", reason=buyer.why))]


async def exempt_form(turn: Turn, desk: Desk, person: int) -> Screen | Redirect:
    about = _("From the next order on, no tax is taken of {name}. The reason stands on the receipts.")
    return await _form(turn, desk, person, _("Take no tax?"), about, _("Take no tax"), on=True)


async def due_form(turn: Turn, desk: Desk, person: int) -> Screen | Redirect:
    about = _("From the next order on, tax is taken of {name} again. Orders of before stay as they are.")
    return await _form(turn, desk, person, _("Take tax again?"), about, _("Take tax again"), on=False)


async def _form(
    turn: Turn, desk: Desk, person: int, title: str, about: str, yes: str, *, on: bool
) -> Screen | Redirect:
    client, back = await desk.people.find(person), address("client-tax", person)
    if client is None:
        return failures.missing()
    buyer = await desk.buyers.of(client.id)
    if (buyer.exemption is not None) == on:
        return Redirect(back)
    hint = _("It is kept with your name and the day.")
    why = Field("why", _("Why?"), FieldKind.LONG, hint=hint, max_length=WHY_LENGTH)
    to = turn.do("client-tax", person, "exempt" if on else "due", "yes", stated=(_stated(buyer),))
    return Screen(title, (Line(about.format(name=client.name)),), (), form=Form(to, (why,), yes, cancel_to=back))


def _stated(buyer: Buyer) -> int:
    """The version of what is said of the exemption."""
    return 0 if buyer.since is None else int(buyer.since.timestamp())


async def exempt(turn: Turn, desk: Desk, person: int) -> Screen | Redirect | Invalid:
    return await _keep(turn, desk, person, on=True)


async def due(turn: Turn, desk: Desk, person: int) -> Screen | Redirect | Invalid:
    return await _keep(turn, desk, person, on=False)


async def _keep(turn: Turn, desk: Desk, person: int, *, on: bool) -> Screen | Redirect | Invalid:
    client, back = await desk.people.find(person), address("client-tax", person)
    if client is None:
        return failures.missing()
    turn.require(_stated(await desk.buyers.of(client.id)))
    outcome = await desk.buyers.exempt(turn.act(back), client.id, str(turn.values.get("why") or ""), on=on)
    if isinstance(outcome, Refusal) and outcome.code is Code.CONTRADICTION:
        return Invalid({"why": _("Write a reason of up to {n} letters.", n=WHY_LENGTH)})
    return refusals.or_next(turn, outcome, back, _("Saved."))


async def number_unknown(turn: Turn, desk: Desk) -> Screen | Redirect:
    """To the client, once: what the state says to their number, and what follows from that."""
    buyer, state = await desk.buyers.of(turn.person.id), await desk.buyers.number_state(turn.person.id)
    if buyer.number is None or state is not NumberState.UNVERIFIED:
        return Redirect("gone")
    lines = (
        Line(_("Tax number: {number}", number=buyer.number)),
        *tax_words.of_number(state),
        Line(_("It still stands on your receipts. If it is a slip, correct it: it is checked again at once.")),
    )
    rows = ((Button(_("Name and address"), "receipts/buyer", Style.PRIMARY), Button(_("Start"), "start")),)
    return Screen(_("Your tax number is not known"), lines, rows)


ROUTES: tuple[Route, ...] = (
    show("client-tax/{person:id}", of_client, permission=MAY),
    show("client-tax/{person:id}/exempt", exempt_form, permission=MAY),
    show("client-tax/{person:id}/due", due_form, permission=MAY),
    do("client-tax/{person:id}/exempt/yes", exempt, back="client-tax/{person:id}/exempt", permission=MAY),
    do("client-tax/{person:id}/due/yes", due, back="client-tax/{person:id}/due", permission=MAY),
)
