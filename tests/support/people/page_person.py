"""A scripted person who does everything through the simulator's page, and pays in the window that opens there."""

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from playwright.async_api import Page, expect

from tests.support.people import browser
from tests.support.people.page_hands import PageHands
from tests.support.people.person import Person

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds for whatever is to come: two cores may be busy with other tests."""

ENDS = {
    "succeeds": re.compile(r"Your session is confirmed|paid\."),
    "is declined": re.compile("Your card was declined"),
}


class PagePerson(Person):
    # What is pressed before the answer is drawn may stand on the screen before, too.
    answer_within = 15.0

    def __init__(self, page: Page, platform: str, name: str, cluster: str) -> None:
        self.page = page
        self._mine = PageHands(page, platform, name)
        super().__init__(name, cluster, self._mine)

    async def follows(self, link: str, where: Person) -> None:
        """A link to the bot that another person has in front of them; START brings what it carries."""
        await self._mine.becomes()
        chat = self.page.locator(f"#{where.platform}")
        await chat.get_by_role("link", name=link).last.click()
        start = self._mine.side.get_by_role("button", name="START", exact=True)
        await self.does("follows a link", start.click)

    async def presses(self, label: str, on: str = "") -> None:
        """A button that opens something beside the chat: no answer is waited for in it."""
        seen, key = await self.finds(label, on)
        self.tapped += 1
        self._fresh.clear()
        self._story.append(f"{self.name} taps [{key.label}]")
        await self._mine.press(seen, key)

    async def pays(self, card: str = "succeeds", on: str = "") -> browser.Page:
        """In the window over the chats; a declined card leaves it open, and another can be tried there."""
        window = self.page.locator(".browser")
        if not await window.count():
            await self.presses("Pay", on)
            await window.wait_for()
        web = self.page.frame_locator(".browser iframe")
        await web.get_by_text(card, exact=True).first.click()
        await web.get_by_role("button", name="Pay").click()
        await expect(web.get_by_text(ENDS[card]).first).to_be_visible()
        told = await web.locator("body").inner_text()
        if card == "succeeds":
            await web.get_by_role("link", name="Back to the chat").click()
            await expect(window).to_have_count(0)
        return browser.Page("", 200, "", told, {})

    async def _until(self, look: Callable[[], Awaitable[T | None]], wrong: str, within: float) -> T:
        return await super()._until(look, wrong, max(within, PATIENCE))
