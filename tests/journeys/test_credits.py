"""An owner gives a client sessions, who books on them, gives one back and books again, on both platforms."""

from tests.journeys.stories import gives_two, holds, looks, practice
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def books_on_credit(mia: Person, left: int) -> None:
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees(f"Uses 1 of {left}, valid to")
    await mia.taps("Book it")
    await mia.sees("Booked: Coaching with Ana Fischer", f"on credit: Coaching × 2, {left - 1} left")


async def cancels(mia: Person, told: str, then: str) -> None:
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("Cancel this session?", told)
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Cancelled:", then)


async def test_what_is_given_is_booked_given_back_and_booked_again(
    product: WholeProduct, crossing: tuple[str, str]
) -> None:
    ana, mia = await practice(product, *crossing)
    await holds(mia)
    await mia.taps("Let it go")
    await gives_two(ana)
    await mia.sees("The practice gave you 2 sessions", "Reason: For your patience")
    await books_on_credit(mia, 2)
    await cancels(mia, "Cancelling now is free: your credit comes back", "Your credit is back, valid until")
    await books_on_credit(mia, 2)
    assert not product.stripe.account.charges
