"""Rules 1 to 3: the first screen sells three verbs, nobody is written to unasked, help is everywhere."""

import asyncio

import pytest

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, books, first_day, practice
from tests.rules.looking import of_bot
from tests.support.people.slack_hands import SlackHands
from tests.support.whole_product import TEAM, WholeProduct


async def test_01_the_first_screen_says_who_and_offers_three_things(product: WholeProduct, platform: str) -> None:
    await first_day(product.owner(platform), FREE)
    mia = product.person(platform, "Mia Kovalenko", "Kyiv")
    await mia.starts()
    first = await mia.sees("Welcome to Harbour Coaching", "I am the booking assistant of Harbour Coaching, a bot")
    assert [key.label for key in first.keys] == ["Book a session", "My sessions", "Help"]


async def test_01_telegram_says_what_the_bot_does_before_it_is_started(product: WholeProduct) -> None:
    profile = product.telegram.world.profile
    texts = (profile.description, profile.short_description)
    await product.until(
        lambda: all(each.get("en") for each in texts) and bool(profile.commands_shown(1001, True, "en"))
    )
    assert "Book a session" in str(profile.description.get("en"))
    assert "Book, pay, move and cancel" in str(profile.short_description.get("en"))
    commands = profile.commands_shown(1001, True, "en")
    names = [each["command"] for each in commands]
    assert names[:7] == ["book", "sessions", "packages", "gifts", "calendar", "settings", "help"]


async def test_01_slack_shows_the_same_three_at_home(product: WholeProduct) -> None:
    await first_day(product.owner("slack"), FREE)
    mia = product.person("slack", "Mia Kovalenko", "Kyiv")
    assert isinstance(mia.hands, SlackHands)
    await mia.hands.opens_home()
    home = await mia.sees("Harbour Coaching")
    assert {"Book a session", "My sessions", "Help"} <= {key.label for key in home.keys}


async def test_01_a_link_leads_to_its_task_after_one_line_of_greeting(product: WholeProduct) -> None:
    await first_day(product.owner("telegram"), FREE)
    mia = product.person("telegram", "Mia Kovalenko", "Kyiv")
    await mia.starts("offer-1")
    await mia.sees("I am the booking assistant of Harbour Coaching", "where you are?")


async def test_02_nobody_is_written_to_who_never_wrote(product: WholeProduct, platform: str) -> None:
    bystander = product.person(platform, "Zoe Quiet", "London")
    channel = product.slack.slack.add_channel(product.slack.slack.teams[TEAM], "general", [])
    _ana, mia = await practice(product, platform, platform, FREE)
    await books(mia)
    await product.passes(hours=24)
    await mia.sees("Reminder")
    assert await of_bot(bystander) == []
    assert not channel.messages


async def test_02_an_installation_writes_to_the_installer_alone(opened: Open) -> None:
    product = await opened(oauth=True, OWNERS="")
    ines, zoe = product.person("slack", "Ines Install", id="U0INES"), product.person("slack", "Zoe Quiet")
    assert isinstance(ines.hands, SlackHands)
    await ines.hands.control("install", team=TEAM, install_url=f"{product.url}/slack/install", user="U0INES")
    await ines.sees("Rapport is running", f"OWNERS=slack:{TEAM}:U0INES")
    assert await of_bot(zoe) == []


async def test_02_reminders_follow_a_booking_and_can_be_stopped(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await books(mia)
    await product.passes(hours=24)
    await mia.sees("Reminder: First talk with Ana Fischer")
    await mia.taps("Stop these", on="Reminder")
    await mia.sees("Reminders from now on: 1 hour before")
    await mia.taps("No reminders")
    await mia.sees("Reminders from now on: No reminders")
    await product.passes(hours=23)
    await asyncio.sleep(2.5)
    assert await mia.counts("Reminder: First talk") == 1, "the one of an hour before does not come"


@pytest.mark.parametrize("words", ["/help", "help", "?", "a tap"])
async def test_03_help_is_everywhere_and_about_the_place(product: WholeProduct, platform: str, words: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    # Where a window opens nothing can be typed beside it; from typed words none opens.
    await mia.says("/book" if words == "a tap" else "book")
    await mia.sees("First talk:")
    await (mia.taps("Help") if words == "a tap" else mia.says(words))
    told = await mia.sees("Help", "You are choosing a time.", "type one: tue 3pm", "To reach a human")
    assert "My commands: /book, /sessions, /packages, /gifts, /calendar, /settings, /help\n" in told.text, (
        "those of a client, and no other"
    )
    await mia.taps("Back")
    await mia.sees("First talk:")


async def test_03_help_knows_the_role_and_any_command_asks_for_it(product: WholeProduct, platform: str) -> None:
    ana, _mia = await practice(product, platform, platform, FREE)
    await ana.says("/coach help")
    asked = await ana.sees("My commands:", "/today", "/availability", "/setup")
    await ana.says("/help")
    assert (await ana.sees("My commands:")).text == asked.text


async def test_03_help_answers_in_the_middle_of_a_question(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "telegram", "telegram", FREE)
    await mia.says("/settings")
    await mia.taps("Change zone")
    await mia.taps("Another city or time")
    await mia.says("help")
    await mia.sees("You were asked something.")
    await mia.taps("Back to the question")
    await mia.sees("Your city, or the time on your clock now")
    await mia.fills("London")
    await mia.sees("London")
