"""Rules 4 to 7: Back and Cancel at every step, one living message, answers within a second, old buttons behave."""

import asyncio
import time

from tests.journeys.stories import FREE, PAID, arrives, books, holds, looks, practice, reviews
from tests.rules.looking import last_row, with_buttons
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import WholeProduct


async def test_04_a_window_of_slack_is_left_at_every_step(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "slack", "slack", FREE)
    await mia.says("/book")
    await mia.taps("Wed 3 Feb")
    await mia.taps("10:00")
    await mia.sees("You can cancel until it starts")
    await mia.taps("Back")
    await mia.sees("All times are Kyiv time")
    await mia.leaves_form()
    assert not [seen for seen in await mia.hands.look() if seen.over_all]
    await mia.never_sees("Booked:", seconds=0.5)


async def test_04_back_and_cancel_stand_at_every_step(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "telegram", "telegram", FREE)
    await mia.says("/book")
    assert last_row(await mia.sees("which day?"))[:2] == ["Back", "Cancel"]
    await mia.taps("Wed 3 Feb")
    assert last_row(await mia.sees("All times are Kyiv time"))[:2] == ["Back", "Cancel"]
    await mia.taps("10:00")
    assert last_row(await mia.sees("You can cancel until it starts"))[:2] == ["Back", "Cancel"]
    await mia.taps("Back")
    await mia.sees("All times are Kyiv time")
    await mia.taps("Back")
    await mia.sees("which day?")
    await mia.taps("Cancel")
    await mia.sees("Nothing was booked and nothing was charged.")


async def test_04_cancel_says_what_is_kept(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await holds(mia)
    await mia.says("book")
    await mia.taps("Cancel")
    await mia.sees("Nothing was booked", "The time that you hold stays yours", "Wed 3 Feb, 10:00 (Kyiv)")


async def test_04_a_question_is_left_by_button_or_word(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "telegram", "telegram", FREE)
    for leave in (mia.taps, mia.says):
        await mia.says("/settings")
        await mia.taps("Change zone")
        await mia.taps("Another city or time")
        assert last_row(await mia.sees("Your city"))[:2] == ["Back", "Cancel"]
        await leave("Cancel")
        await mia.sees("Nothing was changed.")


async def test_05_one_message_lives(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("book")
    before = await with_buttons(mia)
    assert len(before) == 1
    if platform == "telegram":  # a window opens on Slack
        await mia.taps("Wed 3 Feb")
        await mia.taps("10:00")
    assert [seen.ref for seen in await with_buttons(mia)] == [before[0].ref], "a tap edits"
    await mia.says("/sessions")
    await mia.sees("Your sessions")
    after = await with_buttons(mia)
    assert len(after) == 1, "the old menu is dead and shows no buttons"
    assert after[0].ref != before[0].ref, "words get a new message"


async def test_06_a_tap_is_answered_within_a_second(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/book")
    seen = await mia.sees("First talk:")
    key = seen.key("Wed 3 Feb")
    assert key is not None
    began = time.monotonic()
    await mia.hands.press(seen, key)
    await mia.sees("All times are Kyiv time", within=3.0)
    await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - began)))
    assert await mia.hands.heard(), "no button is left spinning"


async def test_06_slow_work_is_told_of_in_its_place(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await looks(mia)
    product.stripe.account.latency = 3.0
    place = (await with_buttons(mia))[-1]
    key = place.key("10:00")
    assert key is not None
    if platform == "slack":  # the button of the window turns meanwhile, and the window closes in time
        await mia.does("chooses a time", lambda: mia.hands.press(place, key))
        await mia.sees("Held:")
        assert not [seen for seen in await mia.hands.look() if seen.over_all]
        return
    await mia.hands.press(place, key)
    meanwhile = await mia.sees("Preparing the card page…", within=2.5)
    assert meanwhile.ref == place.ref
    assert await mia.link("Pay") != ""
    await mia.sees_no_more("Preparing the card page…")


async def test_07_a_time_lost_meanwhile_is_said_with_the_nearest_ones(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await reviews(mia)
    zoe = await arrives(product.person(platform, "Zoe Quick", "Kyiv"))
    await books(zoe)
    await mia.taps("Book it")
    told = await mia.sees("That time was just taken. Nothing was booked", "Nearest free times")
    assert [key.label for key in told.keys if "Wed" in key.label]
    await mia.never_sees("Booked:", seconds=0.5)


async def test_07_a_second_tap_does_nothing_more_and_shows_how_it_stands(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "telegram", "telegram", FREE)
    assert isinstance(mia.hands, TelegramHands)
    await books(mia)
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    asked = await mia.sees("Cancel this session?")
    key = asked.key("Cancel session")
    assert key is not None
    old = await mia.hands.data(asked, key)
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Done: the session is cancelled")
    await mia.hands.forge(asked, old)
    await mia.sees("Cancelled: First talk", "You cancelled it.")
    await mia.hands.forge(asked, "nonsense/of/another/bot")
    await mia.sees("This is no longer here")
