"""Somebody without a mouse: Tab and Shift+Tab to what is wanted, Enter to press it, Esc to leave."""

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as NotThere

STEPS = 400
"""More than the page ever holds."""

PRESSES, ANSWER_MS = 3, 8000

FOCUSED = """
(label) => {
  const on = document.activeElement;
  return on.tagName === "BUTTON" && on.innerText.split("\\n").some((line) => line.trim().startsWith(label));
}
"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self._page = page

    async def types(self, words: str) -> None:
        await self._page.keyboard.type(words)

    async def strikes(self, key: str) -> None:
        await self._page.keyboard.press(key)

    async def goes_to_write(self, within: Locator) -> None:
        """The line for messages."""
        await self.goes_to(within.get_by_label("Message", exact=True))

    async def goes_to(self, field: Locator) -> None:
        await expect(field).to_be_visible()
        for _ in range(STEPS):
            if await field.evaluate("field => field === document.activeElement"):
                return
            await self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab never leads to {field}")

    async def leads(self, label: str, following: str, within: Locator) -> None:
        """Press until these words of the next page are there.

        A message that is drawn anew between the look and the key takes the focus along: then people press again.
        """
        page = within.get_by_text(following).last
        for _press in range(PRESSES - 1):
            await self.presses(label, within)
            try:
                await page.wait_for(timeout=ANSWER_MS)
            except NotThere:
                continue
            return
        await self.presses(label, within)
        await expect(page).to_be_visible()

    async def presses(self, label: str, within: Locator, way: str = "Shift+Tab") -> None:
        """The button with a line that begins so, once it is there."""
        await expect(within.locator("button", has_text=label).last).to_be_visible()
        for _ in range(STEPS):
            if await self._page.evaluate(FOCUSED, label):
                await self._page.keyboard.press("Enter")
                return
            await self._page.keyboard.press(way)
        raise AssertionError(f"{way} never leads to {label!r}")
