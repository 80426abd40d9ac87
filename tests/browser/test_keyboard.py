"""A booking without a mouse, in a chat and in a window."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from bot.chat import tell
from tests.browser.players import player
from tests.support.demo import demo
from tests.support.people.chromium_page import page_on
from tests.support.people.keyboard import Keyboard
from tests.support.servers.postgres import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize("name", ["Sam", "Nora"])
async def test_a_booking_by_keyboard_alone(chromium: str, tmp_path: Path, name: str) -> None:
    async with demo(tmp_path, "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        keys, side = Keyboard(page), page.locator(f"#{player(page, name).platform}")
        await keys.presses(name, side, "Tab")
        if name == "Sam":
            await keys.presses("START", side, "Tab")
            await expect(side.get_by_text("Welcome to Harbour Coaching")).to_be_visible()
        await keys.goes_to_write(side)
        await leaves_with_escape(keys, side)
        await keys.types("/book")
        await keys.strikes("Enter")
        await keys.leads("Discovery call", "Who would you like to meet?", side)
        if name == "Sam":
            await chooses_in_the_chat(keys, side)
        else:
            await chooses_in_a_window(keys, side)
        await keys.leads("Book it", "Booked: Discovery call with Ben Walker", side)


async def chooses_in_the_chat(keys: Keyboard, side: Locator) -> None:
    await keys.leads("Ben Walker", "Discovery call: which day?", side)
    await keys.leads("Change zone", "Then I can show every time in your own time zone", side)
    await keys.leads("Another city or time", "Your time zone", side)
    await keys.goes_to_write(side)
    await keys.types("London")
    await keys.strikes("Enter")
    await expect(side.get_by_text("From now on I show times in London time")).to_be_visible()
    # Each page is waited for by what only it has: the list of days before the later ones has a Tuesday, too.
    later = tell.day(datetime.now(UTC).date() + timedelta(days=10))
    for label, following in (
        ("Back", "Discovery call: which day?"),
        ("Later days", later),
        ("Tue", "All times are"),
        ("11:", "Discovery call with Ben Walker"),
    ):
        await keys.leads(label, following, side)


async def chooses_in_a_window(keys: Keyboard, side: Locator) -> None:
    await keys.leads("Ben Walker", "All times are", side)
    await keys.goes_to(side.get_by_label("Time ("))
    await keys.strikes("ArrowDown")
    await keys.leads("Continue", "Discovery call with Ben Walker", side)


async def leaves_with_escape(keys: Keyboard, side: Locator) -> None:
    """The list of commands, and on Slack a form; the focus is back where words are typed."""
    listed = side.get_by_text("/sessions", exact=True)
    await keys.types("/")
    await expect(listed).to_be_visible()
    await keys.strikes("Escape")
    await expect(listed).to_be_hidden()
    if await side.get_by_role("tab", name="Home").count():
        await keys.types("coach join")
        await keys.strikes("Enter")
        form = side.get_by_role("dialog", name="Join as a coach")
        await expect(form).to_be_visible()
        await keys.strikes("Escape")
        await expect(form).to_have_count(0)
    else:
        await keys.strikes("Backspace")
    await expect(side.get_by_label("Message", exact=True)).to_be_focused()
