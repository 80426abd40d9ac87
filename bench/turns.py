"""What a turn costs the web process, beside floors composed of the frameworks alone.

Every process is started once; a round runs a block of taps on each in turn, eight people at a time, and reads the
CPU time of the process before and after. Two rounds warm up and are dropped; Postgres keeps house between them, so
that the second makes the plans anew. Where uvloop is installed, which Rapport never asks for, one more process runs on
it, to see what it would bring.
"""

import asyncio
import contextlib
import itertools
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import aiohttp

from bench import postgres
from bench.figures import Figure
from bench.scene import Outside, Served, environment, serve
from bench.talk import SlackTalk, TelegramTalk, arrives, owner, set_up

PEOPLE = 8
BOOKINGS, SHOWS, NO_OPS = 12, 40, 60
"""Taps of each person in a block; nobody may do more than thirty acts a minute."""

HORIZON_DAYS = 57
"""So far ahead, and a little more, may be booked; the pauses between sessions leave one start an hour."""

WARM_UP = 2
"""Rounds."""

PLAIN = "sessions"
"""The page whose turn is the plain one: the client's own sessions, none yet."""

Tap = Callable[[], Awaitable[None]]
Block = Callable[[], Awaitable[float]]


@dataclass
class Scene:
    """The outside, what starts processes and makes databases, and people with numbers that nobody had before."""

    outside: Outside
    session: aiohttp.ClientSession
    stack: contextlib.AsyncExitStack
    empty_database: Callable[[], Awaitable[str]]
    folder: Path
    profiled: bool = False
    databases: list[str] = field(default_factory=list)
    users: Iterator[int] = field(default_factory=lambda: itertools.count(5001))

    async def database(self) -> str:
        """The address of an empty one on Postgres."""
        self.databases.append(await self.empty_database())
        return self.databases[-1]

    async def sqlite(self) -> str:
        return f"sqlite:///{self.folder}/{next(self.users)}.db"

    async def product(self, database_url: str, **more: str) -> Served:
        env = {**environment(self.outside, database_url), **more}
        served = await self.stack.enter_async_context(serve(["-m", "bench.product"], env))
        await set_up(owner(self.session, served.url, self.outside))
        return served

    async def anchor(self, name: str, database_url: str = "") -> Served:
        env = {"API_URL": self.outside.url, "DATABASE_URL": database_url}
        return await self.stack.enter_async_context(serve(["-m", "bench.anchors.servers", name], env))

    def on_telegram(self, served: Served) -> TelegramTalk:
        return TelegramTalk(self.session, served.url, self.outside, next(self.users))

    def on_slack(self, served: Served) -> SlackTalk:
        return SlackTalk(self.session, served.url, self.outside, next(self.users))

    async def cpu(self, served: Served, lanes: list[list[Tap]], *, shown: bool = True) -> float:
        """CPU µs of one tap: each lane is a person who taps again once answered; counted until all is shown."""
        count = sum(len(lane) for lane in lanes)
        wanted = self.outside.shown + count
        self._look(served, signal.SIGUSR1)
        before = served.cpu_us()
        await asyncio.gather(*(_one_by_one(lane) for lane in lanes))
        if shown:
            await self.until_shown(wanted)
        spent = (served.cpu_us() - before) / count
        self._look(served, signal.SIGUSR2)
        return spent

    def _look(self, served: Served, begin_or_end: signal.Signals) -> None:
        if self.profiled:
            served.process.send_signal(begin_or_end)

    async def until_shown(self, wanted: int) -> None:
        """Slack's messages follow the acknowledgement."""
        for _try in range(6000):
            if self.outside.shown >= wanted:
                return
            await asyncio.sleep(0.005)
        raise TimeoutError(f"{self.outside.shown} of {wanted} answers were shown")


async def _one_by_one(lane: list[Tap]) -> None:
    for tap in lane:
        await tap()


@contextlib.asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    async with (
        postgres.server() as database,
        Outside().served() as outside,
        aiohttp.ClientSession() as session,
        contextlib.AsyncExitStack() as stack,
    ):
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield Scene(outside, session, stack, database, Path(folder))


def hours() -> Iterator[datetime]:
    """Free starts of the bench's practice, which is open day and night, from the day after tomorrow on."""
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return (first + timedelta(hours=number) for number in range(24 * HORIZON_DAYS))


def telegram_books(scene: Scene, served: Served, starts: Iterator[datetime]) -> Block:
    async def block() -> float:
        people = [scene.on_telegram(served) for _each in range(PEOPLE)]
        for person in people:
            await arrives(person)
        return await _confirmed(scene, served, people, starts)

    return block


def slack_books(scene: Scene, served: Served, starts: Iterator[datetime]) -> Block:
    async def block() -> float:
        people = [scene.on_slack(served) for _each in range(PEOPLE)]
        for person in people:
            await shown(scene, person, "start")
        return await _confirmed(scene, served, people, starts)

    return block


async def _confirmed(
    scene: Scene, served: Served, people: Sequence[TelegramTalk | SlackTalk], starts: Iterator[datetime]
) -> float:
    lanes = [await _acts(scene, person, starts) for person in people]
    scene.outside.sent.clear()
    spent = await scene.cpu(served, lanes)
    booked = sum("Booked:" in str(sent) for sent in scene.outside.sent)
    if booked != PEOPLE * BOOKINGS:
        raise AssertionError(f"{booked} of {PEOPLE * BOOKINGS} acts booked; last seen: {scene.outside.sent[-1]}")
    return spent


async def _acts(scene: Scene, person: TelegramTalk | SlackTalk, starts: Iterator[datetime]) -> list[Tap]:
    """Looks at so many free times, and gives the taps that book them."""
    acts = []
    for _each in range(BOOKINGS):
        await shown(scene, person, f"review/1/1/{next(starts):%Y%m%dT%H%MZ}")
        acts.append(person.act("Book it"))
    return acts


