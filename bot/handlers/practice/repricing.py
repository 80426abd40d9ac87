"""Words for a change of currency: what becomes of open offers with a price."""

from bot.chat.words import ngettext
from bot.domain.practice.offers import OfferState
from bot.domain.practice.practice import Question
from bot.services.desk import Desk


async def coming(desk: Desk, question: Question, answer: object) -> frozenset[int]:
    """The open offers that this answer would price anew, by id."""
    if question is not Question.CURRENCY:
        return frozenset()
    offers = await desk.offers.all()
    return frozenset(
        offer.id
        for offer in offers
        if offer.state is OfferState.OPEN and offer.price and offer.price.currency != answer
    )


async def words(desk: Desk, repriced: frozenset[int]) -> str:
    paused = [each for each in await desk.offers.all() if each.id in repriced and each.state is OfferState.PAUSED]
    return ngettext(
        "Saved. One offer has a price in the new currency now and is paused: look at its price, then open it again.",
        "Saved. {n} offers have prices in the new currency now and are paused: look at their prices, then open them "
        "again.",
        len(paused),
    )
