"""200 people who want one hour at once: `Bookings.hold` beside the least that books safely on the same database.

Every booker of a round begins at the same moment; a round ends when the last one has an answer.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bench import postgres
from bench.anchors.booking import Rush, advisory_lock, single_writer
from bench.figures import Figure
from bot.domain.acts import Act
from bot.domain.refusals import Done, Refusal
from storage import tables
from storage.bookings.sessions import TAKING
from storage.engine import Storage
from storage.instants import from_epoch, to_epoch
from storage.upkeep import migrate
from tests.services.bare_practice import NOW
from tests.services.selling_practice import SellingPractice, guest
from tests.storage.support import new_sealer

BOOKERS = 200
APART_S = 900
LONGEST_MS = 1000.0


async def measure(rounds: int) -> list[Figure]:
    """Rounds at the same start and rounds at overlapping starts, on Postgres with 20 and 100 connections, on SQLite."""
    figures: list[Figure] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = await stack.enter_async_context(postgres.server())
        for connections in (20, 100):
            url = await database()
            rushes = await _product(stack, url, connections), await advisory_lock(stack, url, connections)
            figures += await _compare(f"Postgres, {connections} connections", rushes, rounds, 1.25)
        url = f"sqlite:///{folder / 'rapport.db'}"
        rushes = await _product(stack, url, 5), await single_writer(stack, folder / "bare.db")
        figures += await _compare("SQLite", rushes, rounds, 1.5)
    return figures


async def _compare(where: str, rushes: tuple[Rush, Rush], rounds: int, limit: float) -> list[Figure]:
    figures: list[Figure] = []
    for what, apart_s in (("same start", 0), ("overlapping starts", APART_S)):
        spent: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds + 1):
            for rush, kept in zip(rushes, spent, strict=True):
                took = await rush(starts(apart_s))
                if number:  # the first warms up
                    kept.append(took)
        name = f"{BOOKERS} bookers, {what}, {where}"
        figures.append(Figure("1", f"{name}: against a bare booking", *spent, "ms", limit))
        figures.append(Figure("1", f"{name}: longest round against a second", [max(spent[0])], [LONGEST_MS], "ms", 1.0))
    return figures


def starts(apart_s: int, bookers: int = BOOKERS) -> list[int]:
    """Where each booker wants to begin, counted in seconds from the first: four starts `apart_s` from each other."""
    return [apart_s * (number % 4) for number in range(bookers)]


async def _product(stack: AsyncExitStack, url: str, connections: int) -> Rush:
    await migrate.migrate(url)
    storage = await Storage.open(url, new_sealer(), pool_size=connections)
    stack.push_async_callback(storage.close)
    return (await Rushed(storage).open()).rush


class Rushed(SellingPractice):
    """A practice with a paid offer that begins every 15 minutes, and people who all want the same hour of it.

    `counters` are the processes where they are served, by turns.
    """

    async def open(self) -> "Rushed":
        await super().open()
        change = sa.update(tables.offers).where(tables.offers.c.id == self.paid.id).values(step_min=15)
        await self.storage.write(lambda tx: tx.execute(change))
        self.morning = to_epoch((await self.starts(self.paid, NOW + timedelta(days=1)))[0])
        self.guests = [await self.meet(guest(number)) for number in range(BOOKERS)]
        self.rounds = itertools.count(1)
        self.counters = [self.bookings]
        return self

    async def rush(self, wanted: Sequence[int]) -> float:
        """One round, as `Rush`; `wanted` counts from the first free hour. AssertionError when not exactly one wins,
        or a loser is not shown the three nearest free times.
        """
        times = [from_epoch(self.morning + start) for start in wanted]
        facts = {at: (await self.quote(guest(0), self.paid, at)).facts for at in dict.fromkeys(times)}
        number = next(self.rounds)
        first = number % len(self.guests)  # who comes first usually wins, and nobody may do thirty acts in a minute
        those = (self.guests[first:] + self.guests[:first])[: len(wanted)]
        acts = [Act(f"{number}:{each.id}", each, "telegram", NOW, "{id}") for each in those]
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(
                selling_practice.hold(act, self.paid.id, self.coach_id, at, facts[at])
                for act, at, selling_practice in zip(acts, times, itertools.cycle(self.counters), strict=False)
            )
        )
        took = (time.perf_counter() - began) * 1000
        judge(answers)
        taken = sa.select(sa.func.count()).where(tables.sessions.c.state.in_(TAKING))
        assert await self.storage.read(lambda tx: tx.execute(taken).scalar_one()) == 1
        won = next((act, answer) for act, answer in zip(acts, answers, strict=True) if isinstance(answer, Done))
        await self._lets_go(number, *won)
        return took

    async def _lets_go(self, number: int, act: Act, won: Done) -> None:
        """The next round finds the time free again."""
        booking = await self.found(int(won.next))
        leaving = Act(f"{number}:leaves", act.person, "telegram", NOW, "{id}")
        assert isinstance(await self.bookings.release(leaving, booking.id, booking.version), Done)


def judge(answers: Sequence[Done | Refusal]) -> None:
    assert sum(isinstance(answer, Done) for answer in answers) == 1, answers
    for answer in answers:
        if isinstance(answer, Refusal):
            assert len(answer.near) == 3, answer
