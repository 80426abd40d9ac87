"""Lists of receipts: a client's own, and for an owner those of one client."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import tell
from bot.chat.address import Segment, address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, paging, tax_words
from bot.handlers.receipts import buyer_form
from bot.pages import receipt_words
from bot.services.desk import Desk
from bot.services.payments.receipts.receipts import FoundReceipt

ON_A_PAGE = 6


async def own(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    found = await desk.receipts.of_person(turn.person.id, page * ON_A_PAGE, ON_A_PAGE + 1)
    screen = _list(_("Your receipts"), found, page, ("receipts",), (Button(_("Start"), "start"),))
    buyer = Line(buyer_form.words(turn, await desk.buyers.of(turn.person.id)), Tone.QUIET)
    number = tax_words.of_number(await desk.buyers.number_state(turn.person.id))
    change = (Button(_("Name and address"), "receipts/buyer"), Button(_("Settings"), "settings"))
    body, start = (*screen.body, buyer, *number), screen.buttons[-1]
    return replace(screen, body=body, buttons=(*screen.buttons[:-1], change, start))


async def of_client(_turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen:
    client = await desk.people.find(person)
    if client is None:
        return failures.missing()
    found = await desk.receipts.of_person(person, page * ON_A_PAGE, ON_A_PAGE + 1)
    back = (Button(_("Back"), address("client", person)), Button(_("Start"), "start"))
    return _list(_("Receipts of {name}", name=client.name), found, page, ("receipts", "of", person), back)


def _list(
    title: str, found: Sequence[FoundReceipt], page: int, at: tuple[Segment, ...], back: tuple[Button, ...]
) -> Screen:
    shown, known = found[:ON_A_PAGE], page * ON_A_PAGE + len(found)
    lines = [Line(_line(each)) for each in shown]
    if not shown:
        words = _("There are no more.") if page else _("There are none yet. Each purchase and each refund has one.")
        lines = [Line(words)]
    rows: list[Row] = [(Button(receipt_words.title(each.receipt), address("receipt", each.id)),) for each in shown]
    rows += paging.turns(at, page, ON_A_PAGE, known, _("Newer"), _("Older"))
    return Screen(title, tuple(lines), (*rows, back))


def _line(found: FoundReceipt) -> str:
    said = found.receipt
    day = tell.day(day_of(said.at, said.zone))
    return _("{day}: {what}, {amount}", day=day, what=receipt_words.title(said), amount=tell.amount(said.total))


ROUTES: tuple[Route, ...] = (
    show("receipts", own),
    show("receipts/{page:id}", own),
    show("receipts/of/{person:id}", of_client, permission=Permission.SEE_MONEY),
    show("receipts/of/{person:id}/{page:id}", of_client, permission=Permission.SEE_MONEY),
)
