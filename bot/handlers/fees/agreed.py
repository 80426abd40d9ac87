"""`/settings`, Cards: which fees a client agreed to, and the way to take that back."""

from bot.chat import tell
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments.fees import FeeConsent
from bot.handlers.kit import refusals
from bot.services.desk import Desk


async def page(turn: Turn, desk: Desk) -> Screen:
    found = await desk.fees.agreed(turn.person.id)
    offers = {each.offer_id: await desk.offers.find(each.offer_id) for each in found}
    names = {number: "" if offer is None else offer.name for number, offer in offers.items()}
    lines = [Line(_line(turn, each, names[each.offer_id])) for each in found]
    rows: list[Row] = []
    standing = [each for each in found if each.withdrawn_at is None]
    if not lines:
        lines = [Line(_("You agreed to no fee so far. Where one can come up, I ask you when you book."))]
    if standing:
        lines.append(
            Line(_("If you take it back, what is booked keeps it, and I ask you anew when you book."), Tone.QUIET)
        )
        back = turn.do("fees", "withdraw", stated=_stated(standing))
        rows.append((Button(_("Take it back"), back, Style.DANGER, label=_("Take back what I agreed to")),))
    rows.append((Button(_("Cards"), "cards"), Button(_("Start"), "start")))
    return Screen(_("Fees that you agreed to"), tuple(lines), tuple(rows))


def _line(turn: Turn, consent: FeeConsent, offer: str) -> str:
    day, most = tell.day(day_of(consent.agreed_at, turn.zone)), tell.amount(consent.ceiling)
    if consent.withdrawn_at is None:
        return _("{day}: {offer}, {most} at most", day=day, offer=offer, most=most)
    until = tell.day(day_of(consent.withdrawn_at, turn.zone))
    return _("{day}: {offer}, {most} at most; taken back {until}", day=day, offer=offer, most=most, until=until)


def _stated(standing: list[FeeConsent]) -> tuple[int, ...]:
    return tuple(each.id for each in standing)


async def withdraw(turn: Turn, desk: Desk) -> Screen | Redirect:
    found = await desk.fees.agreed(turn.person.id)
    turn.require(*_stated([each for each in found if each.withdrawn_at is None]))
    said = _("Taken back. What is booked keeps what was agreed for it.")
    return refusals.or_next(turn, await desk.fees.withdraw(turn.act("fees")), "fees", said)


ROUTES: tuple[Route, ...] = (show("fees", page), do("fees/withdraw", withdraw, back="fees"))
