"""Every payload of a story twice, three times at once, late and out of order, at two processes: it ends the same.

A story is told once by scripted people. What came in is then brought to fresh products in ways that Hypothesis
chooses, and what is kept and what was sent is compared with a product to which all came once and in order. A show
writes nothing, so its letter may come anywhere near its place; what changes something keeps its place, since a person
acted on what they saw; copies of either come at once, or much later, also while a question is open that was asked
meanwhile. Only Slack's late ones do not come while a chat is being asked: here its questions stand in chats, since
recorded triggers open no modal, and what a command or a tap asks there has no order.
"""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.force.endstate import FORMS, State, differences, state_of
from tests.force.recorded_payloads import Paid, RecordedPayload, Recording, Replay, Story, record
from tests.force.stories import STORIES
from tests.promises.posting import Post
from tests.support.servers.databases import fresh_sqlite

SLACK = "/slack/events"
PROCESSES = 2
LATER = 12
NEAR = 3
EXAMPLES = int(os.environ.get("FORCE_EXAMPLES", "2"))
"""For each story."""

POSTGRES_EXAMPLES = max(1, EXAMPLES // 2)


@dataclass(frozen=True)
class Told:
    """A story, and how it ends when everything comes once.

    `calm` are the steps after which nobody is being asked a question in a chat, `movable` those of them that changed
    nothing, `first` the first words of somebody.
    """

    recording: Recording
    end: State
    calm: frozenset[int] = frozenset()
    movable: frozenset[int] = frozenset()
    first: frozenset[int] = frozenset()


@dataclass
class Way:
    """How payloads arrive, chosen by `chance`: to which processes, how often, when again."""

    chance: random.Random

    def order(self, told: Told) -> list[int]:
        """The steps; those that change nothing change places with each other and with nothing else."""
        order = list(range(len(told.recording.steps)))
        for step in sorted(told.movable):
            to = step + self.chance.randint(1, NEAR)
            if told.movable.issuperset(range(step, to + 1)):
                order[step], order[to] = order[to], order[step]
        return order

    def copies(self) -> list[int]:
        """The processes to which one payload comes."""
        return [self.chance.randrange(PROCESSES) for _copy in range(self.chance.choice([1, 2, 2, 3]))]

    def together(self) -> bool:
        return self.chance.random() < 0.6

    def again(self, now: int, told: Told, post: Post) -> int | None:
        """The place in the order after which it comes once more."""
        last = len(told.recording.steps) - 1
        fits = [at for at in range(now + 1, now + LATER) if post.path != SLACK or min(at, last) in told.calm]
        return self.chance.choice(fits) if fits and self.chance.random() < 0.4 else None

    def shuffled(self, posts: list[Post]) -> list[Post]:
        return self.chance.sample(posts, len(posts))


class Plain(Way):
    """Once, in order, to the first process."""

    def order(self, told: Told) -> list[int]:
        return list(range(len(told.recording.steps)))

    def copies(self) -> list[int]:
        return [0]

    def again(self, now: int, told: Told, post: Post) -> int | None:
        return None

    def shuffled(self, posts: list[Post]) -> list[Post]:
        return posts


async def bring(product: Replay, post: Post, way: Way, *, first: bool = False) -> None:
    """First words come one after the other: two at once would leave a gap in Postgres' numbers of persons, which
    stand in the tags of what was recorded."""
    copies = way.copies()
    if way.together() and not first:
        answers = await product.together([post] * len(copies), copies)
    else:
        answers = [await product.post(post, at) for at in copies]
    assert {answer.status for answer in answers} == {200}
    for desk in product.desks:
        await desk.quiet()


async def replay(
    product: Replay, story: Told, way: Way, after: Callable[[int], Awaitable[None]] | None = None
) -> State:
    """Everything that happened in the story, brought this way; how it ended."""
    late: dict[int, list[Post]] = {}
    steps = story.recording.steps
    for place, number in enumerate(way.order(story)):
        await product.reaches(steps[place].at)
        step = steps[number]
        posts = [product.post_of(step)] if isinstance(step, RecordedPayload) else []
        if isinstance(step, Paid):
            await product.pays(step)
        for post in [*posts, *way.shuffled(product.news_of_stripe())]:
            await bring(product, post, way, first=number in story.first)
            again = way.again(place, story, post)
            if again is not None:
                late.setdefault(again, []).append(post)
        for post in [*way.shuffled(product.news_of_stripe()), *late.pop(place, [])]:
            await bring(product, post, way)
        if after is not None:
            await after(number)
    for post in way.shuffled([post for posts in late.values() for post in posts]):
        await bring(product, post, way)
    for _round in range(3):
        await product.sweeps()
        for post in way.shuffled(product.news_of_stripe()):
            await bring(product, post, way)
    return await state_of(product)


@cache
def home() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="rapport-redelivery-")


def fresh(recording: Recording, url: str = "") -> Replay:
    """On a new SQLite database unless told."""
    templates = Path(home().name)
    place = Path(mkdtemp(dir=templates))
    return Replay(place, url or fresh_sqlite(templates, place), recording=recording)


@cache
def told(story: Story) -> Told:
    return asyncio.run(_told(story))


async def _told(story: Story) -> Told:
    templates = Path(home().name)
    recording = await record(story, Path(mkdtemp(dir=templates)), templates)
    calm: set[int] = set()
    movable: set[int] = set()
    first: set[int] = set()
    async with fresh(recording) as product:
        await product.begins(1)
        before = await state_of(product)

        async def look(number: int) -> None:
            nonlocal before
            now = await state_of(product)
            if not now[FORMS]:
                calm.add(number)
                if now == before and isinstance(recording.steps[number], RecordedPayload):
                    movable.add(number)
            if now["accounts"] != before["accounts"]:
                first.add(number)
            before = now

        end = await replay(product, Told(recording, {}), Plain(random.Random(0)), look)
    return Told(recording, end, frozenset(calm), frozenset(movable), frozenset(first))


async def disturbed(story: Told, way: Way, url: str = "") -> State:
    async with fresh(story.recording, url) as product:
        await product.begins(PROCESSES)
        return await replay(product, story, way)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_however_often_and_wherever_it_comes_it_ends_the_same(story: Story) -> None:
    known = told(story)
    assert known.movable
    assert known.end["stripe"] or "settled" in story.__name__

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(st.randoms(use_true_random=False))
    def ends_the_same(chance: random.Random) -> None:
        wrong = differences(known.end, asyncio.run(disturbed(known, Way(chance))))
        assert not wrong, wrong

    ends_the_same()


@pytest.mark.postgres
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(POSTGRES_EXAMPLES))
def test_on_postgres_too(direct_database_url: str, seed: int) -> None:
    story = STORIES[seed % len(STORIES)]
    known = told(story)
    wrong = differences(known.end, asyncio.run(disturbed(known, Way(random.Random(seed)), direct_database_url)))
    assert not wrong, wrong
