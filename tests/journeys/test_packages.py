"""A package of five from the owner's tap to the first session that is booked on it, on both platforms."""

import pytest

from tests.journeys.stories import looks, practice
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def sells_five(ana: Person) -> None:
    await ana.says("/setup")
    await ana.taps("Offers")
    await ana.taps("Packages")
    await ana.sees("You have no such package yet.")
    await ana.taps("Add a package")
    await ana.sees("5 sessions: €202.50, 10% less, valid for 6 months")
    await ana.taps("5 sessions")
    await ana.sees("€40.50 a session, €22.50 (10%) less than one by one", "not for sale")
    await ana.taps("Sell it")
    await ana.sees("For sale: clients can buy it.")


async def buys_five(mia: Person) -> None:
    await mia.says("/packages")
    await mia.sees("5 × Coaching: 5 sessions, €202.50")
    await mia.taps("5 × Coaching")
    await mia.sees("5 sessions for €202.50", "Valid for 6 months from the purchase.")
    await mia.taps("Buy it")
    await mia.sees("It can be paid until")
    page = await mia.pays("is declined")
    assert "Your card was declined" in page.text
    await mia.pays("succeeds")
    await mia.sees("Paid: 5 × Coaching", "5 sessions left")
    await mia.sees_no_more("It can be paid until")
    await mia.comes_to_see(1, "Paid: 5 × Coaching")


async def test_five_are_sold_bought_seen_and_used(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await sells_five(ana)
    await buys_five(mia)
    await ana.sees("Paid: 5 × Coaching", "From Mia Kovalenko")
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees("Uses 1 of 5")
    await mia.taps("Book it")
    await mia.sees("Booked: Coaching with Ana Fischer")
    await mia.says("/packages")
    await mia.sees("4 sessions left, 1 booked")
    await mia.taps("History of 5 × Coaching")
    await mia.sees("bought. 5 left.", "booked: Coaching with Ana Fischer")
    paid = [charge.amount for charge in product.stripe.account.charges.values() if charge.status == "succeeded"]
    assert paid == [20250]


async def test_five_are_bought_in_the_middle_of_a_booking(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await sells_five(ana)
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees("50 minutes · €45.00", "Or 5 sessions for €202.50, €40.50 each")
    await mia.taps("5 sessions, €202.50")
    await mia.sees("This session takes one of them, and 4 are left for later.")
    await mia.taps("Buy it")
    await mia.sees("It is booked as soon as this is paid.")
    await mia.pays("succeeds")
    await mia.sees("Booked: Coaching with Ana Fischer")
    await ana.sees("New booking: Coaching with Mia Kovalenko")
    await mia.says("/packages")
    await mia.sees("4 sessions left, 1 booked")


@pytest.mark.parametrize("crossing", [("telegram", "slack")], indirect=True, ids="-serves-".join)
async def test_five_are_bought_and_planned_at_once(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await sells_five(ana)
    await buys_five(mia)
    await mia.taps("Plan 5 sessions")
    await mia.sees("Plan 5 sessions: which day?")
    await mia.taps("Tuesday")
    await mia.taps("10:00")
    await mia.sees("5 sessions: Coaching with Ana Fischer", "Uses 5 of 5")
    await mia.taps("Book 5 sessions")
    await mia.sees("Booked: 5 sessions, Coaching with Ana Fischer")
    await ana.sees("New bookings: 5 sessions, Coaching with Mia Kovalenko")
    await mia.says("/packages")
    await mia.sees("0 sessions left, 5 booked")
