"""One practice from its first day to a refund, played in the page."""

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from bot.chat import tell
from bot.sandbox.simulator.cast import CAST
from tests.journeys.stories import PLACE, arrives, first_day
from tests.support.demo import demo
from tests.support.people.chromium_page import page_on
from tests.support.people.keyboard import Keyboard
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


def player(page: Page, name: str) -> PagePerson:
    [one] = [one for one in CAST if one.name.startswith(name)]
    return PagePerson(page, one.platform, one.name, tell.city(one.zone))


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


async def test_the_lively_practice_goes_on(chromium: str, tmp_path: Path) -> None:
    """What the first look at the demo promises: a hold that can be paid, a reminder that comes."""
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
