"""Words for refusals: what happened, what is safe, what to do."""

from collections.abc import Callable

from bot.chat import tell
from bot.chat.screen import Button, Line, Redirect, Row, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booked
from bot.domain.calendar.slots import FreeTime
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import contradictions, failures

Near = Callable[[FreeTime], str]


def screen(turn: Turn, refusal: Refusal, back: str, near: Near | None = None) -> Screen:
    """The refusal in words, the nearest free times where `near` gives their addresses, and the way back."""
    if refusal.code is Code.NOT_FOUND:
        return failures.missing()
    rows: list[Row] = []
    if near is not None:
        zone = turn.zone
        rows = [(Button(tell.moment(time.starts, zone), near(time)),) for time in refusal.near]
    lines = [Line(words(refusal))]
    if rows:
        lines.append(Line(_("Nearest free times:")))
    return Screen(_("Not done"), tuple(lines), (*rows, (Button(_("Back"), back), Button(_("Start"), "start"))))


def or_next(
    turn: Turn, outcome: Done | Refusal, back: str, said: str | None = None, near: Near | None = None
) -> Screen | Redirect:
    """What an act leads to: the next page with a note, or a page that says why it was refused."""
    if isinstance(outcome, Refusal):
        return screen(turn, outcome, back, near)
    return Redirect(outcome.next, said, outcome.booking if isinstance(outcome, Booked) else None)


def words(refusal: Refusal) -> str:
    """One or two sentences for the person; nothing was changed by what is refused."""
    if refusal.charge is not None:
        return contradictions.uncharged(refusal.charge)
    if refusal.code is Code.CONTRADICTION:
        return contradictions.words(refusal.reason or "")
    if refusal.code is Code.NOT_BOOKABLE:
        return _not_bookable(refusal.reason or "")
    return _plain(refusal.code)


def _plain(code: Code) -> str:  # noqa: PLR0911, PLR0912, C901 - one line for each code
    match code:
        case Code.TAKEN:
            return _("That time was just taken. Nothing was booked and nothing was charged.")
        case Code.OFFER_CLOSED:
            return _("This is not on offer at the moment. Nothing was booked.")
        case Code.COACH_AWAY:
            return _("This coach takes no bookings at the moment. Nothing was booked.")
        case Code.HOLD_OVER:
            return _("The hold on this time has ended. Nothing was charged.")
        case Code.ALREADY_PAID:
            return _("This is already paid. Please do not pay again.")
        case Code.CHANGED:
            return _("Something changed in the meantime, so nothing was done. Look at how things stand now.")
        case Code.TOO_LATE_TO_MOVE:
            return _("It is too late to move this session. It stays as it is.")
        case Code.NO_MOVES_LEFT:
            return _("This session has already been moved as often as allowed. It stays as it is.")
        case Code.ALREADY_OVER:
            return _("This is already over; nothing was changed.")
        case Code.PAYMENTS_OFF:
            return _(
                "Card payments are not set up, so a paid offer cannot be opened. "
                "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, restart, and open it then. A price of 0 works now."
            )
        case Code.NO_PLACE:
            return _("Say first where it takes place: a video link, a phone call or an address.")
        case Code.LINK_DEAD:
            return _("This invitation was used, withdrawn, or is older than seven days. Ask for a new one.")
        case Code.TOO_FAST:
            return _("That was a lot in one minute. Nothing was changed; try again in a minute.")
        case Code.ONCE_PER_CLIENT:
            return _("Each client can book this once, and you have booked it. Nothing was booked now.")
        case Code.NEW_CLIENTS_ONLY:
            return _("This is for new clients, and you are one of ours already. Nothing was booked.")
        case Code.CURRENCY_FIXED:
            return _("Money has moved already, so the currency stays as it is.")
        case _:
            return _("This cannot be done now; nothing was changed.")


def _not_bookable(reason: str) -> str:
    match reason:
        case "past":
            return _("That time has passed.")
        case "notice":
            return _("That time is too soon: the coach needs more notice.")
        case "horizon":
            return _("That time is too far ahead to be booked yet.")
        case "taken" | "buffer":
            return _("That time was just taken. Nothing was booked and nothing was charged.")
        case "day_full":
            return _("That day is full.")
        case "week_full":
            return _("That week is full.")
        case _:
            return _("That time is not offered.")
