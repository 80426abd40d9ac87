"""Five sessions at once, played in the page on both platforms: bought (inside Telegram, and on the card page), planned,
one lost, and what is left."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from bot.chat import tell
from tests.browser.players import player
from tests.journeys.stories import arrives
from tests.support.demo import demo
from tests.support.people.chromium_page import page_on
from tests.support.people.page_person import PagePerson
from tests.support.servers.postgres import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CLIENTS = {"Sam": "11:00", "Nora": "14:00"}
"""New on Telegram and on Slack, with the time on their own clock that each books."""


async def test_five_sessions_from_the_purchase_to_the_balance(chromium: str, tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        day = workday_ahead()
        clients = {name: player(page, name) for name in CLIENTS}
        for name, client in clients.items():
            await arrives(client)
            await buys(client)
            await plans(client, day, CLIENTS[name])
        await until_too_late(url, day)
        for client in clients.values():
            await cancels_late(client, day)
            await client.says("/packages")
            await client.sees("5 × Coaching", "0 sessions left, 4 booked")
            await client.taps("History of 5 × Coaching")
            await client.sees("bought. 5 left.", "booked: Coaching with Ana Fischer", "used: Coaching with Ana Fischer")
        assert await page.evaluate("window.__undrawn") == []


def workday_ahead() -> date:
    """Far enough to be cancelled free of charge when it is booked."""
    day = datetime.now(UTC).date() + timedelta(days=3)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


async def buys(client: PagePerson) -> None:
    await client.says("/packages")
    await client.sees("5 × Coaching: 5 sessions, €405.00")
    await client.taps("5 × Coaching")
    await client.sees("5 sessions for €405.00", "Valid for 6 months")
    await client.taps("Buy it")
    await client.sees("It can be paid until")
    if client.platform == "telegram":
        await pays_in_chat(client)
    else:
        assert "€405.00 paid." in (await client.pays()).text
    await client.sees("Paid: 5 × Coaching", "5 sessions left")


async def pays_in_chat(client: PagePerson) -> None:
    """By Telegram's own payment, whose dialog asks once more."""
    await client.presses("Pay €405.00 in Telegram")
    asked = client.page.get_by_role("alertdialog")
    await expect(asked).to_contain_text("5 × Coaching")
    await asked.get_by_role("button", name="Pay €405.00").click()
    await expect(asked).to_have_count(0)


async def plans(client: PagePerson, day: date, time: str) -> None:
    await client.taps("Plan 5 sessions")
    await client.taps("Ana Fischer")
    await client.taps(f"{day:%A}")
    await client.taps(time)
    await client.sees("5 sessions: Coaching with Ana Fischer", tell.day(day), "Uses 5 of 5")
    await client.taps("Book 5 sessions")
    await client.sees("Booked: 5 sessions, Coaching with Ana Fischer")
    await client.says("/packages")
    await client.sees("0 sessions left, 5 booked")


async def until_too_late(url: str, day: date) -> None:
    """Less than a day before the sessions the credit is used up."""
    ahead = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8) - datetime.now(UTC)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/_sandbox/clock", json={"seconds": ahead.total_seconds()}) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def cancels_late(client: PagePerson, day: date) -> None:
    """The first of the five."""
    await client.says("/sessions")
    await client.taps(f"Cancel {tell.day(day)}", on="Your sessions")
    await client.sees("Cancel this session?", "It is too late to cancel free of charge: the credit is used up.")
    await client.taps("Cancel session", on="Cancel this session?")
    await client.sees("The credit is used up, as agreed at booking.")
