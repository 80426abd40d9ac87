"""A client says what becomes of money that came too late for a session: another one on credit, or back at once."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.handlers.bookings import hold_page
from bot.handlers.kit import credit_words, failures, refusals
from bot.services.desk import Desk
from bot.services.exchanges.late_money import Choice


def to_choose(
    turn: Turn, booking: Booking, payment: int, choice: Choice
) -> tuple[tuple[Line, ...], tuple[Row, ...]]:  # fmt: skip
    """Both ways, and what happens without a word."""
    zone, instead = turn.person.zone or booking.client_zone, choice.instead
    amount = tell.amount(instead.amount)
    end, due = credit_words.last_moment(instead.until, booking.coach_zone), tell.moment(choice.due, zone)
    told = {"offer": instead.offer_name, "end": end}
    lines = (
        Line(_("{amount} of yours is here. Choose what becomes of it:", amount=amount), Tone.STRONG),
        Line(_("One session of {offer} on credit, valid until {end}; or all of it back.", **told)),
        Line(_("If you choose nothing, it goes back to the card on {when}.", when=due)),
    )
    keep = turn.do("late-money", booking.id, payment, "credit", stated=instead.facts)
    back = turn.do("late-money", booking.id, payment, "back", stated=(booking.version,))
    return lines, ((Button(_("Keep it as a credit"), keep, Style.SUCCESS),), (Button(_("Send it back"), back),))


async def keep(turn: Turn, desk: Desk, booking: int, payment: int) -> Screen | Redirect:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    choice, page = await desk.exchanges.late_money.choice(found, payment, turn.now), _page(booking, payment)
    if choice is None:
        return Redirect(page, _("That is decided already."))
    turn.require(*choice.instead.facts)
    outcome = await desk.exchanges.late_money.take_credit(turn.act("packages"), booking, payment, choice.instead)
    said = _("Kept: you have one session of {offer} on credit.", offer=choice.instead.offer_name)
    return refusals.or_next(turn, outcome, page, said)


async def back(turn: Turn, desk: Desk, booking: int, payment: int) -> Screen | Redirect:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    page = _page(booking, payment)
    if await desk.exchanges.late_money.choice(found, payment, turn.now) is None:
        return Redirect(page, _("That is decided already."))
    outcome = await desk.exchanges.late_money.send_back(turn.act(page), booking, payment)
    return refusals.or_next(turn, outcome, page)


def _page(booking: int, payment: int) -> str:
    return address("notice", "paid-late", booking, payment)


ROUTES: tuple[Route, ...] = (
    do("late-money/{booking:id}/{payment:id}/credit", keep, back="notice/paid-late/{booking:id}/{payment:id}"),
    do("late-money/{booking:id}/{payment:id}/back", back, back="notice/paid-late/{booking:id}/{payment:id}"),
)
