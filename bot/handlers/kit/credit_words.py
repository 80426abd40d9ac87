"""Words for what a booking takes of a package, and for what becomes of its credit."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.words import _, ngettext
from bot.domain.bookings.credit_cover import COMES_BACK
from bot.domain.bookings.policy import Cancelled, CancelOutcome
from bot.domain.credits.gifts import Gift
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.credits.rules import NoCredit, Unusable
from bot.domain.pricing.effects import CreditChange
from bot.domain.refusals import Code, Refusal
from bot.services.gifts.gifts import Left


def last_moment(ends: datetime, zone: str) -> str:
    """Until when credits are valid: the whole last day where they end with one, else the moment."""
    local = ends.astimezone(ZoneInfo(zone))
    if local.time() == time.min:
        return tell.long_day(local.date() - timedelta(days=1))
    return tell.moment(ends, zone)


def uses(credit: BookedCredit, zone: str) -> str:
    """Before a booking on credit: what it takes, and of what."""
    told: dict[str, object] = {"name": credit.name, "n": (credit.others or 0) + 1}
    if credit.ends is not None:
        told["end"] = last_moment(credit.ends, zone)
        if credit.others is None:
            return _("Uses 1 credit, valid to {end}: {name}.", **told)
        return _("Uses 1 of {n}, valid to {end}: {name}.", **told)
    return _("Uses 1 credit: {name}.", **told) if credit.others is None else _("Uses 1 of {n}: {name}.", **told)


def uses_in_short(credit: BookedCredit) -> str:
    """The same in the place of a price, before a time is chosen."""
    return _("uses 1 credit") if credit.others is None else _("uses 1 of {n}", n=credit.others + 1)


def unusable(why: Unusable, zone: str) -> str:
    """Why somebody who has credits pays for this time all the same."""
    if why.why is NoCredit.EXPIRES and why.ends is not None:
        return _("Your credits do not cover this time: they are valid until {end}.", end=last_moment(why.ends, zone))
    return ngettext(
        "Your package gives {n} session a week, and you have it: this one is paid by itself.",
        "Your package gives {n} sessions a week, and you have them: this one is paid by itself.",
        why.cap,
    )


def covered(credit: BookedCredit, length: str) -> str:
    """Of a booking: its length and what covers it."""
    if credit.others is None:
        return _("{length} · on credit: {name}", length=length, name=credit.name)
    return _("{length} · on credit: {name}, {left} left", length=length, name=credit.name, left=credit.others)


def is_bound(credit: BookedCredit | None) -> bool:
    """Whether it does not come back, for now or for good: nobody may say so then."""
    return credit is not None and credit.bound is not None


def _bound(change: CreditChange | None) -> str | None:
    """What a dispute makes of a credit that would come back, to both sides; None where it does come back."""
    match change:
        case CreditChange.FROZEN:
            return _("Its payment is disputed at the bank: the credit stays on hold until that is decided.")
        case CreditChange.LOST:
            return _("The bank took its payment back: the credit is gone with the money.")
    return None


def cancelling(outcome: CancelOutcome, zone: str) -> list[str]:
    """What cancelling now would do with the credit."""
    effect = outcome.effect
    if effect.change is CreditChange.SPENT:
        return [_("It is too late to cancel free of charge: the credit is used up.")]
    lines = [_("Cancelling now is free: your credit comes back.")]
    if (bound := _bound(effect.change)) is not None:
        lines = [_("Cancelling costs nothing."), bound]
    elif effect.until is not None:
        until = last_moment(_at(effect.until), zone)
        lines = [_("Cancelling now is free: your credit comes back, valid until {end}.", end=until)]
    if outcome.becomes is Cancelled.IN_TIME and outcome.changes_at is not None:
        lines.append(_("From {when} on, the credit is used up.", when=tell.moment(_at(outcome.changes_at), zone)))
    return lines


def cancel_until(outcome: CancelOutcome, zone: str) -> str:
    """Until when cancelling gives the credit back."""
    if outcome.becomes is not Cancelled.IN_TIME or outcome.changes_at is None:
        return _("It is too late to cancel free of charge: the credit would be used up.")
    when = tell.moment(_at(outcome.changes_at), zone)
    return _("Free to cancel until {when}; after that the credit is used up.", when=when)


def after_cancel(credit: BookedCredit, zone: str) -> str:
    """What became of the credit of a booking that has ended, as its client reads it."""
    if credit.kind is EntryKind.ADJUSTED:
        return _("Its credit went back with its package.")
    if credit.kind is not EntryKind.RETURNED:
        return _("The credit is used up, as agreed at booking.")
    if (bound := _bound(COMES_BACK.get(credit.bound))) is not None:
        return bound
    if credit.ends is None:
        return _("Your credit is back.")
    return _("Your credit is back, valid until {end}.", end=last_moment(credit.ends, zone))


def for_practice(credit: BookedCredit, name: str) -> str:
    """The same for the side of the practice."""
    if credit.kind is EntryKind.RETURNED:
        bound = _bound(COMES_BACK.get(credit.bound))
        return _("The credit went back to {name}.", name=name) if bound is None else bound
    if credit.kind is EntryKind.ADJUSTED:
        return _("The credit went back with its package.")
    return _("The credit is used up.")


def returns(outcome: CancelOutcome, zone: str) -> str:
    """What its client gets back when the session ends."""
    if (bound := _bound(outcome.effect.change)) is not None:
        return bound
    if outcome.effect.until is None:
        return _("Your credit comes back.")
    return _("Your credit comes back, valid until {end}.", end=last_moment(_at(outcome.effect.until), zone))


def by_practice(outcome: CancelOutcome, name: str, zone: str) -> str:
    """What a cancel by the practice does with the credit."""
    if (bound := _bound(outcome.effect.change)) is not None:
        return bound
    if outcome.effect.until is None:
        return _("{name} gets the credit back.", name=name)
    return _(
        "{name} gets the credit back, valid until {end}.", name=name, end=last_moment(_at(outcome.effect.until), zone)
    )


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def plainly(code: Code) -> str | None:
    """As `refused`, where no more is known than the code."""
    match code:
        case Code.NO_CREDIT:
            return _("You have no credit for this any more. Nothing was booked.")
        case Code.CREDIT_ENDS:
            return _("The credit of this session ends before that time. It stays as it is.")
        case Code.CREDIT_WEEK:
            return _("That week has as many sessions as the package of this one gives. It stays as it is.")
        case Code.ALREADY_EXTENDED:
            return _("This was extended already. It can be done once.")
    return None


def refused(refusal: Refusal, zone: str) -> str | None:
    """What speaks against a credit; None where something else does."""
    match refusal.code:
        case Code.CREDIT_ENDS if refusal.at is not None:
            return _(
                "This session is on a credit that is valid until {end}, so it cannot be moved to a later time. "
                "It stays as it is. Choose a time before that, or write to the practice, which may move it.",
                end=last_moment(refusal.at, zone),
            )
        case Code.CREDIT_WEEK:
            return ngettext(
                "Its package gives {n} session a week, and that week has it, so it cannot be moved there. It stays as "
                "it is. Choose a time in another week, or write to the practice, which may move it.",
                "Its package gives {n} sessions a week, and that week has them, so it cannot be moved there. It stays "
                "as it is. Choose a time in another week, or write to the practice, which may move it.",
                refusal.most,
            )
        case Code.ALREADY_EXTENDED if refusal.at is not None:
            return _("This was extended already, to {end}. It can be done once.", end=last_moment(refusal.at, zone))
        case Code.NO_CREDIT if refusal.reason == NoCredit.EXPIRES.value and refusal.at is not None:
            return _(
                "Your credits are valid until {end}, and this session would start later. Nothing was booked.",
                end=last_moment(refusal.at, zone),
            )
        case Code.NO_CREDIT if refusal.reason == NoCredit.CAP.value:
            return ngettext(
                "Your package gives {n} session a week, and you have it. Nothing was booked.",
                "Your package gives {n} sessions a week, and you have them. Nothing was booked.",
                refusal.most,
            )
        case Code.NO_CREDIT:
            return plainly(refusal.code)
    return None


def of_gift(gift: Gift, found: Left) -> list[str]:
    """Where a part of its price went back past us: what whoever takes it has."""
    if found.sessions == gift.sessions:
        return []
    lines = [
        ngettext(
            "A part of its price went back: {n} of its {all} sessions is left.",
            "A part of its price went back: {n} of its {all} sessions are left.",
            found.sessions,
            all=gift.sessions,
        )
    ]
    if found.on_hold:
        lines.append(
            ngettext(
                "{n} more is on hold until the practice decides about it.",
                "{n} more are on hold until the practice decides about them.",
                found.on_hold,
            )
        )
    return lines
