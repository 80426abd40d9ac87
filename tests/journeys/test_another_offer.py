"""A client moves a paid session to a longer offer, pays the difference and cancels: both platforms tell each cent."""

from tests.journeys.stories import practice
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def offers_longer(ana: Person) -> None:
    await ana.says("/setup")
    await ana.taps("Offers")
    await ana.taps("Add an offer")
    await ana.taps("Something else")
    await ana.fills("Long talk 90 min 80")
    await ana.taps("Open for booking")
    await ana.sees("Open: clients can book it.")


async def test_a_longer_session_is_paid_before_it_takes_the_place_of_the_other(
    product: WholeProduct, crossing: tuple[str, str]
) -> None:
    ana, mia = await practice(product, *crossing)
    await offers_longer(ana)
    await mia.says("/book")
    await mia.taps("Coaching")
    await mia.taps("Wed 3 Feb")
    await mia.taps("10:00")
    await mia.pays()
    await mia.sees("Booked:", "10:00", "paid")
    await mia.says("/sessions")
    await mia.taps("Move", on="Your sessions")
    await mia.taps("Another offer")
    await mia.sees("Move to which offer?")
    await mia.taps("Long talk")
    await mia.taps("10:30")
    await mia.sees("Move to another offer?", "€35.00 more is to be paid. Until then your session stays as it is.")
    await mia.taps("Pay €35.00")
    await mia.sees("It moves as soon as this is paid.")
    await mia.pays()
    await mia.sees("Moved: Long talk with Ana Fischer", "90 minutes · €80.00, paid", "10:30")
    await ana.sees("Moved: Long talk with Mia Kovalenko")
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("you get €80.00 back")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("€80.00 goes back to the card")
    paid = [charge.amount for charge in product.stripe.account.charges.values() if charge.status == "succeeded"]
    assert sorted(paid) == [3500, 4500]
