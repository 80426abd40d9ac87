"""Fills the demo with a lively practice. Scripted people write and tap; nothing bypasses the product."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.sandbox.hands import ControlApi, Hands, SlackHands, TelegramHands
from bot.sandbox.simulator.cast import WORKSPACE
from bot.sandbox.simulator.standins import StandIns
from bot.sandbox.telegram.flood import UNLIMITED, Flood, FloodLimits

# Offers and coaches by the ids that an empty practice gives them.
CALL, COACHING = 1, 2
ANA, BEN = 1, 2


@dataclass
class Company:
    """Everybody who acts, and the control routes of the stand-ins through which they do."""

    standins: StandIns
    slack: ControlApi
    stripe: ControlApi
    ana: TelegramHands
    mia: TelegramHands
    ben: SlackHands
    leo: SlackHands


async def play(standins: StandIns) -> None:
    """The owner sets up, a second coach joins, clients book; one has paid, one is about to."""
    # People in a story type faster than Telegram's limits allow a bot to answer them.
    standins.telegram.world.flood = Flood(UNLIMITED)
    try:
        async with aiohttp.ClientSession() as session:
            company = _company(standins, session)
            await _install(company)
            await _open_practice(company.ana)
            await _second_coach(company.ana, company.ben)
            await asyncio.gather(_mia_pays(company), _leo_books(company))
    finally:
        standins.telegram.world.flood = Flood(FloodLimits())


def _company(standins: StandIns, session: aiohttp.ClientSession) -> Company:
    urls = {name: served.url for name, served in standins.served.items()}
    telegram = ControlApi(session, f"{urls['telegram']}/_sandbox/telegram")
    slack = ControlApi(session, f"{urls['slack']}/_sandbox/slack")
    return Company(
        standins=standins,
        slack=slack,
        stripe=ControlApi(session, f"{urls['stripe']}/_sandbox"),
        ana=TelegramHands(telegram, 1001),
        mia=TelegramHands(telegram, 1002),
        ben=SlackHands(slack, WORKSPACE, "U0BEN"),
        leo=SlackHands(slack, WORKSPACE, "U0LEO"),
    )


async def _install(company: Company) -> None:
    install_url = f"{company.standins.product_url}/slack/install"
    await company.slack.post("install", {"team": WORKSPACE, "user": "U0OLIVIA", "install_url": install_url})


async def _open_practice(ana: TelegramHands) -> None:
    await ana.start()
    await ana.say("/setup")
    for words in ("Harbour Coaching", "EUR", "Vienna", "mon-fri 9-18", "Discovery call 30 min 0"):
        await ana.answer(words)
    await ana.answer("https://meet.example/ana")
    await ana.tap("offers$")
    await ana.tap("offers/new$")
    await ana.tap("offers/line$")
    await ana.answer("Coaching 50 min 90")
    await ana.tap(f"offer/{COACHING}/open/")
    await _sell_five(ana)


async def _sell_five(ana: TelegramHands) -> None:
    """Five coachings at once for less, as they are proposed."""
    await ana.say("/setup")
    for step in (
        "setup/packages$",
        "setup/packages/new$",
        f"setup/packages/make/{COACHING}/5/",
        r"setup/package/\d+/open/",
    ):
        await ana.tap(step)


async def _second_coach(ana: TelegramHands, ben: SlackHands) -> None:
    """The owner invites her, she accepts in Slack and answers zone, hours and place; then she gets both offers."""
    await ben.say("hello")
    await ana.say("/setup")
    await ana.tap("team$")
    await ana.tap("invite$")
    await ana.tap("invite/pick$")
    await ana.tap(r"invite/\d+/")
    await ben.tap(r"invited/\d+/yes")
    for words in ("London", "mon-thu 9-12,14-17", "https://meet.example/ben"):
        await ben.answer(words)
    for offer in (CALL, COACHING):
        await ana.say("/setup")
        for step in ("offers$", f"offer/{offer}$", f"offer/{offer}/coaches$", f"offer/{offer}/coach/{BEN}/"):
            await ana.tap(step)
    await ana.say("/start")


async def _mia_pays(company: Company) -> None:
    """Mia names her time zone, books an afternoon with Ana and pays by card, then books a free call with Ben."""
    mia = company.mia
    await mia.start()
    await _choose(mia, COACHING, ANA)
    await mia.tap(r"clock/\d+/\d+$")
    await mia.tap(r"clock/.*/type")
    await mia.answer("Kyiv")
    await mia.tap(f"days/{COACHING}/{ANA}")
    await _hold(company, mia, COACHING, ANA, "1400")
    page = await mia.wait_for(r"https?://[^ ]*/pay/")
    await company.stripe.post("pay", {"session": page.rpartition("/")[2], "card": "success"})
    await mia.wait_for(r"move/\d+")
    await _choose(mia, CALL, BEN)
    await _hold(company, mia, CALL, BEN, "1030")


async def _leo_books(company: Company) -> None:
    """Leo books a free call with Ben, then holds a session with Ana, which waits to be paid."""
    leo = company.leo
    for offer, coach, hour in ((CALL, BEN, "1500"), (COACHING, ANA, "1200")):
        await _choose(leo, offer, coach)
        await _hold(company, leo, offer, coach, hour)
    await leo.wait_for(r"https?://[^ ]*/pay/")


async def _choose(client: Hands, offer: int, coach: int) -> None:
    await client.say("/book")
    await client.tap(f"offer-of/{offer}$")
    await client.tap(f"days/{offer}/{coach}$")


async def _hold(company: Company, client: Hands, offer: int, coach: int, utc: str) -> None:
    """The session that starts at this hour and minute, UTC, on the first day that is far enough for every notice."""
    today = company.standins.clock.now().date()
    days = "|".join((today + timedelta(days=ahead)).isoformat() for ahead in range(2, 9))
    await client.tap(rf"times/{offer}/{coach}/({days})$")
    if offer == CALL:
        await client.tap(rf"review/{offer}/{coach}/\d{{8}}T{utc}Z$")
    await client.tap(rf"hold/{offer}/{coach}/\d{{8}}T{utc}Z/")
