"""What a new price, or new rules for cancelling and moving, would change, and what it would leave alone."""

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.credits.packages import Package, PackageState
from bot.domain.payments.money import Money
from bot.domain.practice.offers import Offer
from bot.services.desk import Desk


async def lines(turn: Turn, desk: Desk, offer: Offer, *, price: bool) -> list[Line]:
    """Told beside the question, before anything is saved. `price`: else it is the rules."""
    standing = await desk.offers.standing(offer.id, turn.now)
    said = [_("It counts for what is booked from now on.")]
    if standing.ahead:
        said.append(
            ngettext(
                "{n} session ahead keeps its price and its rules.",
                "{n} sessions ahead keep their price and their rules.",
                standing.ahead,
            )
        )
    if standing.held:
        said.append(
            ngettext(
                "{n} time is held at this moment: it can still be paid as it was told.",
                "{n} times are held at this moment: they can still be paid as they were told.",
                standing.held,
            )
        )
    if price:
        said += _credits(standing.credits)
        said += [_package(offer, each) for each in await desk.packages.all(turn.generation) if _sells(each, offer)]
    return [Line(words, Tone.QUIET) for words in said]


def _credits(left: int) -> list[str]:
    if not left:
        return []
    return [
        ngettext(
            "{n} credit of your clients stays good: it is for a session, whatever that costs.",
            "{n} credits of your clients stay good: each is for a session, whatever that costs.",
            left,
        )
    ]


def _sells(package: Package, offer: Offer) -> bool:
    return package.state is PackageState.ACTIVE and offer.id in package.offer_ids


def _package(offer: Offer, package: Package) -> str:
    """From which price on it would save nothing, and could not be sold any more."""
    least = Money(-(-package.price.amount // package.sessions), offer.price.currency)
    words = _("{package} stays at {price}. Below {least} a session here, it would save nothing and could not be sold.")
    return words.format(package=package.name, price=tell.amount(package.price), least=tell.amount(least))
