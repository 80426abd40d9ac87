"""`make bench`: start-up, memory at rest and one booking turn, as ratios against bare bots in the same run.

Every figure is the median of several interleaved rounds; CPU is read from the serving process.
"""

import asyncio
import socket
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bench.scene import BOT_TOKEN, SIGNING_SECRET, SLACK_TOKEN, Outside, Served, serve
from bench.talk import WEBHOOK_SECRET, SlackTalk, TelegramTalk

ROUNDS = 5
TURNS = 300
BOOKERS = 20
OWNER, CLIENT = 1001, 2002
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
Figures = dict[str, dict[str, list[float]]]


async def main() -> None:
    outside = await Outside.open()
    figures: Figures = {"start-up, ms": {}, "memory at rest, MB": {}, "CPU of a turn, µs": {}}
    for number in range(ROUNDS):
        for name, run in (("python-telegram-bot", _ptb), ("slack-bolt", _bolt), ("Rapport", _rapport)):
            print(f"round {number + 1} of {ROUNDS}: {name} …", flush=True)
            await run(outside, figures)
    await outside.runner.cleanup()
    _report(figures)


async def _ptb(outside: Outside, figures: Figures) -> None:
    port = _free_port()
    served = await serve(["-m", "bench.anchors", "ptb", str(port), outside.url], port, {})
    async with aiohttp.ClientSession() as session:
        talk = TelegramTalk(session, served.url, outside, CLIENT)
        await _measure(figures, "python-telegram-bot", served, lambda: talk.taps("again"))


async def _bolt(outside: Outside, figures: Figures) -> None:
    port = _free_port()
    served = await serve(["-m", "bench.anchors", "bolt", str(port), outside.url], port, {})
    async with aiohttp.ClientSession() as session:
        talk = SlackTalk(session, served.url)
        await _measure(figures, "slack-bolt", served, lambda: talk.taps("again"))


async def _rapport(outside: Outside, figures: Figures) -> None:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        served = await serve(["-m", "bot", "web"], port, _environment(outside, port, Path(folder)))
        _note(figures, "start-up, ms", "Rapport", served.start_ms)
        await asyncio.sleep(1)
        _note(figures, "memory at rest, MB", "Rapport", served.rss_mb())
        async with aiohttp.ClientSession() as session:
            await _set_up(TelegramTalk(session, served.url, outside, OWNER))
            client = TelegramTalk(session, served.url, outside, CLIENT)
            await client.says("/start")
            await client.taps("clock/1/1")
            await client.taps(client.button("London"))
            review = client.button(":00")
            await _turns(figures, "Rapport, Telegram: review", served, lambda: client.taps(review))
            slack = SlackTalk(session, served.url)
            await _turns(figures, "Rapport, Slack: review", served, lambda: slack.taps(review))
            clients = [TelegramTalk(session, served.url, outside, CLIENT + 1 + each) for each in range(BOOKERS)]
            await _bookings(figures, served, clients)
        await served.end()


async def _bookings(figures: Figures, served: Served, clients: list[TelegramTalk]) -> None:
    """The act itself: slot checked, session, booking, reminders, notices and audit written, the answer shown."""
    day = datetime.now(UTC).date() + timedelta(days=2)
    spent, count = 0.0, 0
    for client in clients:
        await client.says("/start")
        await client.taps("clock/1/1")
        await client.taps(client.button("London"))
        for hour in range(0, 24, 2):
            await client.taps(f"review/1/1/{day:%Y%m%d}T{hour:02d}00Z")
            act = client.button("Book it")
            before = served.cpu_us()
            await client.taps(act)
            spent, count = spent + served.cpu_us() - before, count + 1
        day += timedelta(days=1)
    _note(figures, "CPU of a turn, µs", "Rapport, Telegram: book", spent / count)


async def _set_up(owner: TelegramTalk) -> None:
    """The owner's first day in six answers."""
    for words in (
        "/setup",
        "Bench",
        "EUR",
        "London",
        "mon-sun 0-24",
        "Coaching 30 min 0",
        "https://meet.example.org/x",
    ):
        await owner.says(words)


def _environment(outside: Outside, port: int, folder: Path) -> dict[str, str]:
    return {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SECRET_KEYS": KEY,
        "OWNERS": f"telegram:{OWNER}",
        "LOG_LEVEL": "WARNING",
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "TELEGRAM_API_URL": outside.url,
        "SLACK_BOT_TOKEN": SLACK_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{outside.url}/api/",
    }


async def _measure(figures: Figures, name: str, served: Served, turn: Callable[[], Awaitable[None]]) -> None:
    _note(figures, "start-up, ms", name, served.start_ms)
    await asyncio.sleep(0.5)
    _note(figures, "memory at rest, MB", name, served.rss_mb())
    await _turns(figures, name, served, turn)
    await served.end()


async def _turns(figures: Figures, name: str, served: Served, turn: Callable[[], Awaitable[None]]) -> None:
    for _warm in range(TURNS // 10):
        await turn()
    before = served.cpu_us()
    for _each in range(TURNS):
        await turn()
    _note(figures, "CPU of a turn, µs", name, (served.cpu_us() - before) / TURNS)


def _note(figures: Figures, what: str, name: str, value: float) -> None:
    figures[what].setdefault(name, []).append(value)


def _report(figures: Figures) -> None:
    for what, by_name in figures.items():
        print(f"\n{what} (medians of {ROUNDS} rounds)")
        medians = {name: statistics.median(values) for name, values in by_name.items()}
        for name, value in medians.items():
            ratios = " ".join(
                f"{value / medians[anchor]:5.2f} x {anchor}" for anchor in ("python-telegram-bot", "slack-bolt")
            )
            print(f"  {name:28} {value:9.1f}   {ratios}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    asyncio.run(main())