async def shown(scene: Scene, person: TelegramTalk | SlackTalk, address: str) -> None:
    wanted = scene.outside.shown + 1
    await person.taps(address)
    await scene.until_shown(wanted)


def _tap(person: TelegramTalk | SlackTalk, value: str) -> Tap:
    return lambda: person.taps(value)


async def telegram_taps(scene: Scene, served: Served, value: str, times: int, *, product: bool) -> Block:
    people = [scene.on_telegram(served) for _each in range(PEOPLE)]
    for person in people:
        await (arrives(person) if product else person.says("arrives"))
    return lambda: scene.cpu(served, [[_tap(person, value)] * times for person in people])


async def slack_taps(scene: Scene, served: Served, value: str, times: int) -> Block:
    people = [scene.on_slack(served) for _each in range(PEOPLE)]
    for person in people:
        await person.taps("arrives")
    return lambda: scene.cpu(served, [[_tap(person, value)] * times for person in people])


def no_ops(scene: Scene, served: Served) -> Block:
    people = [scene.on_slack(served) for _each in range(PEOPLE)]
    return lambda: scene.cpu(served, [[person.opens_link] * NO_OPS for person in people], shown=False)


async def _blocks(scene: Scene) -> dict[str, Block]:
    """Every block by its name, in the order of a round: what is compared stands side by side."""
    on_postgres = await scene.product(await scene.database())
    more_routes = await scene.product(await scene.database(), ROUTES_MORE="100")
    on_sqlite = await scene.product(await scene.sqlite())
    slack, telegram, default = [
        await scene.anchor(name, await scene.database()) for name in ("slack", "telegram", "telegram-default")
    ]
    small, bolt = await scene.anchor("telegram", await scene.sqlite()), await scene.anchor("bolt")
    starts = hours()

    async def shows(served: Served, value: str, *, product: bool) -> Block:
        return await telegram_taps(scene, served, value, SHOWS, product=product)

    beside: dict[str, Block] = {}
    if find_spec("uvloop") is not None:
        on_uvloop = await scene.product(await scene.database(), LOOP="uvloop")
        beside["book, uvloop"] = telegram_books(scene, on_uvloop, hours())
        beside["show, uvloop"] = await shows(on_uvloop, PLAIN, product=True)
    return {
        "book, Slack": slack_books(scene, on_postgres, starts),
        "floor of a booking, Slack": await slack_taps(scene, slack, "book", BOOKINGS),
        "book, Telegram": telegram_books(scene, on_postgres, starts),
        "floor of a booking, Telegram": await telegram_taps(scene, telegram, "book", BOOKINGS, product=False),
        "default stack, Telegram": await telegram_taps(scene, default, "book", BOOKINGS, product=False),
        "show, Postgres": await shows(on_postgres, PLAIN, product=True),
        "show, 100 routes more": await shows(more_routes, PLAIN, product=True),
        "floor of a turn, Postgres": await shows(telegram, "turn", product=False),
        "show, SQLite": await shows(on_sqlite, PLAIN, product=True),
        "floor of a turn, SQLite": await shows(small, "turn", product=False),
        "no-op, Slack": no_ops(scene, on_postgres),
        "no-op, Slack, 100 routes more": no_ops(scene, more_routes),
        "no-op, bare bolt": no_ops(scene, bolt),
        **beside,
    }


async def measure(rounds: int) -> list[Figure]:
    async with scene() as played:
        blocks = await _blocks(played)
        cpu: dict[str, list[float]] = {name: [] for name in blocks}
        for number in range(WARM_UP + rounds):
            for name, block in blocks.items():
                spent = await block()
                if number >= WARM_UP:
                    cpu[name].append(spent)
            if number == 0:
                await asyncio.gather(*map(postgres.keep_house, played.databases))

    def figure(
        goal: str, name: str, product: str, anchor: str, limit: float | None, mark: float | None = None
    ) -> Figure:
        return Figure(goal, name, cpu[product], cpu[anchor], "µs CPU", limit, mark)

    book, turn, no_op = "A booking confirmed", "A plain turn", "A no-op action, Slack"
    routes, uvloop = "the same, 100 routes fewer", "on uvloop; on asyncio's event loop"
    default = "default python-telegram-bot with the same database work"
    figures = [
        figure("9", f"{book}, Slack; the composed floor", "book, Slack", "floor of a booking, Slack", 2.2, 1.35),
        figure(
            "9", f"{book}, Telegram; the composed floor", "book, Telegram", "floor of a booking, Telegram", 2.1, 1.35
        ),
        figure("9", f"{book}, Telegram; {default}", "book, Telegram", "default stack, Telegram", 1.3, 0.63),
        figure("10", f"{turn}, Postgres; the composed floor", "show, Postgres", "floor of a turn, Postgres", 1.15),
        figure("10", f"{turn}, SQLite; the composed floor", "show, SQLite", "floor of a turn, SQLite", 1.15),
        figure("11", f"{no_op}; bare bolt with two listeners", "no-op, Slack", "no-op, bare bolt", 1.15),
        figure("11", f"{no_op}; {routes}", "no-op, Slack, 100 routes more", "no-op, Slack", 1.03),
        figure("11", f"{turn}, Postgres; {routes}", "show, 100 routes more", "show, Postgres", 1.03),
    ]
    if "show, uvloop" in cpu:
        figures += [
            figure("9", f"{book}, Telegram, {uvloop}", "book, uvloop", "book, Telegram", None),
            figure("10", f"{turn}, Postgres, {uvloop}", "show, uvloop", "show, Postgres", None),
        ]
    return figures
