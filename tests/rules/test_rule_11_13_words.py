"""Rules 11 to 13: words lead where taps lead, errors say what is safe, every push can be acted on and stays true."""

import pytest

from tests.journeys.stories import FREE, PAID, books, holds, looks, practice, reviews
from tests.support.whole_product import WholeProduct


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tue 3pm", ("Tue 2 Feb, 15:00 (Kyiv)", "You can cancel until it starts")),
        ("wed 10:30", ("Wed 3 Feb, 10:30 (Kyiv)", "You can cancel until it starts")),
        ("next week", ("which day?",)),
        ("fri", ("First talk: Fri 5 Feb", "All times are Kyiv time")),
        ("tue 3am", ("is outside the hours.", "Nearest free times")),
    ],
)
async def test_11_words_lead_to_times(product: WholeProduct, platform: str, words: str, found: tuple[str, ...]) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/book")
    await mia.says(words)
    await mia.sees(*found)
    if words == "next week":
        await mia.taps("Mon 8 Feb")
        await mia.sees("First talk: Mon 8 Feb")


async def test_11_a_time_alone_is_meant_for_the_day_on_the_screen(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/book")
    await mia.taps("Thu 4 Feb")
    await mia.says("14:30")
    await mia.sees("Thu 4 Feb, 14:30 (Kyiv)", "You can cancel until it starts")


async def test_11_while_moving_words_are_meant_for_the_move(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await books(mia)
    await mia.says("/sessions")
    await mia.taps("Move", on="Your sessions")
    await mia.says("thu 11am")
    await mia.sees("Move this session?", "From: Wed 3 Feb, 10:00 (Kyiv)", "To: Thu 4 Feb, 11:00 (Kyiv)")


async def test_11_what_is_not_understood_is_repeated_and_leads_to_a_human(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/start")
    await mia.says("purple monkeys")
    told = await mia.sees("I read “purple monkeys”", "You can go on here")
    assert told.key("Book a session") is not None
    await mia.says("still purple")
    await mia.sees("I read “still purple”", "For a human, type: human")


async def test_12_errors_say_what_happened_what_is_safe_and_what_to_do(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await reviews(mia)
    await product.passes(days=3)
    await mia.taps("Book it")
    told = (await mia.sees("Not done")).text
    assert told.index("has passed.") < told.index("Nearest free times")


async def test_12_with_the_bank_away_the_time_stays_held(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await looks(mia)
    product.stripe.faults.add("*", "status", status=503, times=1000)
    await mia.taps("10:00")
    told = (await mia.sees("Card payments cannot be taken right now.")).text
    assert told.index("cannot be taken") < told.index("Your time stays held") < told.index("the link comes as soon")
    product.stripe.faults.clear()
    await product.passes(minutes=1)
    await mia.sees("Held: Coaching")
    assert await mia.link("Pay") != ""


async def test_13_a_reminder_is_one_can_be_acted_on_and_stays_true(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    await books(mia)
    await product.passes(hours=24)
    pushed = await mia.sees("Reminder: First talk with Ana Fischer", "(Kyiv)", "https://meet.example/ana")
    for label in ("Move session", "Cancel session"):
        assert pushed.key(label) is not None, label
    assert pushed.key("Running late") is None, "not a day ahead"
    assert await mia.counts("Reminder:") == 1
    await mia.taps("Cancel session", on="Reminder")
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Done: the session is cancelled")
    await mia.sees_no_more("Reminder:")
    await ana.sees("Cancelled: First talk with Mia Kovalenko")
    await ana.sees_no_more("Reminder:")


async def test_13_a_hold_that_ended_says_so_in_its_message(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await holds(mia)
    await product.passes(minutes=16)
    await mia.sees_no_more("Held: Coaching")
    await mia.sees("Nothing was charged", "Wed 3 Feb, 10:00 (Kyiv)")
