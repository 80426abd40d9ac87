"""Messages about payments and refunds that went wrong: what happened, what is safe, what to do."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import booking_page, nearest_times
from bot.handlers.kit import phrases
from bot.services.desk import Desk


async def paid_late(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """Tells the client that the money came after the hold had ended and the time was gone."""
    amount = tell.amount(booking.terms.price)
    if booking.person_id != turn.person.id:
        words = _("{amount} arrived after the hold had ended, and the time was gone. It goes back.", amount=amount)
        return _to_practice(turn, booking, _("Paid too late"), words)
    times, rows = await nearest_times.offer(turn, desk, booking)
    return Screen(
        _("We are sorry: that time is gone"),
        (
            Line(phrases.with_coach(booking)),
            Line(phrases.when_for_client(booking, turn.person.zone)),
            Line(_("Your payment came after the hold had ended, and meanwhile the time was taken.")),
            Line(_("{amount} goes back to the card; that can take some days.", amount=amount), Tone.STRONG),
            *times,
        ),
        (*rows, (booking_page.book_again(booking), Button(_("My sessions"), "sessions"))),
    )


async def paid_twice(turn: Turn, _desk: Desk, booking: Booking) -> Screen | Redirect:
    amount = tell.amount(booking.terms.price)
    if booking.person_id != turn.person.id:
        words = _("{amount} was paid a second time for this session. It goes back at once.", amount=amount)
        return _to_practice(turn, booking, _("Paid twice"), words)
    return Screen(
        _("You paid twice"),
        (
            Line(phrases.with_coach(booking)),
            Line(_("A second payment of {amount} came for this session. It goes back to your card.", amount=amount)),
            Line(_("Your session is not touched by it: {when}", when=_when(turn, booking)))
            if booking.state is BookingState.CONFIRMED
            else Line(_("There is nothing that you need to do.")),
        ),
        (_session_row(booking),),
    )


async def refunded(turn: Turn, _desk: Desk, booking: Booking) -> Screen | Redirect:
    back = booking.terms.price - booking.paid
    if booking.person_id != turn.person.id:
        name = booking.client_name
        words = _("{amount} goes back to {name}.", amount=tell.amount(back), name=name)
        return _to_practice(turn, booking, _("Money goes back"), words)
    return Screen(
        _("Money goes back to you"),
        (
            Line(phrases.with_coach(booking)),
            Line(_("{amount} goes back to the card; that can take some days.", amount=tell.amount(back)), Tone.STRONG),
        ),
        (_session_row(booking),),
    )


async def refund_failed(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """Tells owners that a refund failed, which only they can mend; the client reads that it takes longer."""
    if booking.person_id != turn.person.id:
        words = _("The bank did not take the refund. Open it in Stripe and send it another way.")
        return _to_practice(turn, booking, _("A refund failed"), words)
    practice = await desk.practice.get()
    lines = [
        Line(phrases.with_coach(booking)),
        Line(_("Your bank did not take the money that goes back to you. It is still yours: we look into it.")),
    ]
    lines += phrases.question_to(practice.contact)
    return Screen(_("The refund takes longer"), tuple(lines), (_session_row(booking),))


def _when(turn: Turn, booking: Booking) -> str:
    return phrases.when_for_client(booking, turn.person.zone)


def _to_practice(turn: Turn, booking: Booking, title: str, words: str) -> Screen:
    row: Row = (Button(_("The session"), address("booking", booking.id)),)
    if turn.may(Permission.SEE_DAY):
        row = (*row, Button(_("Today"), "today"))
    return Screen(
        title,
        (
            Line(phrases.session(booking, turn.person)),
            Line(phrases.when_for_coach(booking, turn.person.zone)),
            Line(words, Tone.STRONG),
        ),
        (row,),
    )


def _session_row(booking: Booking) -> Row:
    return (Button(_("The session"), address("booking", booking.id)), Button(_("My sessions"), "sessions"))
