"""Words for limits: what counts against the client, that nothing was done, and when it can be done again."""

from bot.chat.screen import Button, Row, Style
from bot.chat.words import _, ngettext
from bot.domain.practice.client_limits import Limit
from bot.domain.refusals import Refusal

BOOKINGS = (Limit.FREE, Limit.OF_OFFER, Limit.STANDING)


def words(refusal: Refusal) -> str:
    if refusal.reason in BOOKINGS:
        again = _("Nothing was booked now. You can book again when one of them is over, or cancelled.")
        return f"{_ahead(refusal)} {again}"
    if refusal.reason == Limit.WAITS:
        return ngettext(
            "You are waiting for {n} time already, and that is the most. Nothing was changed.",
            "You are waiting for {n} times already, and that is the most. Nothing was changed.",
            refusal.has,
        )
    return f"{_tried(refusal)} {_again_in(refusal.again_in)}"


def ways_on(refusal: Refusal) -> list[Row]:
    """To the sessions that count, of which one can be cancelled."""
    return [(Button(_("My sessions"), "sessions", Style.PRIMARY),)] if refusal.reason in BOOKINGS else []


def _ahead(refusal: Refusal) -> str:
    match refusal.reason:
        case Limit.FREE:
            return ngettext(
                "You have {n} free session ahead, and {most} at a time is the most.",
                "You have {n} free sessions ahead, and {most} at a time are the most.",
                refusal.has, most=refusal.most,
            )  # fmt: skip
        case Limit.OF_OFFER:
            return ngettext(
                "You have {n} of these sessions ahead, and {most} at a time is the most.",
                "You have {n} of these sessions ahead, and {most} at a time are the most.",
                refusal.has, most=refusal.most,
            )  # fmt: skip
    return ngettext(
        "You have {n} session ahead, and {most} at a time is the most.",
        "You have {n} sessions ahead, and {most} at a time are the most.",
        refusal.has, most=refusal.most,
    )  # fmt: skip


def _tried(refusal: Refusal) -> str:
    match refusal.reason:
        case Limit.WRONG_CODES:
            return _("Too many wrong codes. I did not check this one.")
        case Limit.HOLDS:
            return _("You have held many times in a short while. Nothing was held now.")
    return _("You have written a lot in a short while. This was not sent.")


def _again_in(minutes: int) -> str:
    return ngettext("Try again in {n} minute.", "Try again in {n} minutes.", max(1, minutes))
