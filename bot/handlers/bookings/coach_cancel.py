"""A coach cancels with a reason: everything paid is refunded, and a page says so before it happens."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, Form, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.reasons import Reason, Usual
from bot.handlers.bookings import nearest_times
from bot.handlers.kit import endings, failures, phrases, refusals
from bot.services.bookings.bookings import cancel_facts
from bot.services.desk import Desk

DRAFT = "cancelling"
REASON_LENGTH = 300


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED:
        return Redirect(address("booking", booking))
    reasons = _usual(turn, found).values()
    asked = Field(
        "reason",
        _("Why do you cancel?"),
        hint=_("{name} reads it. Nothing is cancelled yet.", name=found.client_name),
        choices=tuple(Choice(reason, reason) for reason in reasons),
        max_length=REASON_LENGTH,
    )
    to = turn.do("coach-cancel", booking, "reason", stated=(found.version,))
    form = Form(to, (asked,), _("Go on"), cancel_to=address("booking", booking))
    return Screen(_("Cancel a session"), (Line(_what(turn, found), Tone.STRONG),), (), form=form)


async def keep_reason(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    if not turn.values.get("reason"):
        return Redirect(address("coach-cancel", booking))
    act, words = turn.act(f"coach-cancel/{booking}/{{id}}"), str(turn.values["reason"])
    chosen = next((which for which, said in _usual(turn, found).items() if said.casefold() == words.casefold()), None)
    outcome = await desk.drafts.keep(act, DRAFT, {"reason": words, "usual": chosen})
    return refusals.or_next(turn, outcome, address("booking", booking))


async def confirm(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    reason = await _reason(turn, desk, draft)
    if found is None or found.state is not BookingState.CONFIRMED:
        return Redirect(address("booking", booking))
    if reason is None:
        return Redirect(address("coach-cancel", booking))
    lines = (
        Line(_what(turn, found), Tone.STRONG),
        Line(_money(found)),
        Line(_("Your reason: {reason}", reason=reason.words)),
        Line(await _told(turn, desk, found), Tone.QUIET),
        *phrases.coach_is_told(found, turn.person),
    )
    yes = turn.do("coach-cancel", booking, draft, "yes", stated=_stated(turn, desk, found))
    keep = Button(_("Keep it"), address("booking", booking), label=_("Keep this session as it is"))
    return Screen(_("Cancel this session?"), lines, ((Button(_("Cancel session"), yes, Style.DANGER), keep),))


async def _told(turn: Turn, desk: Desk, booking: Booking) -> str:
    """Says what the client will be told: other times are promised only if there are any."""
    near, name = await nearest_times.find(desk, booking, turn.now), booking.client_name
    if near is None:
        return _("{name} is told now, with your reason.", name=name)
    if len(near.times) < nearest_times.COUNT:
        return _("{name} is told now, with your reason and other times.", name=name)
    return _("{name} is told now, with your reason and three other times.", name=name)


async def cancel(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    version, *outcome = _stated(turn, desk, found)
    turn.require(version, *outcome)
    reason = await _reason(turn, desk, draft)
    act = turn.act(address("booking", booking))
    done = await desk.bookings.cancel(act, booking, found.version, outcome, reason)
    said = _("Cancelled, and {name} is told.", name=found.client_name)
    if turn.person.id != found.coach_person_id:
        said = _("Cancelled, and {name} and {coach} are told.", name=found.client_name, coach=found.coach_name)
    return refusals.or_next(turn, done, address("booking", booking), said)


def _stated(turn: Turn, desk: Desk, booking: Booking) -> tuple[object, ...]:
    outcome = desk.bookings.cancel_outcome(booking, Actor.COACH, turn.now)
    return (booking.version, *cancel_facts(outcome))


async def _reason(turn: Turn, desk: Desk, draft: int) -> Reason | None:
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if body is None:
        return None
    usual = body.get("usual")
    return Reason(str(body["reason"]), None if usual is None else Usual(usual))


def _usual(turn: Turn, booking: Booking) -> dict[Usual, str]:
    """The reasons to choose from, as this person says them."""
    own = turn.person.id == booking.coach_person_id
    return {which: endings.usual(which, booking, own=own) for which in Usual}


def _what(turn: Turn, booking: Booking) -> str:
    when = phrases.when_for_coach(booking, turn.person.zone)
    return _("{when}: {what}", when=when, what=phrases.session(booking, turn.person))


def _money(booking: Booking) -> str:
    if booking.paid.amount > 0:
        amount = tell.amount(booking.paid)
        return _("{name} gets everything back: {amount}.", name=booking.client_name, amount=amount)
    return _("Nothing was paid, so nothing goes back.")


async def of_practice(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """The booking, if this person is its coach or an owner of the practice."""
    found = await desk.bookings.find(turn.person, booking)
    return None if found is None or found.person_id == turn.person.id else found


ROUTES: tuple[Route, ...] = (
    show("coach-cancel/{booking:id}", ask),
    do("coach-cancel/{booking:id}/reason", keep_reason, back="coach-cancel/{booking:id}"),
    show("coach-cancel/{booking:id}/{draft:id}", confirm),
    do("coach-cancel/{booking:id}/{draft:id}/yes", cancel, back="coach-cancel/{booking:id}/{draft:id}"),
)
