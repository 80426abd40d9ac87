"""Sentences about cancelling and moving: what it costs, before the tap; what became of the money, afterwards."""

from datetime import UTC, datetime

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.words import _, ngettext
from bot.domain.bookings import credit_cover
from bot.domain.bookings.bookings import Booking, BookingState, Terms
from bot.domain.bookings.policy import (
    Actor,
    Cancelled,
    CancelOutcome,
    MoveOutcome,
    MoveRefusal,
    cancel_outcome,
    move_outcome,
)
from bot.domain.credits.grants import BookedCredit
from bot.domain.payments.fees import NONE, Fees
from bot.domain.payments.money import Money
from bot.domain.practice.offers import Offer
from bot.domain.pricing.effects import Coverage, CreditChange
from bot.handlers.kit import credit_words, fee_words, phrases


def cancelling(outcome: CancelOutcome, zone: str, *, at_bank: bool = False) -> list[str]:
    """What cancelling now would cost. `at_bank`: a client's bank has the money that was paid."""
    if outcome.effect.change is not None:
        return credit_words.cancelling(outcome, zone)
    lines = []
    if outcome.refund is not None and outcome.refund.amount:
        lines.append(_("Cancelling now is free: you get {amount} back.", amount=tell.amount(outcome.refund)))
        if outcome.changes_at is not None:
            until = _moment(outcome.changes_at, zone)
            lines.append(_("From {when} on, there is no refund.", when=until))
    elif outcome.kept is not None and outcome.kept.amount:
        kept = tell.amount(outcome.kept)
        if at_bank:
            return [_("It is too late for a refund."), _disputed(kept)]
        lines.append(_("It is too late for a refund: the practice keeps {amount}.", amount=kept))
    elif outcome.effect.fee:
        late = _("It is too late to cancel free of charge: you pay {fee}, as you agreed at booking.")
        lines.append(late.format(fee=tell.amount(outcome.effect.fee)))
    elif outcome.fee_then is not None and outcome.changes_at is not None:
        when = _moment(outcome.changes_at, zone)
        lines.append(_("Cancelling now costs nothing."))
        lines.append(_("From {when} on, it costs {fee}.", when=when, fee=tell.amount(outcome.fee_then)))
    else:
        lines.append(_("Cancelling costs nothing."))
    return lines


def _disputed(amount: str) -> str:
    """Of money that nobody may call kept yet, to both sides."""
    return _("Its payment is disputed: the bank has {amount} and decides whose it is.", amount=amount)


def moved_late(booking: Booking, outcome: CancelOutcome) -> list[str]:
    """Why cancelling costs what it does although the session may still be far away."""
    if not booking.cancel_late or not outcome.effect.costs:
        return []
    return [_("It was moved after free cancelling had ended, so the new time does not change that.")]


def moving(outcome: MoveOutcome, zone: str) -> str:
    """What moving now would cost, or why it is not possible."""
    match outcome.refusal:
        case MoveRefusal.TOO_LATE:
            return _("It is too late to move this session.")
        case MoveRefusal.NO_MOVES_LEFT:
            return _("This session has already been moved as often as allowed.")
        case MoveRefusal.STARTED:
            return _("This session has started, so it cannot be moved.")
        case MoveRefusal.COACH_GONE:
            return _("It cannot be moved: its coach takes no new times here. It takes place as booked.")
    if outcome.free_until is None:
        return _("Moving is free.")
    return ngettext(
        "Moving is free until {when}, {n} more time.",
        "Moving is free until {when}, {n} more times.",
        outcome.left,
        when=_moment(outcome.free_until, zone),
    )


def policy(
    terms: Terms, starts: datetime, zone: str, now: datetime, credit: BookedCredit | None = None, fees: Fees = NONE
) -> list[Line]:
    """What cancelling, moving and not coming will cost and until when, said before anything is agreed. `credit`: that
    it takes. `fees`: those that are agreed to."""
    begins, moment = int(starts.timestamp()), int(now.timestamp())
    coverage = Coverage(terms.price, terms.price if terms.price else None, fee=fees.late_cancel)
    if credit is not None:
        coverage = credit_cover.on_credit(terms.price, credit, now)
    cancel = cancel_outcome(terms.policy, coverage, begins, moment, Actor.CLIENT)
    move = move_outcome(terms.policy, 0, begins, moment, Actor.CLIENT)
    words = _("It cannot be moved.")
    if move.free_until is not None:
        words = ngettext(
            "Move it free of charge until {when}, once.",
            "Move it free of charge until {when}, up to {n} times.",
            move.left,
            when=_moment(move.free_until, zone),
        )
    until = Line(_cancel_until(cancel, zone), Tone.TERMS)
    return [until, *fee_words.not_coming(fees), Line(words, Tone.TERMS)]


def in_general(offer: Offer, credit: BookedCredit | None = None) -> tuple[Line, ...]:
    """What any time of this offer costs and until when it can be given back, before one is chosen. `credit`: that
    covers it for the reader."""
    price = tell.money(offer.price) if credit is None else credit_words.uses_in_short(credit)
    facts = [_("{length} · {price}", length=tell.minutes(offer.length_min), price=price)]
    late = offer.fees_for(offer.price).late_cancel
    if late is not None:
        length = tell.minutes(offer.cancel_cutoff_min)
        facts.append(_("Free to cancel until {length} before, later for {fee}.", length=length, fee=tell.amount(late)))
    elif offer.price and offer.cancel_cutoff_min:
        facts.append(_("Free to cancel until {length} before.", length=tell.minutes(offer.cancel_cutoff_min)))
    else:
        facts.append(_("You can cancel until it starts."))
    return tuple(Line(words, Tone.TERMS) for words in facts)


