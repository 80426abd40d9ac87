"""A client's bank disputes a package: the owner reads until when to answer, and its credits wait for how that ends."""

from typing import Any

from tests.journeys.stories import practice
from tests.journeys.test_packages import buys_five, sells_five
from tests.support.whole_product import WholeProduct


async def bank(product: WholeProduct, act: str, **told: Any) -> dict[str, Any]:
    """What happens at Stripe, which tells the product of it."""
    url = f"{product.served['stripe'].url}/_sandbox/{act}"
    async with product.session.post(url, json=told) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 200, found
        return found


async def test_a_dispute_is_told_with_its_day_freezes_the_credits_and_thaws_them(product: WholeProduct) -> None:
    ana, mia = await practice(product, "telegram", "slack")
    await sells_five(ana)
    await buys_five(mia)
    [charge] = [each.id for each in product.stripe.account.charges.values() if each.status == "succeeded"]
    dispute = await bank(product, "dispute", charge=charge)
    await ana.sees(
        "A payment is disputed", "€202.50 from Mia Kovalenko: 5 × Coaching", "Answer in Stripe until",
        "5 unused sessions are on hold.",
    )  # fmt: skip
    await mia.says("/packages")
    await mia.sees("0 sessions left, 5 on hold")
    await bank(product, "dispute_outcome", dispute=dispute["id"], status="won")
    await ana.sees("The dispute is won", "What was on hold can be used again")
    await mia.says("/packages")
    await mia.sees("5 sessions left")
    await ana.says("/audit")
    await ana.sees("was won", "The credits of package 5 × Coaching (Mia Kovalenko) are no longer frozen")
