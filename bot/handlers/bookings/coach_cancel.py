"""A coach cancels with a reason: everything paid is refunded, and a page says so before it happens."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Form, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.bookings.reasons import Reason
from bot.handlers.bookings import nearest_times
from bot.handlers.calendar import close_day
from bot.handlers.kit import credit_words, failures, phrases, refusals
from bot.handlers.kit.paying import at_the_bank
from bot.handlers.kit.reasons import cancel_reasons
from bot.services.desk import Desk


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED:
        return Redirect(address("booking", booking))
    to = turn.do("coach-cancel", booking, "reason", stated=(found.version,))
    asked, back = cancel_reasons.asked(turn, found), address("booking", booking)
    form = Form(to, (asked,), _("Go on"), cancel_to=back, leave_words=_("Keep it"))
    return Screen(_("Cancel a session"), (Line(_what(turn, found), Tone.STRONG),), (), form=form)


async def keep_reason(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    if not turn.values.get("reason"):
        return Redirect(address("coach-cancel", booking))
    following = f"coach-cancel/{booking}/{{id}}"
    outcome = await cancel_reasons.keep(turn, desk, found, str(turn.values["reason"]), following)
    return refusals.or_next(turn, outcome, address("booking", booking))


async def confirm(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    kept = await cancel_reasons.find(turn, desk, draft)
    if found is None or found.state is not BookingState.CONFIRMED:
        return Redirect(address("booking", booking))
    if kept is None:
        return Redirect(address("coach-cancel", booking))
    all_day: list[Line] = []
    rows: list[Row] = []
    if kept.reason.is_illness:
        all_day, rows = await close_day.offered(turn, desk, found, draft)
    lines = (
        Line(_what(turn, found), Tone.STRONG),
        Line(_money(turn, desk, found)),
        *_fee(found),
        *at_the_bank.lines(bool(found.paid) and await at_the_bank.has(desk, found)),
        *_was_no_show(found),
        Line(_("Your reason: {reason}", reason=kept.reason.words)),
        Line(await _told(turn, desk, found, kept.reason), Tone.QUIET),
        *phrases.coach_is_told(found, turn.person),
        *all_day,
    )
    yes = turn.do("coach-cancel", booking, draft, "yes", stated=_stated(turn, desk, found))
    keep = Button(_("Keep it"), address("booking", booking), label=_("Keep this session as it is"))
    return Screen(_("Cancel this session?"), lines, ((Button(_("Cancel session"), yes, Style.DANGER), keep), *rows))


async def _told(turn: Turn, desk: Desk, booking: Booking, reason: Reason) -> str:
    """Says what the client will be told: other times are promised only if there are any."""
    by = "coach" if turn.person.id == booking.coach_person_id else "owner"
    then = replace(booking, state=BookingState.CANCELLED, ended_by=by, end_reason=reason)
    near, name = await nearest_times.find(desk, then, turn.now), booking.client_name
    if near is None:
        return _("I tell {name} now, with your reason.", name=name)
    if len(near.times) < nearest_times.COUNT:
        return _("I tell {name} now, with your reason and other times.", name=name)
    return _("I tell {name} now, with your reason and three other times.", name=name)


async def cancel(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    version, *outcome = _stated(turn, desk, found)
    turn.require(version, *outcome)
    kept = await cancel_reasons.find(turn, desk, draft)
    act = turn.act(address("booking", booking))
    done = await desk.bookings.cancel(act, booking, found.version, outcome, None if kept is None else kept.reason)
    said = _("Cancelled, and I am letting {name} know.", name=found.client_name)
    if turn.person.id != found.coach_person_id:
        said = _("Cancelled, and I am letting {name} and {coach} know.", name=found.client_name, coach=found.coach_name)
    return refusals.or_next(turn, done, address("booking", booking), said)


def _stated(turn: Turn, desk: Desk, booking: Booking) -> tuple[object, ...]:
    outcome = desk.bookings.cancel_outcome(booking, Actor.COACH, turn.now)
    return (booking.version, *cancel_facts(outcome))


def _what(turn: Turn, booking: Booking) -> str:
    when = phrases.when_for_coach(booking, turn.person.zone)
    return _("{when}: {what}", when=when, what=phrases.session(booking, turn.person))


def _was_no_show(booking: Booking) -> list[Line]:
    if booking.outcome is not Outcome.NO_SHOW:
        return []
    return [Line(_("It then no longer counts as a no-show."))]


def _fee(booking: Booking) -> list[Line]:
    if booking.fee is None:
        return []
    fee = tell.amount(booking.fee)
    return [Line(_("The fee of {fee} is not due any more: what was paid of it goes back.", fee=fee))]


def _money(turn: Turn, desk: Desk, booking: Booking) -> str:
    if booking.credit is not None:
        outcome = desk.bookings.cancel_outcome(booking, Actor.COACH, turn.now)
        return credit_words.by_practice(outcome, booking.client_name, turn.person.zone or booking.coach_zone)
    if booking.paid.amount > 0:
        amount = tell.amount(booking.paid)
        if booking.paid != booking.charged:
            return _("{name} gets back what is left: {amount}.", name=booking.client_name, amount=amount)
        return _("{name} gets a full refund: {amount}.", name=booking.client_name, amount=amount)
    if booking.terms.price.amount > 0:
        return _("All that was paid has gone back already.")
    return _("Nothing was paid, so there is nothing to refund.")


async def of_practice(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """The booking, if this person is its coach or an owner of the practice."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    return None if found is None or found.person_id == turn.person.id else found


ROUTES: tuple[Route, ...] = (
    show("coach-cancel/{booking:id}", ask),
    do("coach-cancel/{booking:id}/reason", keep_reason, back="coach-cancel/{booking:id}"),
    show("coach-cancel/{booking:id}/{draft:id}", confirm),
    do("coach-cancel/{booking:id}/{draft:id}/yes", cancel, back="coach-cancel/{booking:id}/{draft:id}"),
)
