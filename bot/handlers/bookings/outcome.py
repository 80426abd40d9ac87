"""The coach settles a past session with one tap: it took place, the client was late, or a no-show; a day to undo it."""

from datetime import datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.credit_cover import no_show_fee
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, fee_words, phrases, refusals
from bot.handlers.kit.credit_words import is_bound
from bot.handlers.kit.paying import at_the_bank
from bot.services.desk import Desk
from bot.services.reports.coach_day import UNDO_FOR

WITH_FEE = "no-show-fee"
_CODES = {outcome.value.replace("_", "-"): outcome for outcome in Outcome}


def is_due(booking: Booking, now: datetime) -> bool:
    return booking.starts <= now and booking.state is BookingState.CONFIRMED and booking.outcome is None


def row(turn: Turn, booking: Booking, time: str) -> Row:
    """One button for each outcome; `time` tells the session from others on the same screen."""
    asks = no_show_fee(booking, turn.now) is not None  # whether that is charged is asked on a page of its own
    words = {
        "held": _("{time} held", time=time),
        "late": _("{time} late", time=time),
        "no-show": _("{time} no-show", time=time),
    }
    return tuple(
        Button(
            text,
            address("no-show", booking.id)
            if asks and code == "no-show"
            else turn.do("settle", booking.id, code, stated=(booking.version,)),
            label=_("{what}: {outcome}", what=phrases.session(booking, turn.person), outcome=_outcome(_CODES[code])),
        )
        for code, text in words.items()
    )


def settled(outcome: Outcome) -> str:
    return _("Settled: {outcome}", outcome=_outcome(outcome))


def _outcome(outcome: Outcome) -> str:
    match outcome:
        case Outcome.TOOK_PLACE:
            return _("held")
        case Outcome.LATE:
            return _("the client was late")
        case Outcome.NO_SHOW:
            return _("no-show")


async def page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    zone = turn.person.zone or found.coach_zone
    lines = [Line(phrases.when_for_coach(found, zone), Tone.STRONG)]
    rows: list[Row] = []
    if is_due(found, turn.now):
        lines.append(Line(_("How did it go?")))
        rows.append(row(turn, found, tell.clock(found.starts, zone)))
    elif found.outcome is None or found.outcome_at is None:
        return Redirect(address("booking", booking))
    else:
        lines.append(Line(settled(found.outcome)))
        by = await desk.day.settled_by(found)
        if by is not None and by[0] != turn.person.id:
            lines.append(Line(_("{name} said so.", name=by[1]), Tone.QUIET))
        if found.outcome is Outcome.NO_SHOW:
            words = _("If it was not their fault, cancel it: then it is no no-show, and what it cost goes back.")
            if is_bound(found.credit) or await at_the_bank.has(desk, found):
                words = _("If it was not their fault, cancel it: then it is no no-show.")
            lines.append(Line(words))
            rows.append((Button(_("Cancel session"), address("coach-cancel", found.id)),))
        if turn.now < found.outcome_at + UNDO_FOR:
            rows.append((Button(_("Undo"), turn.do("unsettle", found.id, stated=(found.version,))),))
            lines.append(Line(_("You can undo it for a day; then I ask once more."), Tone.QUIET))
        if found.fee is not None:
            said, way = await fee_words.beside(turn, desk, found)
            back = _("If you undo it, the fee of {fee} is not due any more.", fee=tell.amount(found.fee))
            lines += [*said, *([Line(back, Tone.QUIET)] if turn.now < found.outcome_at + UNDO_FOR else [])]
            rows += way
    session = Button(_("Session"), address("booking", found.id))
    rows.append((Button(_("Today"), "today"), session) if turn.may(Permission.SEE_DAY) else (session,))
    return Screen(phrases.session(found, turn.person), tuple(lines), tuple(rows))


async def settle(turn: Turn, desk: Desk, booking: int, outcome: str) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None or outcome not in {*_CODES, WITH_FEE}:
        return failures.missing()
    fee = no_show_fee(found, turn.now) if outcome == WITH_FEE else None
    turn.require(*(found.version,) if fee is None else (found.version, fee.amount))
    act, how = turn.act(address("settling", booking)), _CODES.get(outcome, Outcome.NO_SHOW)
    done = await desk.day.settle(act, booking, found.version, how, fee)
    return refusals.or_next(turn, done, address("booking", booking))


async def unsettle(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    act = turn.act(address("settling", booking))
    done = await desk.day.unsettle(act, booking, found.version)
    return refusals.or_next(turn, done, address("booking", booking))


async def of_practice(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """The booking, if this person is its coach or an owner."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or not (found.is_given_by(turn.person.id, turn.now) or turn.may(Permission.KEEP_EVERY_BOOKING)):
        return None
    return found


ROUTES: tuple[Route, ...] = (
    show("settling/{booking:id}", page),
    do("settle/{booking:id}/{outcome:word}", settle, back="settling/{booking:id}"),
    do("unsettle/{booking:id}", unsettle, back="settling/{booking:id}"),
)
