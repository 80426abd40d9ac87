"""What the coach does with a client's session: cancels, proposes, writes, settles."""

from tests.journeys.stories import FREE, books, buys, practice, proposes
from tests.support.whole_product import WholeProduct


async def test_the_coach_cancels_and_everything_goes_back(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await buys(mia)
    await product.passes(hours=30)
    await ana.taps("Cancel session", on="New booking")
    await ana.sees("Why are you cancelling?")
    await ana.fills("My train stands still")
    await ana.sees("Cancel this session?", "My train stands still", "€45.00")
    await ana.taps("Cancel session", on="Cancel this session?")
    await ana.sees("Cancelled, and I am letting Mia Kovalenko know")
    seen = await mia.sees("Ana Fischer cancelled it", "My train stands still", "€45.00 goes back", "Free times near it")
    assert sum("(Kyiv)" in key.label for key in seen.keys) == 3, "three other times"
    await product.until(lambda: [refund.amount for refund in product.stripe.account.refunds.values()] == [4500])


async def test_a_proposal_is_accepted(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing)
    await buys(mia)
    await ana.taps("Propose a time", on="New booking")
    await ana.taps("Thu 4 Feb")
    await ana.taps("13:00")
    await ana.sees("Now: Wed 3 Feb, 09:00 (Vienna)", "Proposed: Thu 4 Feb, 13:00 (Vienna)")
    await ana.taps("Ask")
    await ana.sees("I am asking Mia Kovalenko")
    await mia.sees("Ana Fischer asks for another time", "Now: Wed 3 Feb, 10:00", "Proposed: Thu 4 Feb, 14:00 (Kyiv)")
    await mia.taps("Accept this time")
    await mia.sees("Agreed, and I am letting Ana Fischer know", "Thu 4 Feb, 14:00 (Kyiv)")
    await ana.sees("accepted the new time", "Thu 4 Feb, 13:00 (Vienna)")
    await mia.sees_no_more("Accept", "asks for another time")
    assert not product.stripe.account.refunds
    assert len(product.stripe.account.sessions) == 1


async def test_a_proposal_is_declined_with_refund(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform)
    await buys(mia)
    await proposes(ana)
    await mia.sees("Ana Fischer asks for another time")
    await mia.taps("Decline, with refund")
    await mia.sees("Decline and cancel?", "€45.00 goes back to you in full")
    await mia.taps("Cancel session", on="Decline and cancel?")
    await mia.sees("Declined, and I am letting Ana Fischer know")
    await ana.sees("Mia Kovalenko declined")
    await product.until(lambda: [refund.amount for refund in product.stripe.account.refunds.values()] == [4500])


async def test_an_unanswered_proposal_leaves_the_old_time(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await proposes(ana)
    await mia.sees("asks for another time")
    await product.passes(hours=48, minutes=-5)
    await mia.says("/sessions")
    await mia.sees("Wed 3 Feb", "10:00")


async def test_words_pass_from_one_side_to_the_other(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing, offer=FREE)
    await books(mia, "Tue 2 Feb", "11:30")
    await mia.taps("Message", on="Booked:")
    await mia.fills("I bring my notebook & <b>questions</b>.")
    await mia.sees("Sent to Ana Fischer")
    await ana.sees("Mia Kovalenko writes", "I bring my notebook & <b>questions</b>.")
    await ana.taps("Reply", on="Mia Kovalenko writes")
    await ana.fills("Good.")
    await mia.sees("Ana Fischer writes", "Good.")
    await product.passes(hours=24, minutes=30)
    await mia.says("/sessions")
    await mia.taps("Running late", on="Reminder")
    await mia.taps("10 minutes")
    await ana.sees("Mia Kovalenko is running about 10 minutes late")


async def test_a_session_is_settled_and_the_settling_undone(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    await books(mia, "Tue 2 Feb", "11:30")
    await product.passes(hours=27)
    await ana.sees("How did it go?", "First talk with Mia Kovalenko")
    await ana.taps("10:30 no-show", on="How did it go?")
    await ana.sees("First talk with Mia Kovalenko", "undo it for a day")
    await ana.taps("Undo")
    await ana.sees("How did it go?")


async def test_hours_are_shown_before_they_are_saved(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.says("/availability mon-thu 10-12")
    await ana.sees("This would change", "1 booking lies outside", "First talk with Mia Kovalenko")
    await ana.taps("Save")
    await ana.sees("Saved. You can undo it for ten minutes")
    await mia.says("/book")
    await mia.taps("Thu 4 Feb")
    assert await mia.can_tap("11:00")
    assert not await mia.can_tap("13:00")
    await mia.says("/sessions")
    await mia.sees("Wed 3 Feb", "10:00")
    await ana.taps("Undo the last change")
    await ana.taps("Undo", on="Undo the last change?")
    await ana.sees("Undone")
    assert await ana.can_tap("Redo the change")
    await mia.says("/book")
    await mia.taps("Thu 4 Feb")
    assert await mia.can_tap("13:00")
