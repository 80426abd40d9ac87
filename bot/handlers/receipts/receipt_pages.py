"""A receipt in the chat: what it is for, as a file and as a link, for who paid and for owners."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import (
    Button,
    Field,
    FieldKind,
    File,
    Form,
    Invalid,
    Line,
    Link,
    Redirect,
    Row,
    Screen,
    Style,
    Tone,
)
from bot.chat.turn import Turn
from bot.chat.words import _, current_language
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments.buyers import ADDRESS_LENGTH, NAME_LENGTH, NUMBER_LENGTH
from bot.domain.payments.receipts import Party, Receipt, ReceiptKind
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, phrases, refusals
from bot.pages import papers, receipt_words
from bot.services.desk import Desk


async def page(turn: Turn, desk: Desk, receipt: int) -> Screen:
    found = await desk.receipts.find(receipt)
    if found is None or (found.person_id != turn.person.id and not turn.may(Permission.SEE_MONEY)):
        return failures.missing()
    said, title = found.receipt, receipt_words.title(found.receipt)
    pdf = await papers.receipt_pdf(said, current_language())
    lines = (Line(_sum(said), Tone.STRONG), *_about(said), phrases.file_in_chat())
    rows: tuple[Row, ...] = ((Link(_("Open it in the browser"), found.url),),)
    if turn.may(Permission.SEE_MONEY):
        if await desk.buyers.corrections.replaces(receipt):
            rows = (*rows, (Button(_("Wrong name or address"), address("receipt", receipt, "anew")),))
        rows = (*rows, (Button(_("Their receipts"), address("receipts", "of", found.person_id)),))
    rows = (*rows, (Button(_("Your receipts"), "receipts"), Button(_("Start"), "start")))
    return Screen(title, lines, rows, file=File(f"{said.number}.pdf", pdf, title))


async def replaced(turn: Turn, desk: Desk, receipt: int) -> Screen | Redirect:
    """To who paid: the receipt that they had is cancelled, and this one stands in its place."""
    found = await desk.receipts.find(receipt)
    if found is None or found.person_id != turn.person.id or found.receipt.corrects is None:
        return Redirect("gone")
    words = _("The practice cancelled {old} and issued {new} in its place, with your name or address set right.")
    lines = (
        Line(words.format(old=found.receipt.corrects, new=found.receipt.number)),
        Line(_("No money moves. Keep both for your books."), Tone.QUIET),
    )
    anew = Button(receipt_words.title(found.receipt), address("receipt", receipt), Style.PRIMARY)
    return Screen(_("You have a new receipt"), lines, ((anew,), (Button(_("Start"), "start"),)))


async def form(turn: Turn, desk: Desk, receipt: int) -> Screen:
    found = await desk.receipts.find(receipt)
    if found is None or not await desk.buyers.corrections.replaces(receipt):
        return failures.missing()
    buyer = found.receipt.buyer
    asked = (
        Field("name", _("Who bought it?"), default=buyer.name, max_length=NAME_LENGTH),
        Field(
            "address", _("At which address?"), FieldKind.LONG, hint=_("Street, postcode, town, country."),
            default=buyer.address, optional=True, max_length=ADDRESS_LENGTH,
        ),
        Field("tax_number", _("Which tax number?"), default=buyer.number, optional=True, max_length=NUMBER_LENGTH),
    )  # fmt: skip
    words = _("{number} is cancelled, and a new receipt takes its place. No money moves.", number=found.receipt.number)
    here = address("receipt", receipt)
    sent = Form(turn.do("receipt", receipt, "anew", "keep"), asked, _("Issue a new one"), cancel_to=here)
    return Screen(_("A new receipt"), (Line(words),), (), form=sent)


async def anew(turn: Turn, desk: Desk, receipt: int) -> Screen | Redirect | Invalid:
    turn.require()
    said = {name: str(turn.values.get(name) or "").strip() for name in ("name", "address", "tax_number")}
    buyer = Party(said["name"], said["address"] or None, said["tax_number"] or None)
    outcome = await desk.buyers.corrections.for_buyer(turn.act("receipt/{id}"), receipt, buyer)
    if isinstance(outcome, Refusal) and outcome.code is Code.CONTRADICTION:
        return Invalid({str(outcome.reason): refusals.words(outcome)})
    return refusals.or_next(turn, outcome, address("receipt", receipt), _("The new receipt is issued."))


def _sum(receipt: Receipt) -> str:
    day = tell.long_day(day_of(receipt.at, receipt.zone))
    match receipt.kind:
        case ReceiptKind.PURCHASE:
            return _("{amount}, paid on {day}", amount=tell.amount(receipt.total), day=day)
        case ReceiptKind.REFUND:
            back = -receipt.total
            return _("{amount}, given back on {day}", amount=tell.amount(back), day=day)
    return _("Made on {day}. No money moves.", day=day)


def _about(receipt: Receipt) -> list[Line]:
    if receipt.corrects is None:
        return []
    return [Line(receipt_words.corrects(receipt, receipt.corrects))]


ROUTES: tuple[Route, ...] = (
    show("receipt/{receipt:id}", page),
    show("receipt/{receipt:id}/anew", form, permission=Permission.SEE_MONEY),
    do("receipt/{receipt:id}/anew/keep", anew, back="receipt/{receipt:id}", permission=Permission.SEE_MONEY),
)
