"""One booking's page, for its client and for the side of the practice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor, MoveOutcome
from bot.domain.bookings.reminders import is_last_call
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission
from bot.domain.subjects import Subject
from bot.handlers.bookings import client_number, nearest_times, time_pages
from bot.handlers.bookings.proposals import proposal_of_practice
from bot.handlers.kit import calendar_lines, clock, endings, failures, fee_words, phrases, policy_lines
from bot.handlers.kit.paying import at_the_bank
from bot.pages import receipt_words
from bot.services.bookings.reschedule import OpenProposal
from bot.services.desk import Desk

RECEIPTS_IN_A_ROW = 3
LATE_AHEAD = timedelta(hours=12)
"""How long before the start "I am running late", when somebody writes it, is about that session."""


async def page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
    if found is None:
        return failures.missing()
    if found.person_id == turn.person.id:
        return await _for_client(turn, desk, found)
    over = found.state is BookingState.CANCELLED
    apart = await desk.payments.given_back_apart(found) if over else None
    at_bank = over and await at_the_bank.has(desk, found)
    seen = _for_practice(turn, found, await proposal_of_practice.of(turn, desk, found), apart, at_bank=at_bank)
    waits = at_the_bank.lines(at_bank and found.paid != found.charged)
    said, way = await fee_words.beside(turn, desk, found)
    return replace(seen, body=(*seen.body, *waits, *said), buttons=(*way, *seen.buttons))


async def _for_client(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    if booking.state in {BookingState.HELD, BookingState.EXPIRED}:
        return Redirect(address("hold", booking.id))
    if booking.state is BookingState.CANCELLED:
        return await cancelled_for_client(turn, desk, booking)
    if booking.ends <= turn.now:
        return await _past(turn, desk, booking)
    outcome = desk.moves.outcome(booking, turn.now)
    asked, answer = await _asked(turn, desk, booking)
    lines = (*facts_for_client(turn, booking), *asked, *rules(turn, desk, booking, outcome))
    rows = [*answer, *client_number.place_row(turn, booking), *change_row(turn, booking, movable=outcome.allowed)]
    rows += await receipt_rows(desk, booking)
    talk = (*talk_row(turn, booking), *calendar_lines.add_button(turn, booking))
    return Screen(phrases.with_coach(booking), lines, (*rows, talk, _ways_on()))


async def receipt_rows(desk: Desk, booking: Booking) -> list[Row]:
    """Buttons to its receipts, where it was bought."""
    return await receipts_of(desk, booking.subject) if booking.order_id is not None else []


async def receipts_of(desk: Desk, subject: Subject) -> list[Row]:
    """One row with the newest receipts of a purchase and its refunds; none where there is no receipt."""
    found = (await desk.receipts.of(subject))[-RECEIPTS_IN_A_ROW:]
    buttons = [Button(receipt_words.title(each.receipt), address("receipt", each.id)) for each in found]
    return [tuple(buttons)] if buttons else []


async def _asked(turn: Turn, desk: Desk, booking: Booking) -> tuple[list[Line], list[Row]]:
    """The coach's question for another time, and the way to answer it."""
    found = await proposal_of_practice.of(turn, desk, booking)
    if found is None:
        return [], []
    zone = turn.person.zone or booking.client_zone
    answer: list[Row] = [(Button(_("Answer"), address("proposal", found.proposal.id), Style.PRIMARY),)]
    if found.to is not None:
        return [Line(_("{name} would take your session over.", name=found.to.name), Tone.STRONG)], answer
    when = tell.both_clocks(found.proposal.starts, zone, booking.coach_zone, booking.coach_name)
    words = _("{name} asks for another time: {when}", name=proposal_of_practice.by(found), when=when)
    return [Line(words, Tone.STRONG)], answer


def rules(turn: Turn, desk: Desk, booking: Booking, move: MoveOutcome) -> list[Line]:
    """What cancelling and moving would cost the client now, and until when."""
    zone = turn.person.zone or booking.client_zone
    cancel = desk.bookings.cancel_outcome(booking, Actor.CLIENT, turn.now)
    return [*policy_lines.cancel_until(booking, cancel, zone), Line(policy_lines.moving(move, zone), Tone.QUIET)]


