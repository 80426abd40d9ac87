"""Words for what a booking takes of a package, and for what becomes of its credit."""

from bot.chat import tell
from bot.chat.words import _
from bot.domain.credits.rules import NoCredit
from bot.domain.refusals import Code, Refusal


def refused(refusal: Refusal, zone: str) -> str | None:
    """What speaks against a credit; None where something else does."""
    match refusal.code:
        case Code.CREDIT_ENDS if refusal.at is not None:
            return _(
                "This session is on a credit that is valid until {end}, so it cannot be moved to a later time. "
                "It stays as it is. Choose a time before that, or write to the practice, which may move it.",
                end=tell.moment(refusal.at, zone),
            )
        case Code.ALREADY_EXTENDED if refusal.at is not None:
            return _("This was extended already, to {end}. It can be done once.", end=tell.moment(refusal.at, zone))
        case Code.NO_CREDIT if refusal.reason == NoCredit.EXPIRES.value and refusal.at is not None:
            return _(
                "Your credits are valid until {end}, and this session would start later. Nothing was booked.",
                end=tell.moment(refusal.at, zone),
            )
        case Code.NO_CREDIT if refusal.reason == NoCredit.CAP.value:
            return _(
                "Your package gives {most} sessions a week, and you have them. Nothing was booked.", most=refusal.most
            )
        case Code.NO_CREDIT:
            return _("You have no credit for this any more. Nothing was booked.")
    return None
