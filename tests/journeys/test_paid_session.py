"""One paid session from the first word to the refund, with coach and client on every pairing of platforms."""

from tests.journeys.conftest import Open
from tests.journeys.stories import buys, looks, practice
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def whole_story(product: WholeProduct, ana: Person, mia: Person) -> None:
    await declined_then_paid(product, ana, mia)
    await reminded_and_moved(product, ana, mia)
    await cancelled_with_refund(product, ana, mia)


async def declined_then_paid(product: WholeProduct, ana: Person, mia: Person) -> None:
    mia.tapped = 0
    await looks(mia, "Wed 3 Feb")
    await mia.sees("A tap holds the time for you; nothing is charged until you pay.", "50 minutes · €45.00")
    await mia.taps("10:00")
    await mia.sees("Held: Coaching with Ana Fischer", "50 minutes · €45.00", "held until 10:15 (Kyiv)")
    await mia.sees("the link comes with the confirmation")
    await mia.sees("10:00 (Kyiv) · 09:00 for Ana Fischer (Vienna)", "Free to cancel until Tue 2 Feb, 10:00 (Kyiv)")
    page = await mia.pays("is declined")
    assert mia.tapped <= 6
    assert "Your card was declined" in page.text
    await ana.never_sees("New booking", seconds=0.5)
    page = await mia.pays("succeeds")
    assert "Your session is confirmed" in page.text
    await mia.sees(
        "Booked: Coaching with Ana Fischer", "Wed 3 Feb, 10:00 (Kyiv)", "€45.00, paid", "https://meet.example/ana"
    )
    await mia.comes_to_see(1, "Coaching with Ana Fischer", "€45.00")
    await mia.sees_no_more("held until")
    await ana.sees("New booking: Coaching with Mia Kovalenko", "09:00 (Vienna) · 10:00 for Mia Kovalenko (Kyiv)")
    assert [charge.amount for charge in product.stripe.account.charges.values() if charge.status == "succeeded"] == [
        4500
    ]


async def reminded_and_moved(product: WholeProduct, ana: Person, mia: Person) -> None:
    await product.passes(hours=22, minutes=1)
    await mia.sees("Reminder", "Wed 3 Feb, 10:00 (Kyiv) · 09:00 for Ana Fischer (Vienna)", "https://meet.example/ana")
    mia.tapped = 0
    await mia.taps("Move session", on="Reminder")
    await mia.sees("Now: Wed 3 Feb, 10:00 (Kyiv)", "Moving is free until Tue 2 Feb, 22:00 (Kyiv)")
    await mia.taps("11:00")
    await mia.sees("From: Wed 3 Feb, 10:00", "To: Wed 3 Feb, 11:00 (Kyiv) · 10:00 for Ana Fischer (Vienna)")
    await mia.taps("Move it")
    assert mia.tapped == 3
    await mia.sees("Moved, and I am letting Ana Fischer know", "Wed 3 Feb, 11:00 (Kyiv)")
    await ana.sees("Moved: Coaching with Mia Kovalenko", "10:00 (Vienna)", "Moved from: Wed 3 Feb, 09:00 (Vienna)")
    await mia.sees("Reminder", "Wed 3 Feb, 11:00 (Kyiv)", "Moved from: Wed 3 Feb, 10:00")
    assert len(product.stripe.account.sessions) == 1, "a move asks for no second payment"


async def cancelled_with_refund(product: WholeProduct, ana: Person, mia: Person) -> None:
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("Cancel this session?", "Cancelling now is free: you get €45.00 back")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Done: the session is cancelled", "€45.00 goes back to the card")
    await ana.sees("Cancelled: Coaching with Mia Kovalenko", "Mia Kovalenko cancelled it", "€45.00 goes back")
    await product.until(lambda: [refund.amount for refund in product.stripe.account.refunds.values()] == [4500])
    await mia.sees_no_more("Reminder:")
    await mia.says("/sessions")
    await mia.sees("You have nothing booked")


async def test_from_the_first_word_to_the_refund(product: WholeProduct, pairing: tuple[str, str]) -> None:
    await whole_story(product, *await practice(product, *pairing))


async def test_the_same_with_a_worker_of_its_own(opened: Open, empty_database_url: str) -> None:
    product = await opened(empty_database_url)
    if empty_database_url.startswith("sqlite"):
        await product.start("worker")
    await whole_story(product, *await practice(product, "slack", "telegram"))


async def test_cancelled_in_time_gives_everything_back(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await buys(mia, "Wed 3 Feb", "10:00")
    await cancelled_with_refund(product, ana, mia)
    await ana.sees_no_more("Video call: https://meet.example/ana")


async def test_cancelled_too_late_costs_what_was_said(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform)
    await buys(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=25)
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("It is too late for a refund: the practice keeps €45.00")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("The practice keeps €45.00")
    await ana.sees("Cancelled: Coaching with Mia Kovalenko", "€45.00 is kept")
    await ana.never_sees("goes back")
    assert not product.stripe.account.refunds


async def test_a_part_goes_back_by_hand_and_the_rest_by_the_cancel(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform)
    await buys(mia, "Wed 3 Feb", "10:00")
    await ana.says("/clients")
    await ana.taps("Mia Kovalenko")
    await ana.taps("Give money back")
    await ana.fills("20", "The room was cold")
    await ana.sees("Give €20.00 back?", "Then €25.00 is left of €45.00", "The session stays booked")
    await ana.taps("Give it back")
    await ana.sees("€20.00 goes back, and I am letting Mia Kovalenko know")
    await mia.sees("Money goes back to you", "€20.00 goes back to the card", "The room was cold")
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("Cancelling now is free: you get €25.00 back")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("€25.00 goes back to the card", "Given back so far: €20.00")
    back = product.stripe.account.refunds
    await product.until(lambda: sorted(refund.amount for refund in back.values()) == [2000, 2500])


async def test_a_late_move_does_not_make_cancelling_free_again(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "slack", "telegram")
    await buys(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=25)
    await mia.says("/sessions")
    await mia.taps("Move", on="Your sessions")
    await mia.taps("Thu 4 Feb")
    await mia.taps("14:00")
    await mia.sees("Move this session?", "Free cancelling ended before the move")
    await mia.taps("Move it")
    await mia.sees("Moved, and", "Thu 4 Feb, 14:00", "Free cancelling ended before the move")
    await mia.taps("Cancel session", on="Moved, and")
    await mia.sees("Cancel this session?", "€45.00", "the new time does not change that")


async def test_a_button_that_said_free_cannot_cost(product: WholeProduct, platform: str) -> None:
    """The cut-off passes between the page that tells the outcome and the tap."""
    _ana, mia = await practice(product, platform, platform)
    await buys(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=23, minutes=55)
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    await mia.sees("Cancelling now is free")
    await product.passes(minutes=10)
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("It is too late for a refund")
    assert not product.stripe.account.refunds
    await mia.says("/sessions")
    await mia.sees("Coaching", "10:00")
