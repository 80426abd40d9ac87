"""A coach says that a client did not come, and whether the fee is charged that the client agreed to."""

from datetime import datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.credit_cover import no_show_fee
from bot.handlers.bookings import outcome
from bot.handlers.kit import failures, fee_words, phrases
from bot.services.desk import Desk


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await outcome.of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    fee = no_show_fee(found, turn.now)
    if not outcome.is_due(found, turn.now) or fee is None:
        return Redirect(address("settling", booking))
    name, amount = found.client_name, tell.amount(fee)
    lines = (
        Line(phrases.when_for_coach(found, turn.person.zone)),
        Line(await _charged(desk, found, amount, turn.now)),
        Line(_("If you undo it, or cancel the session later, the fee goes back.")),
    )
    charge = turn.do("settle", booking, outcome.WITH_FEE, stated=(found.version, fee.amount))
    rows = (
        (Button(_("No-show, charge {fee}", fee=amount), charge, Style.PRIMARY),),
        (Button(_("No-show, no charge"), turn.do("settle", booking, "no-show", stated=(found.version,))),),
        (Button(_("Back"), address("settling", booking)),),
    )
    return Screen(_("{name} did not come?", name=name), lines, rows)


async def _charged(desk: Desk, booking: Booking, fee: str, now: datetime) -> str:
    name = booking.client_name
    if await fee_words.card_of(desk, booking.person_id, now) is None:
        words = _("{name} agreed to pay {fee} for not coming. No card is kept any more, so I send a page to pay it.")
        return words.format(name=name, fee=fee)
    return _("{name} agreed to pay {fee} for not coming. It is charged to the kept card.", name=name, fee=fee)


ROUTES: tuple[Route, ...] = (show("no-show/{booking:id}", ask),)
