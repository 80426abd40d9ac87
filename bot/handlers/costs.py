"""What cancelling and moving come to, told before the tap, and what became of the money afterwards."""

from datetime import UTC, datetime

from bot.chat import tell
from bot.chat.words import _, ngettext
from bot.domain.bookings import Booking, BookingState
from bot.domain.policy import CancelOutcome, MoveOutcome, MoveRefusal
from bot.handlers import wording


def cancelling(outcome: CancelOutcome, zone: str) -> list[str]:
    """What cancelling now comes to, before it is done."""
    lines = []
    if outcome.refund is not None and outcome.refund.amount:
        lines.append(_("Cancelling now is free: {amount} goes back to you.", amount=tell.amount(outcome.refund)))
        if outcome.changes_at is not None:
            until = tell.moment(datetime.fromtimestamp(outcome.changes_at, UTC), zone)
            lines.append(_("From {when} on, cancelling costs the session.", when=until))
    elif outcome.fee is not None and outcome.fee.amount:
        fee = tell.amount(outcome.fee)
        lines.append(_("Cancelling now costs the session: {amount} is not given back.", amount=fee))
    else:
        lines.append(_("Cancelling now costs nothing."))
    return lines


def moving(outcome: MoveOutcome, zone: str) -> str:
    """What moving now comes to, or why it is not possible."""
    match outcome.refusal:
        case MoveRefusal.TOO_LATE:
            return _("It is too close to the session to move it.")
        case MoveRefusal.NO_MOVES_LEFT:
            return _("This session has been moved as often as it may be.")
        case MoveRefusal.STARTED:
            return _("This session has started, so it cannot be moved.")
        case MoveRefusal.COACH_GONE:
            return _("It cannot be moved: its coach takes no new times here. It takes place as booked.")
    if outcome.free_until is None:
        return _("Moving is free.")
    return ngettext(
        "Moving is free until {when}, {n} time more.",
        "Moving is free until {when}, {n} times more.",
        outcome.left,
        when=tell.moment(datetime.fromtimestamp(outcome.free_until, UTC), zone),
    )


def settled_money(booking: Booking) -> list[str]:
    """What became of the money of a booking that has ended."""
    price = booking.terms.price
    if not price.amount or booking.hold_ends is not None:
        return []
    back = price - booking.paid
    lines = []
    if back.amount:
        lines.append(_("{amount} goes back to the card; that can take some days.", amount=tell.amount(back)))
    if booking.paid.amount:
        lines.append(_("{amount} is not given back, as agreed when it was booked.", amount=tell.amount(booking.paid)))
    return lines


def paid(booking: Booking) -> str:
    given_back = booking.state is BookingState.CANCELLED and not booking.paid.amount  # `settled_money` says so
    if given_back or not booking.terms.price.amount:
        return wording.price(booking.terms)
    length, amount = tell.minutes(booking.terms.length_min), tell.amount(booking.terms.price)
    if booking.paid.amount:
        return _("{length} · {amount}, paid", length=length, amount=amount)
    return _("{length} · {amount}, not paid", length=length, amount=amount)
