"""The number at which a coach calls a client: asked for at booking where the place needs it, and changed later."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.kit.typed.number_words import reader
from bot.handlers.kit.typed.phone_numbers import example_number
from bot.services.bookings.client_numbers import can_change
from bot.services.desk import Desk

PHONE = "phone"
MAX_LENGTH = 40


async def field(
    turn: Turn, desk: Desk, coach: str, now: str | None, *, then: str | None = None, keep: str | None = None
) -> Field:
    """The question for the number at which `coach` calls; `now` is the one that is known.

    `then` says what the answer brings about; `keep`: see `Field`.
    """
    zones = (turn.person.zone, (await desk.practice.get(turn.generation)).zone)
    hint = _(
        "With its country, such as {example}. Only {coach} sees it, and it is deleted a week after the session.",
        example=example_number(zones),
        coach=coach,
    )
    return Field(
        PHONE,
        _("At which number can {coach} call you?", coach=coach),
        hint=f"{hint} {then}" if then else hint,
        default=now,
        suggested=then is not None,
        keep=keep,
        read=reader(zones),
        max_length=MAX_LENGTH,
    )


def row(turn: Turn, booking: Booking) -> list[Row]:
    """For its client, where the coach calls them."""
    if not booking.terms.place.asks_number or not can_change(booking, turn.now):
        return []
    to = address("number", booking.id)
    if booking.phone is None:
        return [(Button(_("Give your number"), to, Style.PRIMARY),)]
    return [(Button(_("Change your number"), to),)]


def place_row(turn: Turn, booking: Booking) -> list[Row]:
    """For its client: the way into the call, or to the number that is called."""
    return phrases.place_link(booking) or row(turn, booking)


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await _own(turn, desk, booking)
    if found is None:
        return failures.missing()
    if not can_change(found, turn.now):
        return Redirect(address("booking", booking))
    asked = await field(turn, desk, found.coach_name, found.phone)
    to, back = turn.do("number", booking, "save"), address("booking", booking)
    form = Form(to, (asked,), _("Save"), cancel_to=back, leave_words=_("Leave it as it is"))
    when = Line(phrases.when_for_client(found, turn.person.zone), Tone.STRONG)
    return Screen(_("Your number"), (Line(phrases.with_coach(found)), when), (), form=form)


async def save(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    turn.require()
    found = await _own(turn, desk, booking)
    if found is None:
        return failures.missing()
    number = str(turn.values[PHONE])
    done = await desk.numbers.change(turn.act(address("booking", booking)), booking, number)
    said = _("Saved: {coach} calls you at {number}.", coach=found.coach_name, number=number)
    return refusals.or_next(turn, done, address("booking", booking), said)


async def _own(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """The person's own booking, if its place asks for a number."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    asks = found is not None and found.person_id == turn.person.id and found.terms.place.asks_number
    return found if asks else None


ROUTES: tuple[Route, ...] = (
    show("number/{booking:id}", ask),
    do("number/{booking:id}/save", save, back="number/{booking:id}", changes_person=False),
)
