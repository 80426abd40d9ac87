"""The people of the simulator's page, and its clock."""

from playwright.async_api import Page, expect

from bot.chat import tell
from bot.sandbox.simulator.cast import CAST
from tests.support.people.page_person import PagePerson


def player(page: Page, name: str) -> PagePerson:
    [one] = [one for one in CAST if one.name.startswith(name)]
    return PagePerson(page, one.platform, one.name, tell.city(one.zone))


async def until_reminded(page: Page, client: PagePerson) -> None:
    """From one thing due to the next."""
    for _ in range(8):
        if await client.counts("Reminder: Coaching"):
            return
        await moves_clock(page, "Next thing due")
    raise AssertionError(f"no reminder came\n{client.transcript()}")


async def moves_clock(page: Page, by: str) -> None:
    button = page.get_by_role("button", name=by)
    await button.click()
    await expect(button).to_be_enabled(timeout=90_000)
