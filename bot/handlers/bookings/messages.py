"""Client and coach write to each other about a booking, or say that they are late; no address is shown."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, FieldKind, Form, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, phrases, refusals
from bot.services.desk import Desk

MINUTES = (5, 10, 15)
LONGEST = 1000


def other_name(turn: Turn, booking: Booking) -> str:
    return booking.coach_name if booking.person_id == turn.person.id else booking.client_name


def _when(turn: Turn, booking: Booking) -> str:
    own = booking.person_id == turn.person.id
    return (phrases.when_for_client if own else phrases.when_for_coach)(booking, turn.person.zone)


async def late(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED or found.ends <= turn.now:
        return refusals.screen(turn, Refusal(Code.ALREADY_OVER), address("booking", booking))
    buttons = tuple(
        Button(
            ngettext("{n} minute", "{n} minutes", count),
            turn.do("late", booking, count, stated=(found.version,)),
            label=ngettext("Say that I am {n} minute late", "Say that I am {n} minutes late", count),
        )
        for count in MINUTES
    )
    return Screen(
        _("How late are you?"),
        (Line(_when(turn, found)), Line(_("{name} is told at once.", name=other_name(turn, found)), Tone.QUIET)),
        (
            buttons,
            (Button(_("Message"), address("write", booking)), Button(_("Back"), address("booking", booking))),
        ),
    )


async def say_late(turn: Turn, desk: Desk, booking: int, minutes: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking)
    if found is None or minutes not in MINUTES:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.messages.late(turn.act(address("booking", booking)), booking, minutes)
    if isinstance(outcome, Refusal):
        return refusals.screen(turn, outcome, address("booking", booking))
    said = ngettext(
        "{name} is told that you are {n} minute late.",
        "{name} is told that you are {n} minutes late.",
        minutes,
        name=other_name(turn, found),
    )
    return Redirect(outcome.next, said)


async def write(turn: Turn, desk: Desk, booking: int) -> Screen:
    found = await desk.bookings.find(turn.person, booking)
    if found is None:
        return failures.missing()
    asked = Field(
        "text",
        _("Your message to {name}", name=other_name(turn, found)),
        FieldKind.LONG,
        hint=_("It arrives in their chat with your name. Your address stays hidden."),
        max_length=LONGEST,
    )
    form = Form(turn.do("write", booking, "send"), (asked,), _("Send"), cancel_to=address("booking", booking))
    about = _("About: {when}", when=_when(turn, found))
    return Screen(_("Write a message"), (Line(about, Tone.QUIET),), (), form=form)


async def send(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking)
    if found is None:
        return failures.missing()
    turn.require()
    text = str(turn.values.get("text", "")).strip()
    if not text:
        return Redirect(address("write", booking))
    outcome = await desk.messages.send(turn.act(address("booking", booking)), booking, text)
    said = _("Sent to {name}.", name=other_name(turn, found))
    return refusals.or_next(turn, outcome, address("booking", booking), said)


async def message(turn: Turn, desk: Desk, message: int) -> Screen | Redirect:
    """Shows a message with Reply, to its recipient and to its writer."""
    passed = await desk.messages.find(turn.person, message)
    if passed is None:
        return failures.missing()
    booking, sent = passed.booking, passed.message
    text = sent.text
    if sent.late_min is not None:
        text = ngettext(
            "{name} is running about {n} minute late.",
            "{name} is running about {n} minutes late.",
            sent.late_min,
            name=passed.from_name,
        )
    about = _("About: {what}, {when}", what=booking.terms.offer_name, when=_when(turn, booking))
    if sent.from_person_id == turn.person.id:
        title, reply = _("You wrote to {name}", name=other_name(turn, booking)), _("Write again")
    else:
        title, reply = _("{name} writes", name=passed.from_name), _("Reply")
    return Screen(
        title,
        (Line(text, Tone.STRONG), Line(about, Tone.QUIET)),
        ((Button(reply, address("write", booking.id)), Button(_("The session"), address("booking", booking.id))),),
    )


ROUTES: tuple[Route, ...] = (
    show("late/{booking:id}", late),
    do("late/{booking:id}/{minutes:id}", say_late, back="late/{booking:id}"),
    show("write/{booking:id}", write),
    do("write/{booking:id}/send", send, back="write/{booking:id}"),
)
