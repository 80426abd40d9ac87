"""A scripted person who does everything through the simulator's page, and pays in the window that opens there."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from playwright.async_api import Page, expect

from tests.support import browser
from tests.support.page_hands import PageHands
from tests.support.person import Person

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds for whatever is to come: two cores may be busy with other tests."""


class PagePerson(Person):
    def __init__(self, page: Page, platform: str, name: str, city: str) -> None:
        self.page = page
        self.window = page.frame_locator(".browser iframe")
        self.hands: PageHands
        super().__init__(name, city, PageHands(page, platform, name), browser=None)

    async def adds_app(self) -> None:
        """On a Slack workspace where the app is not installed yet."""
        await self.does("adds the app", self.hands.side.get_by_role("button", name="Add to Slack").click)

    async def follows(self, link: str) -> None:
        """A link into a chat with the bot, where it can be read; its START is pressed."""
        raise NotImplementedError

    async def declined(self, button: str, on: str = "") -> None:
        """Open the card page from the chat; the card does not pay, and the page says so and stays."""
        await self.taps(button, on)
        await self.window.get_by_text("is declined").click()
        await self.window.get_by_role("button", name=button).click()
        await expect(self.window.get_by_role("alert")).to_contain_text("Your card was declined")

    async def succeeds(self, button: str) -> None:
        """With another card on the same page, and back to the chat."""
        await self.window.get_by_text("succeeds").click()
        await self.window.get_by_role("button", name=button).click()
        await expect(self.window.get_by_text("Your session is confirmed")).to_be_visible()
        await self.window.get_by_role("link", name="Back to the chat").click()
        await expect(self.page.locator(".browser")).to_have_count(0)

    async def _until(self, look: Callable[[], Awaitable[T | None]], wrong: str, within: float) -> T:
        return await super()._until(look, wrong, max(within, PATIENCE))
