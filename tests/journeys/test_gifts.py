"""A gift from one platform to the other: taken by the wrong person, handed back, and taken by whom it is for."""

import re

from tests.journeys.stories import arrives, looks, practice
from tests.support.people.person import Person
from tests.support.people.seen import as_read
from tests.support.whole_product import WholeProduct


async def gives_one(mia: Person) -> str:
    """The code of one session, which Mia pays for."""
    await mia.says("/packages")
    await mia.taps("Gifts")
    await mia.taps("Give one: Coaching")
    await mia.sees("€45.00", "Whoever takes it first owns the sessions.")
    await mia.taps("Buy it as a gift")
    await mia.pays()
    await mia.taps("The code and the link", on="Paid: Coaching")
    shown = await mia.sees("Your gift: Coaching", "Nobody has taken it yet.", "The code:")
    found = re.search(r"The code: ([a-z2-9-]+)", as_read(shown.text))
    assert found is not None
    return found[1]


async def takes(somebody: Person, code: str) -> None:
    await somebody.says("/packages")
    await somebody.taps("Gifts")
    await somebody.taps("I have a gift code")
    await somebody.fills(code)
    await somebody.sees("A gift for you", "Coaching, 1 session", "From Mia Kovalenko")
    await somebody.taps("Take it")
    await somebody.sees("It is yours: book when you like.", "1 session left")


async def test_a_gift_is_taken_on_the_other_platform_handed_back_and_taken_again(product: WholeProduct) -> None:
    ana, mia = await practice(product, "slack", "telegram")
    code = await gives_one(mia)
    sam = await arrives(product.person("slack", "Sam Hill", "London"))
    await takes(sam, code)
    await mia.sees("Your gift was taken: Coaching")
    await sam.taps("Hand the gift back")
    await sam.sees("Its code works again, and whoever it is for can take it.")
    await sam.taps("Hand the gift back", on="Its code works again")
    await sam.sees("Handed back: its code works again.")
    await mia.sees("Your gift was handed back: Coaching")
    eve = await arrives(product.person("slack", "Eve Stone", "London"))
    await takes(eve, code)
    await looks(eve)
    await eve.taps("10:00")
    await eve.sees("Uses 1 of 1, valid to")
    await eve.taps("Book it")
    await eve.sees("Booked: Coaching with Ana Fischer")
    await ana.sees("New booking: Coaching with Eve Stone")
    await mia.never_sees("Eve Stone")
    assert [charge.amount for charge in product.stripe.account.charges.values()] == [4500]
