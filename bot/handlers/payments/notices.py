"""Messages about payments and refunds that went wrong: what happened, what is safe, what to do."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.payments import Refund, RefundState
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import booking_page, nearest_times
from bot.handlers.kit import phrases
from bot.handlers.payments import failed_refunds
from bot.services.desk import Desk


async def paid_late(turn: Turn, desk: Desk, booking: Booking, payment: int | None = None) -> Screen | Redirect:
    """Tells that the money came after the hold had ended and the time was gone."""
    amount, refund = await _came(desk, booking, payment)
    if booking.person_id != turn.person.id:
        words = _("{amount} arrived after the hold had ended, and the time was gone.", amount=amount)
        return _to_practice(turn, booking, _("Paid too late"), words, _goes_back(refund))
    times, rows = await nearest_times.offer(turn, desk, booking)
    return Screen(
        _("We are sorry: that time is gone"),
        (
            Line(phrases.with_coach(booking)),
            Line(phrases.when_for_client(booking, turn.person.zone)),
            Line(_("Your payment came after the hold had ended, and meanwhile the time was taken.")),
            Line(_returns(amount, refund), Tone.STRONG),
            *times,
        ),
        (*rows, (booking_page.book_again(booking), Button(_("My sessions"), "sessions"))),
    )


async def paid_twice(turn: Turn, desk: Desk, booking: Booking, payment: int | None = None) -> Screen | Redirect:
    amount, refund = await _came(desk, booking, payment)
    if booking.person_id != turn.person.id:
        words = _("{amount} was paid a second time for this session.", amount=amount)
        return _to_practice(turn, booking, _("Paid twice"), words, _goes_back(refund))
    return Screen(
        _("You paid twice"),
        (
            Line(phrases.with_coach(booking)),
            Line(_("A second payment of {amount} came for this session.", amount=amount)),
            Line(_returns(amount, refund), Tone.STRONG),
            Line(_("Your session is not touched by it: {when}", when=_when(turn, booking)))
            if booking.state is BookingState.CONFIRMED
            else Line(_("There is nothing that you need to do.")),
        ),
        (_session_row(booking),),
    )


async def refunded(turn: Turn, desk: Desk, booking: Booking, refund: int | None = None) -> Screen | Redirect:
    """Tells of one refund. Messages of before named none: they tell what has gone back by now."""
    found = None if refund is None else await desk.payments.refund(booking.subject, refund)
    amount = tell.amount(booking.terms.price - booking.paid if found is None else found.amount)
    if booking.person_id != turn.person.id:
        words = _("{amount} goes back to {name}.", amount=amount, name=booking.client_name)
        return _to_practice(turn, booking, _("Money goes back"), words)
    return Screen(
        _("Money goes back to you"),
        (Line(phrases.with_coach(booking)), Line(_returns(amount, found), Tone.STRONG)),
        (_session_row(booking),),
    )


async def refund_failed(turn: Turn, desk: Desk, booking: Booking, refund: int | None = None) -> Screen | Redirect:
    """Tells owners that a refund failed, which only they can mend; the client reads that it takes longer."""
    found = None if refund is None else await desk.payments.refund(booking.subject, refund)
    if booking.person_id != turn.person.id:
        lines = failed_refunds.for_owner(found, booking, phrases.provider(desk))
        return _to_practice(turn, booking, _("A refund failed"), *lines)
    practice = await desk.practice.get()
    lines = failed_refunds.for_client(found)
    body = (Line(phrases.with_coach(booking)), *map(Line, lines), *phrases.question_to(practice.contact))
    return Screen(_("The refund takes longer"), body, (_session_row(booking),))


async def _came(desk: Desk, booking: Booking, payment: int | None) -> tuple[str, Refund | None]:
    """How much came that was not accepted, and its refund. Messages of before named no payment."""
    found = None if payment is None else await desk.payments.not_accepted(booking.subject, payment)
    return (tell.amount(booking.terms.price), None) if found is None else (tell.amount(found[0].amount), found[1])


def _returns(amount: str, refund: Refund | None) -> str:
    """To the client, how an amount goes back; while nobody knows better, that it does."""
    if refund is not None and refund.state is RefundState.FAILED:
        return _("{amount} could not go back to the card. It is still yours: we look into it.", amount=amount)
    return _("{amount} goes back to the card; that can take some days.", amount=amount)


def _goes_back(refund: Refund | None) -> str:
    if refund is not None and refund.state is RefundState.FAILED:
        return _("It could not go back: a message of its own says why.")
    return _("It goes back.")


def _when(turn: Turn, booking: Booking) -> str:
    return phrases.when_for_client(booking, turn.person.zone)


def _to_practice(turn: Turn, booking: Booking, title: str, words: str, *more: str) -> Screen:
    row: Row = (Button(_("The session"), address("booking", booking.id)),)
    if turn.may(Permission.SEE_DAY):
        row = (*row, Button(_("Today"), "today"))
    return Screen(
        title,
        (
            Line(phrases.session(booking, turn.person)),
            Line(phrases.when_for_coach(booking, turn.person.zone)),
            Line(words, Tone.STRONG),
            *map(Line, more),
        ),
        (row,),
    )


def _session_row(booking: Booking) -> Row:
    return (Button(_("The session"), address("booking", booking.id)), Button(_("My sessions"), "sessions"))
