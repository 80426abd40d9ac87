"""How things ended: who cancelled a session and why, signed by who gave the reason, and how money goes back."""

from bot.chat.links import with_links
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.reasons import Usual
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.payments import ANOTHER_WAY, AS_CREDIT, Refund, RefundState
from bot.domain.people.people import Person


def words(booking: Booking, reader: Person) -> str:
    """`Olga cancelled it for the practice: “Ana is ill”`, as this reader says it."""
    why = reason(booking)
    return _who(booking, reader) if why is None else _who_and_why(booking, reader, why)


def of_past(booking: Booking, reader: Person) -> str:
    """How a session that is over ended, for its client."""
    if booking.state is BookingState.CANCELLED:
        return words(booking, reader)
    match booking.outcome:
        case Outcome.TOOK_PLACE:
            return _("It took place.")
        case Outcome.LATE:
            return _("It took place; you were late.")
        case Outcome.NO_SHOW:
            return _("You were not there.")
        case None:
            return _("{name} has not noted yet how it went.", name=booking.coach_name)


def reason(booking: Booking) -> str | None:
    """The words of who ended it; a usual reason in the reader's language."""
    given = booking.end_reason
    if given is None:
        return None
    return usual(given.usual, booking, own=booking.ended_by == "coach") if given.usual else with_links(given.words)


def usual(which: Usual, booking: Booking, *, own: bool) -> str:
    """A usual reason as its coach gives it (`own`), or somebody else of the practice."""
    match which:
        case Usual.ILL:
            return _("I am ill") if own else _("{name} is ill", name=booking.coach_name)
        case Usual.CAME_UP:
            return _("Something came up")


def _who(booking: Booking, reader: Person) -> str:
    name = _by(booking, reader)
    match booking.ended_by:
        case "client" | "coach" | "owner" if name == "":
            return _("You cancelled it.")
        case "client" | "coach":
            return _("{name} cancelled it.", name=name)
        case "owner" if name is None:
            return _("The practice cancelled it.")
        case "owner":
            return _("{name} cancelled it for the practice.", name=name)
        case _:
            return _("It was cancelled.")


def _who_and_why(booking: Booking, reader: Person, why: str) -> str:
    name = _by(booking, reader)
    match booking.ended_by:
        case "client" | "coach" | "owner" if name == "":
            return _("You cancelled it: “{reason}”", reason=why)
        case "client" | "coach":
            return _("{name} cancelled it: “{reason}”", name=name, reason=why)
        case "owner" if name is None:
            return _("The practice cancelled it: “{reason}”", reason=why)
        case "owner":
            return _("{name} cancelled it for the practice: “{reason}”", name=name, reason=why)
        case _:
            return _("It was cancelled: “{reason}”", reason=why)


def _by(booking: Booking, reader: Person) -> str | None:
    """The name of who ended it, empty for the reader; None where it is not known."""
    sides = {
        "client": (booking.person_id, booking.client_name),
        "coach": (booking.coach_person_id, booking.coach_name),
    }
    person_id, name = sides.get(booking.ended_by or "", (booking.ended_by_person_id, booking.ended_by_name))
    return "" if person_id == reader.id else name


def returns(amount: str, refund: Refund | None) -> str:
    """To the client, how an amount goes back; while nobody knows better, that it does."""
    if refund is not None and refund.how == AS_CREDIT:
        return _("In place of the money you have a session on credit. /packages shows it.")
    if refund is not None and refund.how == ANOTHER_WAY:
        return _("The practice has paid you {amount} back, past the card.", amount=amount)
    if refund is not None and refund.state is RefundState.FAILED:
        return _("{amount} could not go back to the card. It is still yours: we look into it.", amount=amount)
    return _("{amount} goes back to the card; that can take some days.", amount=amount)


def unreturnable(why: Unreturnable) -> str:
    """Why money cannot go back by hand."""
    return {
        Unreturnable.NEVER_PAID: _("Nothing was paid here for this, so there is nothing to give back."),
        Unreturnable.DISPUTED: _(
            "The client's bank has the money and decides whose it is. Until then nothing can go back."
        ),
        Unreturnable.UNDER_WAY: _(
            "Money is on its way back already. Wait until it has arrived; nothing more was given back."
        ),
        Unreturnable.NOTHING_LEFT: _("All that was paid has gone back already."),
        Unreturnable.CURRENCY: _("It was paid in another currency, and goes back in that one. Nothing was given back."),
        Unreturnable.ZERO: _("Write an amount of more than 0."),
        Unreturnable.TOO_MUCH: _("That is more than is left of what was paid. Nothing was given back."),
        Unreturnable.OFF: _(
            "Card payments are switched off, so nothing can go back to a card. Nothing was given back."
        ),
        Unreturnable.ON_HOLD: _("Its credits are on hold, since the payment is disputed. Nothing was given back."),
        Unreturnable.NOT_OWED: _(
            "Only what could not go back to the card can be paid another way. Nothing was written down."
        ),
    }[why]