def change_row(turn: Turn, booking: Booking, *, movable: bool) -> list[Row]:
    """Move and Cancel for its client, as long as it has not started."""
    if booking.starts <= turn.now:
        return []
    cancel = Button(_("Cancel session"), address("cancel", booking.id))
    return [(Button(_("Move session"), address("move", booking.id)), cancel)] if movable else [(cancel,)]


def changes_at(turn: Turn, booking: Booking, move: MoveOutcome) -> datetime | None:
    """When a button of `change_row` stops working by itself; None once none is left."""
    if booking.starts <= turn.now:
        return None
    return booking.starts if move.free_until is None else datetime.fromtimestamp(move.free_until, UTC)


def facts_for_client(turn: Turn, booking: Booking) -> tuple[Line, ...]:
    zone = turn.person.zone or booking.client_zone
    return (
        Line(phrases.when_for_client(booking, zone), Tone.STRONG),
        *policy_lines.paid(booking),
        Line(phrases.place_for_client(booking)),
        *phrases.clock_shift(zone, booking.coach_zone, booking.coach_name, turn.now, booking.starts),
        *clock.taken_for_yours(turn),
    )


def facts_for_practice(turn: Turn, booking: Booking, *, place: bool = True) -> tuple[Line, ...]:
    """`place`: nobody should go where nobody is met any more."""
    facts = (Line(phrases.when_for_coach(booking, turn.person.zone), Tone.STRONG), *policy_lines.paid(booking))
    return (*facts, Line(phrases.place_for_practice(booking, turn.person))) if place else facts


def message_button(booking: Booking) -> Button:
    return Button(_("Message"), address("write", booking.id), label=_("Write a message about this session"))


def talk_row(turn: Turn, booking: Booking) -> Row:
    """Buttons to write to the other side, or to say that one is late."""
    message = message_button(booking)
    if not (is_last_call(booking.starts, turn.now) and turn.now < booking.ends):
        return (message,)
    return (Button(_("Running late"), address("late", booking.id)), message)


def is_near(booking: Booking, now: datetime) -> bool:
    return booking.starts - LATE_AHEAD <= now < booking.ends


def book_again(booking: Booking, zone: str | None) -> Button:
    pages = time_pages.of_booking(booking.offer_id, 0 if booking.coach_gone else booking.coach_id)
    again = nearest_times.well_again(booking)
    if again is None:
        return Button(_("Book again"), pages.days)
    zone = zone or booking.client_zone
    first = max(day_of(again, zone), day_of(booking.starts, zone) + timedelta(days=1))
    return Button(_("Book again"), pages.since(first))


