"""A held time that is booked by buying a package: it is held while that is paid, and booked on it then."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.credits.packages import Package, expires_at
from bot.handlers.kit import failures, package_words, phrases, policy_lines, refusals
from bot.handlers.payments import orders
from bot.services.desk import Desk

HERE = "hold/{booking:id}/package/{package:id}"


async def review(turn: Turn, desk: Desk, booking: int, package: int) -> Screen | Redirect:
    """Everything that the client agrees to: the time, the package, and what it leaves for later."""
    held = await _held(turn, desk, booking)
    if not isinstance(held, Booking):
        return held
    back = Button(_("Back"), address("hold", booking))
    offered = await package_words.for_time(turn, desk, held.offer_id, held.starts)
    found = next((each for each in offered if each.id == package), None)
    if found is None:
        return Screen(_("Not for sale"), (Line(_("This package cannot be bought now.")),), ((back,),))
    buy = turn.do("hold", booking, "buy", package, stated=(held.version, found.version))
    rows = ((Button(_("Buy it"), buy, Style.SUCCESS), back),)
    return Screen(found.name, await _facts(turn, desk, held, found), rows)


async def _held(turn: Turn, desk: Desk, booking: int) -> Booking | Screen | Redirect:
    """Their own hold; else what became of it."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or found.person_id != turn.person.id:
        return failures.missing()
    return found if found.is_held(turn.now) else Redirect(address("hold", booking))


async def _facts(turn: Turn, desk: Desk, held: Booking, package: Package) -> tuple[Line, ...]:
    zone = turn.person.zone or held.client_zone
    calendar = await package_words.zone_of_practice(turn, desk)
    covered = [each for each in await desk.offers.open_for(None, turn.generation) if each.id == held.offer_id]
    left = package.sessions - 1
    credit = BookedCredit(0, package.name, EntryKind.RESERVED, expires_at(package, turn.now, calendar), None, left)
    return (
        Line(_("{what}, {when}", what=phrases.with_coach(held), when=phrases.when_for_client(held, zone)), Tone.STRONG),
        Line(package_words.line(package)),
        *await phrases.tax_on_prices(turn, desk),
        Line(package_words.a_session(package, covered)),
        Line(_("This session takes one of them, and {n} are left for later.", n=left)),
        Line(package_words.validity(package, calendar), Tone.TERMS),
        *(Line(words, Tone.TERMS) for words in package_words.weekly(package)),
        *policy_lines.policy(held.terms, held.starts, zone, turn.now, credit),
    )


async def take(turn: Turn, desk: Desk, booking: int, package: int) -> Screen | Redirect:
    held, found = await _held(turn, desk, booking), await desk.packages.find(package, turn.generation)
    if not isinstance(held, Booking):
        return held
    if found is None:
        return failures.missing()
    turn.require(held.version, found.version)
    outcome = await desk.package_sales.buy(turn.act("order/{id}"), package, found.version, booking)
    return refusals.or_next(turn, outcome, address("hold", booking))


ROUTES: tuple[Route, ...] = (
    show(HERE, review),
    do(
        HERE.replace("/package/", "/buy/"),
        take,
        back=HERE,
        changes_person=False,
        finish=orders.make_card_page,
    ),
)
