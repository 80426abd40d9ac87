"""A lively practice, made by people who write and tap: nothing is put into the database past the product."""

import asyncio
from dataclasses import dataclass

import aiohttp

from bot.sandbox.hands import Doors, SlackHands, TelegramHands
from bot.sandbox.simulator.cast import WORKSPACE
from bot.sandbox.simulator.standins import StandIns
from bot.sandbox.telegram.flood import UNLIMITED, Flood, FloodLimits


@dataclass
class Company:
    """Everybody who acts, and the doors of the stand-ins they act through."""

    standins: StandIns
    telegram: Doors
    slack: Doors
    stripe: Doors
    ana: TelegramHands
    mia: TelegramHands
    ben: SlackHands
    leo: SlackHands


async def play(standins: StandIns) -> None:
    """The owner sets up, a second coach joins, clients book; some pay."""
    # People in a story type faster than Telegram's limits allow a bot to answer them.
    standins.telegram.world.flood = Flood(UNLIMITED)
    try:
        async with aiohttp.ClientSession() as session:
            company = _company(standins, session)
            await _install(company)
            await _open_practice(company.ana)
            await _second_coach(company.ana, company.ben)
            await asyncio.gather(_meet_mia(company.mia))
    finally:
        standins.telegram.world.flood = Flood(FloodLimits())


def _company(standins: StandIns, session: aiohttp.ClientSession) -> Company:
    urls = {name: served.url for name, served in standins.served.items()}
    telegram = Doors(session, f"{urls['telegram']}/_sandbox/telegram")
    slack = Doors(session, f"{urls['slack']}/_sandbox/slack")
    return Company(
        standins, telegram, slack, Doors(session, f"{urls['stripe']}/_sandbox"),
        ana=TelegramHands(telegram, 1001),
        mia=TelegramHands(telegram, 1002),
        ben=SlackHands(slack, WORKSPACE, "U0BEN"),
        leo=SlackHands(slack, WORKSPACE, "U0LEO"),
    )  # fmt: skip


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
    await ana.tap("offer/2/open/")


async def _second_coach(ana: TelegramHands, ben: SlackHands) -> None:
    """Picked by the owner, accepted in Slack; then hours and place, and both offers."""
    await ben.say("hello")
    await ana.say("/setup")
    await ana.tap("team$")
    await ana.tap("invite$")
    await ana.tap("invite/pick$")
    await ana.tap(r"invite/\d+/")
    await ben.tap(r"invited/\d+/yes")
    await ben.answer("London")
    await ben.answer("mon-thu 9-12,14-17")
    await ben.answer("https://meet.example/ben")


async def _meet_mia(mia: TelegramHands) -> None:
    """Says where her clock is before she sees the first times."""
    await mia.start()