async def cancelled_for_client(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    lines = [Line(phrases.when_for_client(booking, turn.person.zone)), Line(endings.words(booking, turn.person))]
    if booking.end_reason is None and booking.coach_gone and booking.practice_cancelled:
        words = _("{name} no longer coaches here.", name=booking.coach_name)
        lines.append(Line(_("Reason: {reason}", reason=words)))
    if booking.hold_ends is not None:
        money = await desk.payments.of_hold(booking.subject)
        if money.unread:
            lines.append(Line(_("I cannot read whether this was paid. The practice is told.")))
        elif money.came is None:
            lines.append(Line(_("Nothing was charged.")))
    apart, at_bank = await desk.payments.given_back_apart(booking), await at_the_bank.has(desk, booking)
    lines += [Line(text) for text in policy_lines.settled_money(booking, apart, at_bank=at_bank)]
    lines += at_the_bank.lines(at_bank and booking.paid != booking.charged)
    said, way = await fee_words.beside(turn, desk, booking)
    lines += [*said, *calendar_lines.left_behind(booking, turn.person)]
    rows = (*way, (book_again(booking, turn.person.zone),), *await receipt_rows(desk, booking), _ways_on())
    return Screen(_("Cancelled: {what}", what=phrases.with_coach(booking)), tuple(lines), rows)


async def _past(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    again = (book_again(booking, turn.person.zone), Button(_("Message"), address("write", booking.id)))
    said, way = await fee_words.beside(turn, desk, booking)
    return Screen(
        phrases.with_coach(booking),
        (
            Line(phrases.when_for_client(booking, turn.person.zone)),
            Line(endings.of_past(booking, turn.person)),
            *policy_lines.paid(booking),
            *said,
        ),
        (*way, again, *await receipt_rows(desk, booking), _ways_on()),
    )


def _for_practice(
    turn: Turn, booking: Booking, proposal: OpenProposal | None, apart: Money | None, *, at_bank: bool
) -> Screen:  # fmt: skip
    title = phrases.session(booking, turn.person)
    over = booking.state in {BookingState.CANCELLED, BookingState.EXPIRED}
    facts = facts_for_practice(turn, booking, place=not over)
    talk: Row = talk_row(turn, booking) if booking.state is BookingState.CONFIRMED else ()
    if turn.person.id != booking.coach_person_id:
        to_coach = address("write", booking.id, booking.coach_person_id)
        talk = (*talk, Button(_("Write to {name}", name=booking.coach_name), to_coach))
    if turn.may(Permission.SEE_CLIENTS):
        about = _("About {name}", name=booking.client_name)
        talk = (*talk, Button(_("Client"), address("client", booking.person_id), label=about))
    start = Button(_("Start"), "start")
    last: Row = (Button(_("Today"), "today"), start) if turn.may(Permission.SEE_DAY) else (start,)
    rows: tuple[Row, ...] = tuple(row for row in (talk, calendar_lines.add_button(turn, booking), last) if row)
    match booking.state:
        case BookingState.HELD:
            words = _("Held, not paid yet.") if booking.terms.price else _("Held, not booked yet.")
            return Screen(title, (*facts, Line(words)), rows)
        case BookingState.EXPIRED:
            return Screen(title, (*facts, Line(_("The hold ended without a payment."))), rows)
        case BookingState.CANCELLED:
            money = [Line(text) for text in policy_lines.money_for_practice(booking, apart, at_bank=at_bank)]
            money += calendar_lines.left_behind(booking, turn.person)
            title = _("Cancelled: {what}", what=title)
            rows = (*give_back_row(turn, booking), *rows)
            return Screen(title, (*facts, Line(endings.words(booking, turn.person)), *money), rows)
    if proposal is not None:
        facts = (*facts, *proposal_of_practice.lines(turn, proposal))
        rows = ((proposal_of_practice.withdraw_button(turn, proposal),), *rows)
    return Screen(title, facts, (*practice_acts(turn, booking), *give_back_row(turn, booking), *rows))


def practice_acts(turn: Turn, booking: Booking) -> list[Row]:
    """Buttons of a coach or owner for a confirmed session: settle it, or change it before it starts."""
    if booking.starts <= turn.now:
        return [(Button(_("How it went"), address("settling", booking.id), Style.PRIMARY),)]
    cancel = Button(_("Cancel session"), address("coach-cancel", booking.id))
    if booking.coach_gone:
        return [(cancel,)]
    return [(Button(_("Propose a time"), address("propose", booking.id)), cancel)]


def give_back_row(turn: Turn, booking: Booking) -> tuple[Row, ...]:
    """The ways to give money back by hand, or a session in its place; none where nothing came, or is left."""
    if not booking.paid.amount or not turn.may(Permission.GIVE_BACK):
        return ()
    credit = Button(_("As a credit"), address("give-credit", booking.id), label=_("Give a session in place of money"))
    return ((Button(_("Give money back"), address("give-back", booking.id)), credit),)


def _ways_on() -> Row:
    return (Button(_("My sessions"), "sessions"), Button(_("Start"), "start"))


ROUTES: tuple[Route, ...] = (show("booking/{booking:id}", page),)
