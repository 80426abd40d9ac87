"""A free talk with fees: its client agrees to them, cancels late, and pays what was agreed."""

from tests.journeys.stories import FREE, practice, reviews
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def asks_for_fees(ana: Person) -> None:
    await ana.says("/setup")
    await ana.taps("Offers")
    await ana.taps("First talk")
    await ana.taps("Fees")
    await ana.sees("each client agrees to its fees when they book")
    await ana.fills("20", "30")
    await ana.sees("Saved.", "Fee for a late cancel: €20.00", "Fee for not coming: €30.00")


async def test_a_late_cancel_costs_the_fee_that_was_agreed_to(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing, FREE)
    await asks_for_fees(ana)
    await reviews(mia)
    await mia.sees("Free to cancel until Tue 2 Feb, 10:00 (Kyiv); after that it costs €20.00.")
    await mia.sees("Not coming costs €30.00.")
    await mia.taps("Hold it")
    await mia.sees("One more step: First talk with Ana Fischer", "It is charged once, €30.00 at most")
    await mia.taps("Keep a card", on="One more step")
    await mia.taps("Keep a card", on="Keep a card?")
    await mia.has_card_kept()
    await mia.sees("Your card is kept")
    await mia.taps("Go on booking")
    await mia.taps("I agree, book it")
    await mia.sees("Booked: First talk with Ana Fischer")
    await ana.sees("New booking: First talk with Mia Kovalenko")
    await product.passes(hours=24)
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("you pay €20.00, as you agreed at booking.", "I charge it to Visa ··42.")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Paid: Fee for cancelling late: First talk", "€20.00")
    await ana.sees("Cancelled: First talk with Mia Kovalenko", "Fee for cancelling late: €20.00.")
    await ana.sees("Paid: Fee for cancelling late: First talk", "From Mia Kovalenko")
    assert [each.amount for each in product.stripe.account.charges.values() if each.status == "succeeded"] == [2000]
