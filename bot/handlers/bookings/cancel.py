"""A client cancels: the page says what comes back first, and its button does exactly that."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.handlers.kit import failures, fee_words, phrases, policy_lines, refusals
from bot.handlers.kit.paying import at_the_bank
from bot.services.desk import Desk


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if found.person_id != turn.person.id:
        return Redirect(address("coach-cancel", booking))
    if found.state is not BookingState.CONFIRMED:
        return Redirect(address("booking", booking))
    zone = turn.person.zone or found.client_zone
    outcome = desk.bookings.cancel_outcome(found, Actor.CLIENT, turn.now)
    move = desk.moves.outcome(found, turn.now)
    if not outcome.allowed:
        words = _("This session has started, so it can no longer be cancelled.")
        return Redirect(address("booking", booking), words)
    at_bank = await at_the_bank.has(desk, found)
    lines = [
        Line(phrases.with_coach(found)),
        Line(phrases.when_for_client(found, zone)),
        *(Line(text, Tone.STRONG) for text in policy_lines.cancelling(outcome, zone, at_bank=at_bank)),
        *([Line(await fee_words.charged_to(turn, desk, fee))] if (fee := outcome.effect.fee) else []),
        *at_the_bank.lines(at_bank and bool(outcome.refund)),
        *(Line(text) for text in policy_lines.moved_late(found, outcome)),
    ]
    last = [Button(_("Keep it"), address("booking", booking), label=_("Keep this session as it is"))]
    if move.allowed:
        last.insert(0, Button(_("Move it instead"), address("move", booking)))
    return Screen(
        _("Cancel this session?"),
        tuple(lines),
        ((Button(_("Cancel session"), _cancel_address(turn, found, desk), Style.DANGER),), tuple(last)),
    )


def _cancel_address(turn: Turn, booking: Booking, desk: Desk) -> str:
    return turn.do("cancel", booking.id, "yes", stated=_facts(turn, booking, desk))


def _facts(turn: Turn, booking: Booking, desk: Desk) -> tuple[object, ...]:
    outcome = desk.bookings.cancel_outcome(booking, Actor.CLIENT, turn.now)
    return (booking.version, *cancel_facts(outcome))


async def cancel(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or found.person_id != turn.person.id:
        return failures.missing()
    version, *stated = _facts(turn, found, desk)
    turn.require(version, *stated)
    act = turn.act(address("booking", booking))
    outcome = await desk.bookings.cancel(act, booking, found.version, stated)
    said = _("Done: the session is cancelled, and I am letting {name} know.", name=found.coach_name)
    return refusals.or_next(turn, outcome, address("booking", booking), said)


ROUTES: tuple[Route, ...] = (
    show("cancel/{booking:id}", ask),
    do("cancel/{booking:id}/yes", cancel, back="cancel/{booking:id}"),
)
