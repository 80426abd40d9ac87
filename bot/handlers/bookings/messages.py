"""Client and coach write to each other about a booking, or say that they are late; no address is shown.

A first message goes to the other side of the booking, an answer to whoever wrote.
"""

from bot.chat.address import address
from bot.chat.links import with_links
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


def _about(turn: Turn, booking: Booking) -> str:
    return _("About: {what}, {when}", what=phrases.session(booking, turn.person), when=_when(turn, booking))


def _for_another(turn: Turn, booking: Booking) -> bool:
    """Whether the reader is neither its client nor its coach, and so speaks of the coach."""
    return turn.person.id not in (booking.person_id, booking.coach_person_id)


async def late(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED or found.ends <= turn.now:
        return refusals.screen(turn, Refusal(Code.ALREADY_OVER), address("booking", booking))
    buttons = tuple(
        Button(
            ngettext("{n} minute", "{n} minutes", count),
            turn.do("late", booking, count, stated=(found.version,)),
            label=_say_aloud(turn, found, count),
        )
        for count in MINUTES
    )
    title = _("How late will you be?")
    if _for_another(turn, found):
        title = _("How late will {name} be?", name=found.coach_name)
    return Screen(
        title,
        (
            Line(phrases.session(found, turn.person)),
            Line(_when(turn, found)),
            Line(_("{name} will know at once.", name=other_name(turn, found)), Tone.QUIET),
        ),
        (
            buttons,
            (Button(_("Message"), address("write", booking)), Button(_("Back"), address("booking", booking))),
        ),
    )


def _say_aloud(turn: Turn, booking: Booking, minutes: int) -> str:
    if _for_another(turn, booking):
        name = booking.coach_name
        return ngettext("Say that {name} is {n} minute late", "Say that {name} is {n} minutes late", minutes, name=name)
    return ngettext("Say that I will be {n} minute late", "Say that I will be {n} minutes late", minutes)


async def say_late(turn: Turn, desk: Desk, booking: int, minutes: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or minutes not in MINUTES:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.messages.late(turn.act(address("booking", booking)), booking, minutes)
    if isinstance(outcome, Refusal):
        return refusals.screen(turn, outcome, address("booking", booking))
    return Redirect(outcome.next, _said_late(turn, found, minutes))


def _said_late(turn: Turn, booking: Booking, minutes: int) -> str:
    name, late = other_name(turn, booking), booking.coach_name
    if _for_another(turn, booking):
        return ngettext(
            "I am telling {name} that {late} is {n} minute late.",
            "I am telling {name} that {late} is {n} minutes late.",
            minutes,
            name=name,
            late=late,
        )
    return ngettext(
        "I am telling {name} that you are {n} minute late.",
        "I am telling {name} that you are {n} minutes late.",
        minutes,
        name=name,
    )


async def write(turn: Turn, desk: Desk, booking: int, person: int | None = None) -> Screen:
    """`person`: who reads it, where that is not the other side of the booking."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    reader = await desk.messages.reader(turn.person, found, turn.now, person)
    asked = Field(
        "text",
        _("Your message to {name}", name=reader.name),
        FieldKind.LONG,
        hint=_("It reaches them in their own chat, with your name. Your contact details stay hidden."),
        max_length=LONGEST,
    )
    to = turn.do(_page(booking, person), "send")
    form = Form(to, (asked,), _("Send"), cancel_to=address("booking", booking), leave_words=_("Do not send"))
    return Screen(_("Write a message"), (Line(_about(turn, found), Tone.QUIET),), (), form=form)


def _page(booking: int, person: int | None) -> str:
    return address("write", booking) if person is None else address("write", booking, person)


async def send(turn: Turn, desk: Desk, booking: int, person: int | None = None) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    turn.require()
    text = str(turn.values.get("text", "")).strip()
    if not text:
        return Redirect(_page(booking, person))
    reader = await desk.messages.reader(turn.person, found, turn.now, person)
    outcome = await desk.messages.send(turn.act(address("booking", booking)), booking, text, person)
    return refusals.or_next(turn, outcome, address("booking", booking), _("Sent to {name}.", name=reader.name))


async def message(turn: Turn, desk: Desk, message: int) -> Screen | Redirect:
    """Shows a message with Reply, to its recipient and to its writer."""
    passed = await desk.messages.find(turn.person, message, turn.now)
    if passed is None:
        return failures.missing()
    booking, sent = passed.booking, passed.message
    text = with_links(sent.text)
    if sent.late_min is not None:
        by_client = sent.from_person_id == booking.person_id
        text = ngettext(
            "{name} is running about {n} minute late.",
            "{name} is running about {n} minutes late.",
            sent.late_min,
            name=booking.client_name if by_client else booking.coach_name,
        )
    title, words, other = _("{name} writes", name=passed.from_name), _("Reply"), sent.from_person_id
    if other == turn.person.id:
        title, words, other = _("You wrote to {name}", name=passed.to_name), _("Write again"), sent.to_person_id
    row = (Button(words, address("write", booking.id, other)), Button(_("The session"), address("booking", booking.id)))
    return Screen(title, (Line(text, Tone.STRONG), Line(_about(turn, booking), Tone.QUIET)), (row,))


ROUTES: tuple[Route, ...] = (
    show("late/{booking:id}", late),
    do("late/{booking:id}/{minutes:id}", say_late, back="late/{booking:id}"),
    show("write/{booking:id}", write),
    do("write/{booking:id}/send", send, back="write/{booking:id}"),
    show("write/{booking:id}/{person:id}", write),
    do("write/{booking:id}/{person:id}/send", send, back="write/{booking:id}/{person:id}"),
)
