"""Messages that nobody asked for, about a booking: each says how it is when it is read, and what can be done."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Kept, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import MoveOutcome
from bot.domain.notices.notices import NoticeKind
from bot.handlers.bookings import booking_page, client_number, hold_page, nearest_times, outcome
from bot.handlers.kit import calendar_lines, failures, phrases
from bot.services.desk import Desk


def is_own(turn: Turn, booking: Booking) -> bool:
    """Whether the reader is the client, and not a coach or an owner."""
    return booking.person_id == turn.person.id


async def as_it_stands(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The message about something that is over, as the booking stands now."""
    seen = await booking_page.page(turn, desk, booking.id)
    if isinstance(seen, Redirect):
        seen = await hold_page.page(turn, desk, booking.id)
    return replace(seen, over=True) if isinstance(seen, Screen) else Redirect("gone")


async def booked(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The client's confirmation and receipt, or the coach's news of a booking."""
    if booking.state is not BookingState.CONFIRMED:
        return await as_it_stands(turn, desk, booking)
    if not is_own(turn, booking):
        title = _("New booking: {what}", what=phrases.session(booking, turn.person))
        return _to_practice(turn, booking, title, await moved_from(turn, desk, booking))
    move = desk.moves.outcome(booking, turn.now)
    rules = booking_page.rules(turn, desk, booking, move)
    return Screen(
        _("Booked: {what}", what=phrases.with_coach(booking)),
        (*booking_page.facts_for_client(turn, booking), *await moved_from(turn, desk, booking), *rules),
        (
            *client_number.place_row(turn, booking),
            *await booking_page.receipt_rows(desk, booking),
            *_client_rows(turn, booking, move),
        ),
        kept=Kept(NoticeKind.BOOKED, booking.subject, booking_page.changes_at(turn, booking, move)),
        until=booking_page.changes_at(turn, booking, move),
    )


async def moved(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    if booking.state is not BookingState.CONFIRMED:
        return await as_it_stands(turn, desk, booking)
    before = await moved_from(turn, desk, booking)
    if not is_own(turn, booking):
        return _to_practice(turn, booking, _("Moved: {what}", what=phrases.session(booking, turn.person)), before)
    move = desk.moves.outcome(booking, turn.now)
    return Screen(
        _("Moved: {what}", what=phrases.with_coach(booking)),
        (*booking_page.facts_for_client(turn, booking), *before, *booking_page.rules(turn, desk, booking, move)),
        (*client_number.place_row(turn, booking), *_client_rows(turn, booking, move)),
        until=booking_page.changes_at(turn, booking, move),
    )


async def cancelled(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """Says what a cancel cost; offers the client three other times, since the session is still wanted."""
    if booking.state is not BookingState.CANCELLED:
        return await as_it_stands(turn, desk, booking)
    if not is_own(turn, booking):
        return await booking_page.page(turn, desk, booking.id)
    seen = await booking_page.cancelled_for_client(turn, desk, booking)
    times, rows = await nearest_times.offer(turn, desk, booking)
    return replace(seen, body=(*seen.body, *times), buttons=(*rows, *seen.buttons))


async def held(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The message of a hold, which is edited when little time is left, at its end, and when it is paid."""
    if not is_own(turn, booking):
        return Redirect("gone")
    if booking.is_held(turn.now):
        return await hold_page.page(turn, desk, booking.id)
    if booking.state is BookingState.EXPIRED or (booking.practice_cancelled and booking.hold_ends is not None):
        return await as_it_stands(turn, desk, booking)
    if booking.hold_ends is None:  # it was paid, and a message of its own says so
        session = Button(_("The session"), address("booking", booking.id))
        return Screen(_("This hold continues below."), (), ((session,),), over=True)
    if booking.state is BookingState.CANCELLED:  # the answer to the tap says so
        return Screen(_("This hold is over."), (), ((Button(_("Start"), "start"),),), over=True)
    return await as_it_stands(turn, desk, booking)


async def hold_ending(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The last minutes to pay, with the way to do it."""
    if is_own(turn, booking) and booking.is_held(turn.now):
        return await hold_page.ending(turn, desk, booking)
    if is_own(turn, booking) and booking.state is BookingState.CONFIRMED:
        session = Button(_("The session"), address("booking", booking.id))
        return _short(turn, _("Confirmed: {what}", what=phrases.with_coach(booking)), booking, session)
    return await held(turn, desk, booking)


async def hold_ended(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The hold is over, with what is free now."""
    if is_own(turn, booking) and booking.state is BookingState.EXPIRED:
        return await hold_page.page(turn, desk, booking.id)
    return await held(turn, desk, booking)


async def _hold_before(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    """What the messages of a hold say once another one tells that it has ended."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if is_own(turn, found) and found.state is BookingState.EXPIRED:
        times = Button(_("Other times"), address("days", found.offer_id, found.coach_id))
        return _short(turn, _("No longer held: {what}", what=phrases.with_coach(found)), found, times)
    return await held(turn, desk, found)


def _short(turn: Turn, title: str, booking: Booking, button: Button) -> Screen:
    return Screen(title, (Line(phrases.when_for_client(booking, turn.person.zone)),), ((button,),), over=True)


async def undeliverable(turn: Turn, _desk: Desk, booking: Booking) -> Screen | Redirect:
    if is_own(turn, booking):
        return Redirect("gone")
    name = booking.client_name
    why = _("{name} did not get my last message about this session: I can no longer write to them.", name=name)
    return _reach_them(turn, booking, _("{name} cannot be reached", name=name), why)


async def unsure(turn: Turn, _desk: Desk, booking: Booking) -> Screen | Redirect:
    """Tells the practice that a client may have missed something: nobody knows whether the message arrived."""
    if is_own(turn, booking):
        return Redirect("gone")
    name = booking.client_name
    why = _("I cannot tell whether {name} got my last message about this session. I stopped trying.", name=name)
    return _reach_them(turn, booking, _("A message to {name} may be lost", name=name), why)


def _reach_them(turn: Turn, booking: Booking, title: str, why: str) -> Screen:
    do = _("Please reach {name} another way if it matters now.", name=booking.client_name)
    return _to_practice(turn, booking, title, (Line(phrases.session(booking, turn.person)), Line(why), Line(do)))


async def settle(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """Asks the coach how a session went, once it has ended."""
    if is_own(turn, booking):
        return Redirect("gone")
    if not outcome.is_due(booking, turn.now):
        seen = await outcome.page(turn, desk, booking.id)
        return replace(seen, over=True) if isinstance(seen, Screen) else await as_it_stands(turn, desk, booking)
    zone = turn.person.zone or booking.coach_zone
    return Screen(
        _("How did it go?"),
        (Line(phrases.session(booking, turn.person)), Line(phrases.when_for_coach(booking, zone), Tone.STRONG)),
        (
            outcome.row(turn, booking, tell.clock(booking.starts, zone)),
            (Button(_("The session"), address("booking", booking.id)),),
        ),
    )


async def moved_from(turn: Turn, desk: Desk, booking: Booking) -> list[Line]:
    """The time before the last move, if there was one."""
    before = await desk.moves.last_move(booking)
    if before is None:
        return []
    old = replace(booking, starts=before)
    when = phrases.when_for_client if is_own(turn, booking) else phrases.when_for_coach
    return [Line(_("Moved from: {when}", when=when(old, turn.person.zone)))]


def _client_rows(turn: Turn, booking: Booking, move: MoveOutcome) -> list[Row]:
    rows = booking_page.change_row(turn, booking, movable=move.allowed)
    rows += [(add,) for add in calendar_lines.add_button(turn, booking)]
    return [*rows, (Button(_("Message"), address("write", booking.id)), Button(_("My sessions"), "sessions"))]


def _to_practice(turn: Turn, booking: Booking, title: str, words: tuple[Line, ...] | list[Line]) -> Screen:
    """News about a standing session, with what a coach does about it."""
    until = None
    rows: list[Row] = [
        (
            Button(_("Message"), address("write", booking.id)),
            Button(_("The session"), address("booking", booking.id)),
        )
    ]
    if booking.state is BookingState.CONFIRMED and booking.starts > turn.now:
        rows, until = [*booking_page.practice_acts(turn, booking), *rows], booking.starts
        rows += [(add,) for add in calendar_lines.add_button(turn, booking)]
    return Screen(title, (*booking_page.facts_for_practice(turn, booking), *words), tuple(rows), until=until)


ROUTES: tuple[Route, ...] = (show("notice/hold-ended/{booking:id}/before", _hold_before),)
