"""One practice from its first day to a refund, played in the page."""

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.chat import tell
from bot.sandbox.simulator.cast import CAST
from tests.browser.players import moves_clock, player, until_reminded
from tests.journeys.stories import PLACE, arrives, first_day
from tests.support.demo import demo
from tests.support.people.chromium_page import page_on
from tests.support.people.page_person import PATIENCE, PagePerson
from tests.support.servers.postgres import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OFFER = "Coaching 50 min 90"
PLATFORMS = ("telegram", "slack")
ACROSS = [("telegram", "slack"), ("slack", "telegram")]
EVERY = [(coach, client) for coach in PLATFORMS for client in PLATFORMS]
PAIRINGS = EVERY if os.environ.get("EVERY_PAIRING") else ACROSS
"""Across, each side of the page has an owner or a coach and a client, and two people who take turns at one of them;
`make force` plays on all four."""

OWNERS = {"telegram": "Ana", "slack": "Olivia"}
INVITED = {"telegram": "Sam", "slack": "Ben"}
CLIENTS = {"telegram": ("Mia", 15), "slack": ("Leo", 10)}
"""With the hour on the client's own clock that suits a coach in Europe."""


@pytest.fixture(params=PAIRINGS, ids="-serves-".join)
def pairing(request: pytest.FixtureRequest) -> tuple[str, str]:
    coach, client = request.param
    return coach, client


@dataclass
class Story:
    """On one platform the owner coaches; across two, somebody whom the other owner invited does."""

    page: Page
    url: str
    owner: PagePerson
    coach: PagePerson
    client: PagePerson
    at: datetime
    """When the session starts, in the client's zone."""

    @classmethod
    def of(cls, page: Page, url: str, coach: str, client: str) -> "Story":
        owner = player(page, OWNERS[coach if coach == client else client])
        name, hour = CLIENTS[client]
        zone = ZoneInfo(next(one.zone for one in CAST if one.name.startswith(name)))
        at = (datetime.now(zone) + timedelta(days=3)).replace(hour=hour, minute=0, second=0, microsecond=0)
        coaches = owner if coach == client else player(page, INVITED[coach])
        return cls(page, url, owner, coaches, player(page, name), at)

    def when(self, person: PagePerson, later: int = 0) -> str:
        """The session's start, moved or not, as this person's own clock shows it."""
        zone = next(one.zone for one in CAST if one.name == person.name)
        at = (self.at + timedelta(hours=later)).astimezone(ZoneInfo(zone))
        return f"{tell.day(at.date())}, {at:%H:%M}"


async def test_from_the_first_day_to_a_refund(chromium: str, tmp_path: Path, pairing: tuple[str, str]) -> None:
    async with demo(tmp_path, "--empty", "--port", str(free_port())) as (_, url), page_on(chromium, url) as page:
        story = Story.of(page, url, *pairing)
        await starts_empty(page)
        await opens_practice(story)
        await sets_hours(story)
        await is_declined_then_pays(story)
        await is_reminded(story)
        await moves(story)
        await cancels(story)
        assert await page.evaluate("window.__undrawn") == []


async def starts_empty(page: Page) -> None:
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_label("More", exact=True).get_by_role("button", name="Start empty").click()
    async with page.expect_navigation():
        await page.get_by_role("alertdialog").get_by_role("button", name="Start empty").click()


async def opens_practice(story: Story) -> None:
    if "slack" in {story.owner.platform, story.coach.platform, story.client.platform}:
        await player(story.page, "Olivia").presses("Add to Slack")
        await expect(story.page.locator("#slack .sk-install")).to_be_hidden()
    await first_day(story.owner, OFFER)
    if story.coach is not story.owner:
        await joins(story)


async def joins(story: Story) -> None:
    owner, coach = story.owner, story.coach
    await owner.says("/setup")
    await owner.taps("Coaches")
    await owner.taps("Invite a coach")
    await owner.taps("Make a link and a code")
    invitation = await owner.sees("works once", "/coach join")
    if coach.platform == "telegram":
        await coach.follows("t.me/", owner)
        await coach.taps("Accept")
    else:
        code = re.search(r"/coach join (\S+)", invitation.text)
        assert code is not None
        await coach.starts()
        await coach.says(code[0])
    for answer in (coach.city, "mon-fri 9-17", PLACE):
        await coach.fills(answer)
    await owner.taps("Offers", on=f"{coach.name} coaches here now")
    await owner.taps("Coaching")
    await owner.taps("Who does it")
    await owner.taps(f"Add {coach.name}")
    await owner.sees("Coaches:", coach.name)


async def sets_hours(story: Story) -> None:
    await story.coach.says("/availability mon-sun 9-18")
    await story.coach.sees("This would change")
    await story.coach.taps("Save")
    await story.coach.sees("Saved")


async def is_declined_then_pays(story: Story) -> None:
    client, coach = story.client, story.coach
    await arrives(client)
    await client.says("/book")
    if coach is not story.owner:
        await client.taps(coach.name)
    await client.taps(tell.day(story.at.date()))
    await client.taps(f"{story.at:%H:%M}")
    await client.sees(f"Held: Coaching with {coach.name}", story.when(client), "€90.00", "held until")
    assert "Your card was declined" in (await client.pays("is declined")).text
    assert "Your session is confirmed" in (await client.pays("succeeds")).text
    await client.sees(f"Booked: Coaching with {coach.name}", story.when(client), "€90.00, paid")
    await coach.sees(f"New booking: Coaching with {client.name}", story.when(coach))


async def is_reminded(story: Story) -> None:
    await moves_clock(story.page, "+1 day")
    await until_reminded(story.page, story.client)
    await story.client.sees("Reminder: Coaching", story.when(story.client))


async def moves(story: Story) -> None:
    client, coach = story.client, story.coach
    await client.taps("Move session", on="Reminder")
    await client.sees("Moving is free until")
    await client.taps(f"{story.at + timedelta(hours=1):%H:%M}")
    await client.sees(f"From: {story.when(client)}", f"To: {story.when(client, later=1)}")
    await client.taps("Move it")
    await client.sees(f"Moved, and I am letting {coach.name} know", story.when(client, later=1))
    await client.sees("Reminder", f"Moved from: {story.when(client)}")
    await coach.sees(f"Moved: Coaching with {client.name}", story.when(coach, later=1))


async def cancels(story: Story) -> None:
    client, coach = story.client, story.coach
    await client.says("/sessions")
    await client.taps("Cancel", on="Your sessions")
    await client.sees("Cancel this session?", "Cancelling now is free: you get €90.00 back")
    await client.taps("Cancel session", on="Cancel this session?")
    await client.sees("Done: the session is cancelled", "€90.00 goes back to the card")
    await coach.sees(f"Cancelled: Coaching with {client.name}", "€90.00 goes back")
    await refunded(story.url, 9000)
    await client.says("/sessions")
    await client.sees("You have nothing booked")


async def refunded(url: str, amount: int) -> None:
    refunds: list[dict[str, int]] = []
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while not refunds:
            async with session.get(f"{url}/_sandbox/stripe/state") as answer:
                refunds = (await answer.json())["refunds"]
            await asyncio.sleep(0.1)
    assert [one["amount"] for one in refunds] == [amount]
