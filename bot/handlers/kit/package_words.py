"""Words for packages: what one is, what it costs a session, until when it is good, and why one cannot stand."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import last_day
from bot.domain.credits import rules
from bot.domain.credits.packages import MONTHS, NAME_LENGTH, SESSIONS, Package, PackageMistake, expires_at
from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeMistake, Uncharged
from bot.domain.practice.offers import Offer
from bot.handlers.kit import credit_words
from bot.services.credits.balances import Balance
from bot.services.desk import Desk

MOST_BESIDE = 3
"""Packages beside a price: more are on `/packages`."""


def line(package: Package) -> str:
    """A package in one line."""
    price = tell.amount(package.price)
    return _("{name}: {n} sessions, {price}", name=package.name, n=package.sessions, price=price)


def a_session(package: Package, covered: Sequence[Offer]) -> str:
    """What one session costs in it, and how much less that is than one by one; of several offers, than the cheapest."""
    price = tell.amount(package.a_session)
    each = _("{price} a session") if package.comes_out_even else _("about {price} a session")
    each = each.format(price=price)
    singles = {offer.price.amount for offer in covered if offer.price.currency == package.price.currency}
    if not singles:
        return each
    single = Money(min(singles), package.price.currency)
    saved, percent = package.saved(single), package.saved_percent(single)
    if not saved:
        return each
    if len(singles) > 1:
        words = _("{each}, at least {saved} ({percent}) less than one by one")
    else:
        words = _("{each}, {saved} ({percent}) less than one by one")
    return words.format(each=each, saved=tell.amount(saved), percent=per_cent(percent))


def per_cent(number: int) -> str:
    return _("{n}%", n=number)


def covers(covered: Sequence[Offer]) -> str:
    """Which sessions it is for."""
    return _("For: {offers}", offers=", ".join(offer.name for offer in covered) or _("nothing yet"))


def validity(package: Package, zone: str) -> str:
    """Until when it is good, seen before it is bought; days are the practice's."""
    if package.validity_months is not None:
        months = package.validity_months
        return ngettext("Valid for {n} month from the purchase.", "Valid for {n} months from the purchase.", months)
    if package.valid_until is not None:
        return _("Valid until {day}.", day=tell.long_day(last_day(package.valid_until, zone)))
    return _("Valid without an end.")


def weekly(package: Package) -> list[str]:
    """Its limit for a week, where it has one."""
    if package.weekly_cap is None:
        return []
    return [
        ngettext("At most {n} of these sessions a week.", "At most {n} of these sessions a week.", package.weekly_cap)
    ]


async def for_time(turn: Turn, desk: Desk, offer: int, at: datetime) -> list[Package]:
    """The packages that can be bought now and that a session of this offer at this time could be on: it must start
    before their end."""
    offered = await desk.packages.for_offer(offer, turn.now, turn.generation)
    zone = await zone_of_practice(turn, desk) if offered else ""
    ends = [(package, expires_at(package, turn.now, zone)) for package in offered]
    return [package for package, end in ends if end is None or at < end][:MOST_BESIDE]


def beside(package: Package) -> str:
    """A package beside the price of one session."""
    price, each = tell.amount(package.price), tell.amount(package.a_session)
    return _("Or {n} sessions for {price}, {each} each", n=package.sessions, price=price, each=each)


def balance(of: Balance, zone: str) -> list[Line]:
    """What is left, reserved and used of a grant, and until when the last can be used, on the clock of who reads."""
    grant, held = of.holding.grant, of.holding.credits
    said = [ngettext("{n} session left", "{n} sessions left", held.available)]
    if held.reserved:
        said.append(_("{n} booked", n=held.reserved))
    if of.frozen:
        said.append(_("{n} on hold", n=of.frozen))
    if of.used:
        said.append(_("{n} used", n=of.used))
    ends = _("Without an end.")
    if grant.expires_at is not None:
        last = max((each.ends for each in rules.available(of.holding) if each.ends), default=grant.expires_at)
        ends = _("Valid until {end}.", end=credit_words.last_moment(last, zone))
    lines = [Line(grant.name, Tone.STRONG), Line(", ".join(said))]
    if held.available or held.reserved or of.frozen:
        lines.append(Line(ends, Tone.QUIET))
    if of.frozen:
        lines.append(Line(_("What is on hold can be used once it is known whose the money for it is.")))
    return lines


async def zone_of_practice(turn: Turn, desk: Desk) -> str:
    """On whose calendar packages end."""
    return (await desk.practice.get(turn.generation)).zone or turn.zone


def mistake(reason: str) -> str | None:  # noqa: PLR0911, C901 - one line for each mistake
    """Why settings of a package cannot stand, and what to change."""
    match reason:
        case PackageMistake.NAME:
            return _("The name is empty or too long. Use at most {n} characters.", n=NAME_LENGTH)
        case PackageMistake.SESSIONS:
            return _("A package has between {least} and {most} sessions.", least=SESSIONS[0], most=SESSIONS[-1])
        case PackageMistake.PRICE:
            return _("A package has a price, in the currency of the practice. For free sessions, open a free offer.")
        case PackageMistake.MONTHS:
            return _("A package is valid for {least} to {most} months.", least=MONTHS[0], most=MONTHS[-1])
        case PackageMistake.TWO_ENDS:
            return _("Either some months from the purchase, or until one day: it cannot be both.")
        case PackageMistake.OVER:
            return _("The day until which it is valid is over, so nobody could use it. Choose a later one.")
        case PackageMistake.WEEKLY_CAP:
            return _("With fewer than one session nothing could be booked. Use 1 or more, or no limit.")
        case PackageMistake.TOO_SLOW:
            return _(
                "With so few sessions a week nobody could use up the package before it ends. "
                "Allow more a week, or make it valid for longer."
            )
        case PackageMistake.NO_OFFER:
            return _("Choose at least one offer that it is for.")
        case PackageMistake.FREE_OFFER:
            return _("One of its offers is free, and nobody pays for free sessions. Take that one out.")
        case PackageMistake.ONCE:
            return _("Each of its offers can be booked only once, so nobody could use up the package. Add another.")
        case PackageMistake.DEARER:
            return _("It costs more than as many single sessions. Lower its price.")
    return None


def uncharged(charge: Uncharged) -> str | None:
    """Why its price can never be charged, where that reads otherwise than for an offer, which may be free."""
    if charge.mistake is not ChargeMistake.LEAST or charge.limit is None:
        return None
    return _("{provider} takes {limit} at least.", provider=charge.provider, limit=tell.amount(charge.limit))
