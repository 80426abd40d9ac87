"""What the first look at the demo promises, on a desk and on a phone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat import tell
from tests.browser.players import player, until_reminded
from tests.journeys.stories import arrives
from tests.support.demo import demo
from tests.support.people.chromium_page import page_on
from tests.support.servers.postgres import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


async def test_the_lively_practice_goes_on(chromium: str, tmp_path: Path) -> None:
    """A hold that can be paid, a reminder that comes."""
    async with demo(tmp_path, "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        leo, mia = player(page, "Leo"), player(page, "Mia")
        await leo.pays("is declined", on="Held: Coaching")
        await leo.pays("succeeds")
        await leo.still_sees("Booked: Coaching with Ana Fischer")
        await until_reminded(page, mia)
        assert await page.evaluate("window.__undrawn") == []


async def test_a_booking_on_a_phone(chromium: str, tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        for name in ("Sam", "Nora"):
            someone = await arrives(player(page, name))
            await someone.says("/book")
            await someone.taps("Discovery call")
            await someone.taps("Ben Walker")
            if name == "Sam":
                await someone.taps("Later days")
                await someone.taps("Tue")
            else:
                await someone.taps(tell.day(wednesday_in_a_week()))
            await someone.taps("11:")
            await someone.taps("Book it")
            await someone.sees("Booked: Discovery call with Ben Walker")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390


def wednesday_in_a_week() -> date:
    """Far enough for every notice; on Slack any day can be chosen at once."""
    first = datetime.now(UTC).date() + timedelta(days=7)
    return first + timedelta(days=(2 - first.weekday()) % 7)