def cancel_until(booking: Booking, outcome: CancelOutcome, zone: str) -> list[Line]:
    """A footnote: until when cancelling is free, by its present `outcome`."""
    if not outcome.allowed:
        return []
    if booking.cancel_late and outcome.effect.change is CreditChange.SPENT:
        return [Line(_("Free cancelling ended before the move: the credit would be used."), Tone.QUIET)]
    if booking.cancel_late and outcome.kept:
        return [Line(_("Free cancelling ended before the move: there is no refund."), Tone.QUIET)]
    return [Line(_cancel_until(outcome, zone), Tone.QUIET)]


def _cancel_until(outcome: CancelOutcome, zone: str) -> str:
    if outcome.effect.change is not None:
        return credit_words.cancel_until(outcome, zone)
    if not outcome.refund and not outcome.kept:
        return _with_fee(outcome, zone)
    if outcome.becomes is not Cancelled.IN_TIME or outcome.changes_at is None:
        return _("It is too late to cancel free of charge: there is no refund.")
    when = _moment(outcome.changes_at, zone)
    return _("Free to cancel until {when}; after that there is no refund.", when=when)


def _with_fee(outcome: CancelOutcome, zone: str) -> str:
    fee = outcome.fee_then or outcome.effect.fee
    if fee is None or outcome.changes_at is None:
        return _("You can cancel until it starts.")
    if outcome.becomes is not Cancelled.IN_TIME:
        return _("It is too late to cancel free of charge: that costs {fee}.", fee=tell.amount(fee))
    when = _moment(outcome.changes_at, zone)
    return _("Free to cancel until {when}; after that it costs {fee}.", when=when, fee=tell.amount(fee))


def _moment(at: int, zone: str) -> str:
    return tell.moment(datetime.fromtimestamp(at, UTC), zone)


def settled_money(booking: Booking, apart: Money | None = None, *, at_bank: bool = False) -> list[str]:
    """What became of the money of a booking that has ended, as its client reads it. `apart`: what of it went back by
    itself, of which a message of its own told. `at_bank`: a client's bank has it."""
    if booking.credit is not None:
        return [credit_words.after_cancel(booking.credit, booking.client_zone)]
    back, owed, kept = _parts(booking, apart)
    lines = _so_far(apart)
    if back:
        lines.append(_("{amount} goes back to the card; that can take some days.", amount=tell.amount(back)))
    if owed:
        lines.append(
            _("{amount} could not go back to the card. It is still yours: we look into it.", amount=tell.amount(owed))
        )
    if kept and at_bank:
        lines.append(_disputed(tell.amount(kept)))
    elif kept:
        lines.append(_("The practice keeps {amount}, as agreed at booking.", amount=tell.amount(kept)))
    return lines


def money_for_practice(booking: Booking, apart: Money | None = None, *, at_bank: bool = False) -> list[str]:
    """As `settled_money`, for the side of the practice."""
    if booking.credit is not None:
        return [credit_words.for_practice(booking.credit, booking.client_name)]
    back, owed, kept = _parts(booking, apart)
    lines = _so_far(apart)
    if back:
        lines.append(_("{amount} goes back to {name}.", amount=tell.amount(back), name=booking.client_name))
    if owed:
        lines.append(
            _("{amount} is owed to {name}: it could not go back.", amount=tell.amount(owed), name=booking.client_name)
        )
    if kept:
        amount = tell.amount(kept)
        lines.append(_disputed(amount) if at_bank else _("{amount} is kept.", amount=amount))
    return lines


def _so_far(amount: Money | None) -> list[str]:
    return [_("Given back so far: {amount}.", amount=tell.amount(amount))] if amount else []


def _parts(booking: Booking, apart: Money | None) -> tuple[Money, Money, Money]:
    """Of what was paid for an ended booking: what goes back, what was to go back and did not, what is kept."""
    nothing = Money(0, booking.terms.price.currency)
    if booking.hold_ends is not None:
        return nothing, nothing, nothing
    return booking.charged - booking.paid - (apart or nothing), booking.owed, booking.paid - booking.owed


def paid(booking: Booking) -> list[Line]:
    """Length and price, whether that is paid, and what of it was given back while the session stands."""
    length, amount = tell.minutes(booking.terms.length_min), tell.amount(booking.charged)
    if booking.credit is not None:
        return [Line(credit_words.covered(booking.credit, length))]
    given_back = booking.state is BookingState.CANCELLED and not booking.paid.amount  # `settled_money` says so
    if given_back or not booking.terms.price.amount:
        return [Line(phrases.price(booking.terms))]
    if booking.state is not BookingState.CONFIRMED:
        words = _("{length} · {amount}, paid") if booking.paid.amount else _("{length} · {amount}, not paid")
        return [Line(words.format(length=length, amount=amount))]
    back = booking.charged - booking.paid
    lines = [Line(_("{length} · {amount}, paid", length=length, amount=amount))]
    return [*lines, *map(Line, _so_far(back))]
