"""A person at the simulator, with the real product behind it: declined, paid, cancelled, refunded, reminded."""

from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.support.chromium_page import page_on
from tests.support.demo import demo, free_port

pytestmark = pytest.mark.browser

SECONDS = 15_000.0


async def test_a_client_is_declined_pays_cancels_and_another_is_reminded(chromium: str, tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        page.set_default_timeout(SECONDS)
        await _pay(page)
        await _cancel(page)
        await _see_refund(page, url)
        await _be_reminded(page)
        assert await page.evaluate("window.__undrawn") == []


async def _pay(page: Page) -> None:
    slack = page.locator("#slack .sk-log")
    await slack.get_by_role("button", name="Pay €90.00").last.click()
    web = page.frame_locator(".browser iframe")
    await web.get_by_text("is declined").click()
    await web.get_by_role("button", name="Pay €90.00").click()
    await expect(web.get_by_role("alert")).to_contain_text("declined", timeout=SECONDS)
    await web.get_by_text("succeeds").click()
    await web.get_by_role("button", name="Pay €90.00").click()
    await web.get_by_role("link", name="Back to the chat").click()
    await expect(page.locator(".browser")).to_have_count(0)
    await expect(slack.get_by_text("Booked: Coaching")).to_be_visible(timeout=SECONDS)


async def _cancel(page: Page) -> None:
    """The booking that was just paid, by the last message about it; the outcome is told before the tap."""
    slack = page.locator("#slack .sk-log")
    booked = slack.locator("article", has_text="Booked: Coaching").last
    await booked.locator('button[data-value*="cancel/"]').click()
    await slack.locator('button[data-value*="/yes/"]').last.click()
    await expect(slack.get_by_text("ancelled").last).to_be_visible(timeout=SECONDS)


async def _see_refund(page: Page, url: str) -> None:
    refunds: list[dict[str, int]] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(100):
            async with session.get(f"{url}/_sandbox/stripe/state") as answer:
                refunds = (await answer.json())["refunds"]
            if refunds:
                break
            await page.wait_for_timeout(100)
    assert [one["amount"] for one in refunds] == [9000]


async def _be_reminded(page: Page) -> None:
    """The clock goes from one thing due to the next until Mia's reminder is there, in her chat."""
    telegram = page.locator("#telegram .tg-log")
    for _ in range(8):
        await page.locator("#next:enabled").click()
        await page.locator("#next:enabled").wait_for(timeout=60_000)
        if await telegram.get_by_text("Reminder: Coaching").count():
            return
    raise AssertionError("no reminder came")
