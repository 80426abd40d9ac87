"""Words for refusals: what happened, what is safe, what to do."""

from collections.abc import Callable

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booked
from bot.domain.calendar.slots import FreeTime, Reason
from bot.domain.credits.packages import PackageMistake
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.people.permissions import Permission
from bot.domain.refusals import TOGETHER, Code, Done, Refusal
from bot.handlers.kit import credit_words, endings, failures, fee_words, package_words
from bot.handlers.kit.reasons import address_reasons, contradictions, coupon_reasons, limit_words, time_reasons

Near = Callable[[FreeTime], str]


def screen(turn: Turn, refusal: Refusal, back: str, near: Near | None = None, *, asked: bool = False) -> Screen:
    """The refusal in words, the nearest free times where `near` gives their addresses, and the way back.

    `asked`: somebody only asked for the time, and nothing was tried.
    """
    if refusal.code is Code.NOT_FOUND:
        return failures.missing()
    rows: list[Row] = []
    if near is not None:
        zone = turn.zone
        rows = [(Button(tell.moment(time.starts, zone), near(time)),) for time in refusal.near]
    lines = [Line(_of_time(turn, refusal, asked=asked) or _unpaid(turn, refusal) or words(refusal))]
    if rows:
        lines.append(Line(_("Nearest free times:")))
    if refusal.code is Code.YOURS:
        rows.append((Button(_("Pay, or let it go"), address("hold", *refusal.missing), Style.PRIMARY),))
    title, last = _("Not free") if asked else _("Not done"), (Button(_("Back"), back), Button(_("Start"), "start"))
    return Screen(title, tuple(lines), (*rows, *limit_words.ways_on(refusal), last))


def or_next(
    turn: Turn, outcome: Done | Refusal, back: str, said: str | None = None, near: Near | None = None
) -> Screen | Redirect:
    """What an act leads to: the next page with a note, or a page that says why it was refused."""
    if isinstance(outcome, Refusal):
        return screen(turn, outcome, back, near)
    return Redirect(outcome.next, said, outcome.booking if isinstance(outcome, Booked) else None)


def _of_time(turn: Turn, refusal: Refusal, *, asked: bool) -> str | None:
    """What speaks against the very time; None where it was lost while the person took it, or nobody said which."""
    if (of_credit := credit_words.refused(refusal, turn.zone)) is not None:
        return of_credit
    if refusal.at is None or refusal.reason is None or (refusal.code is Code.TAKEN and not asked):
        return None
    return time_reasons.of_time(Reason(refusal.reason), refusal.at, turn.zone)


def _unpaid(turn: Turn, refusal: Refusal) -> str | None:
    """To who cannot switch card payments on; `words` says how."""
    if refusal.code is not Code.PAYMENTS_OFF or turn.may(Permission.KEEP_OFFERS):
        return None
    return _("Card payments are switched off here, so nothing can be paid or given back. Nothing was changed.")


def words(refusal: Refusal) -> str:
    """One or two sentences for the person; nothing was changed by what is refused."""
    if refusal.charge is not None:
        of_package = package_words.uncharged(refusal.charge) if refusal.reason == PackageMistake.CHARGE else None
        return of_package or contradictions.uncharged(refusal.charge)
    if refusal.reason == TOGETHER:
        return _("You hold this time with others that are paid together. Pay for all, or let them go first.")
    if refusal.code is Code.CONTRADICTION:
        return contradictions.words(refusal.reason or "")
    if refusal.code is Code.UNRETURNABLE:
        return endings.unreturnable(Unreturnable(refusal.reason or ""))
    if refusal.code is Code.LIMIT:
        return limit_words.words(refusal)
    if refusal.code is Code.UNPROVED:
        return address_reasons.words(refusal)
    if refusal.code is Code.COUPON:
        return coupon_reasons.not_counted(refusal.reason or "")
    return credit_words.plainly(refusal.code) or fee_words.plainly(refusal.code) or _plain(refusal.code)


def _plain(code: Code) -> str:  # noqa: PLR0911, PLR0912, C901 - one line for each code
    match code:
        case Code.TAKEN:
            return _("That time was just taken. Nothing was booked and nothing was charged.")
        case Code.YOURS:
            return _("You hold a time that is not paid yet. Pay for it, or let it go first. Nothing was changed.")
        case Code.NOT_BOOKABLE:
            return _("That time is not offered.")
        case Code.OFFER_CLOSED:
            return _("This is not on offer at the moment. Nothing was booked.")
        case Code.COACH_AWAY:
            return _("This coach takes no bookings at the moment. Nothing was booked.")
        case Code.NOT_BY_COACH:
            return _("This coach does not give these sessions. Nothing was booked.")
        case Code.HOLD_OVER:
            return _("The hold on this time has ended.")
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
        case Code.CURRENCY:
            return _("The prices are in two currencies, so nothing was changed. Cancel, and book the other one.")
        case _:
            return _("This cannot be done now; nothing was changed.")
