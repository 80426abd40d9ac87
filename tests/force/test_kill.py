"""`kill -9` of web and worker at random moments while people book and pay and reminders fall due.

The judge reads what the platforms logged. KILLS says how often (20 by `make force`), SEED repeats a run.
"""

import asyncio
import itertools
import os
import random
import signal
from http import HTTPStatus

import asyncpg
import pytest

from tests.force.crowd import crowd, keeps_booking
from tests.force.judge import judge
from tests.journeys.stories import first_day, lets_book_without_end
from tests.support.cluster import Cluster
from tests.support.whole_product import ALWAYS

KILLS = int(os.environ.get("KILLS", "2"))
SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
HOURS = (0.2, 8.0)
QUIET_MINUTES = 40
SLOW_SECONDS = 0.4
SENT_SECONDS = 1.5
"""Longer than a slow message takes from its intent to its outcome."""
GIVES_UP_SECONDS = 3.0
"""After which nobody waits any longer for an answer that was lost with its process."""

HEARD_SECONDS = 60.0
"""Stripe's stand-in says again what failed after 0.5 seconds, then ever later, for a minute."""

LOOK_SECONDS = 0.1
OPEN = "outbox WHERE state = 'sending' OR (state = 'pending' AND due <= $1)"

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300 + 60 * KILLS)]


async def rows(cluster: Cluster, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(cluster.database_url)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def unapplied(cluster: Cluster) -> list[asyncpg.Record]:
    """Events of vendors that were kept and not yet applied."""
    return await rows(cluster, "SELECT id FROM inbox WHERE state = 'received'")


async def passes_calmly(cluster: Cluster, hours: float) -> None:
    """Once nobody alive has a message under way: a clock that leaps ends the leases of those who send, too.

    What stays as it is for longer than any message takes belongs to the dead.
    """
    loop = asyncio.get_running_loop()
    before, since = await still_open(cluster), loop.time()
    while before and loop.time() - since < SENT_SECONDS:
        await asyncio.sleep(LOOK_SECONDS)
        now_open = await still_open(cluster)
        if now_open != before:
            before, since = now_open, loop.time()
    await cluster.passes(hours=hours)


async def still_open(cluster: Cluster) -> list[tuple[int, str]]:
    """Messages that are due or under way."""
    found = await rows(cluster, f"SELECT id, state FROM {OPEN} ORDER BY id", now(cluster))
    return [(row["id"], row["state"]) for row in found]


def now(cluster: Cluster) -> int:
    return int(cluster.clock.now().timestamp())


async def sending(cluster: Cluster) -> set[int]:
    """Messages whose intent is marked and whose outcome is not."""
    return {row["id"] for row in await rows(cluster, "SELECT id FROM outbox WHERE state = 'sending'")}


async def one_goes_down(cluster: Cluster, dice: random.Random, *, politely: bool) -> int:
    """A web or a worker, at some moment after the clock made messages due; how many were on their way then."""
    await asyncio.sleep(dice.uniform(0.0, 1.5))
    victim = dice.choice([process for process in cluster.processes if process.alive])
    if politely:
        # One that has not yet come to listening for signals ends by them, and had nothing under way.
        assert await victim.stop() in (0, -signal.SIGTERM), victim.logged()
    else:
        await victim.kill()
    in_flight = len(await sending(cluster))
    await (cluster.start_web() if victim.command == "web" else cluster.start("worker"))
    return in_flight


async def storm(cluster: Cluster, kills: int, *, politely: bool = False) -> int:
    """How many messages were on their way when processes went down."""
    dice = random.Random(SEED)
    owner = cluster.owner("telegram")
    await first_day(owner)
    await lets_book_without_end(owner)
    people = await crowd(cluster)
    for standin, method in ((cluster.telegram, "sendMessage"), (cluster.slack, "chat.postMessage")):
        standin.faults.add(method, "slow", seconds=SLOW_SECONDS, times=ALWAYS)  # so that much is on its way at a kill
    in_flight = 0
    for _each in range(kills):
        await passes_calmly(cluster, dice.uniform(*HOURS))
        over = asyncio.Event()
        booking = [asyncio.create_task(keeps_booking(each, dice, over)) for each in people]
        in_flight += await one_goes_down(cluster, dice, politely=politely)
        over.set()
        done, waiting = await asyncio.wait(booking, timeout=GIVES_UP_SECONDS)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.gather(*done)
    await settles(cluster)
    return in_flight


async def settles(cluster: Cluster) -> None:
    """Leases of the dead run out, what Stripe has to say is heard, and everything due is dealt with."""
    for _minute in range(QUIET_MINUTES):
        await cluster.until(lambda: all_heard(cluster), within=HEARD_SECONDS)
        if not (await still_open(cluster) or await unapplied(cluster)):
            return
        await passes_calmly(cluster, 1.1 / 60)
    raise AssertionError(f"the outbox and the inbox never came to rest\n{cluster.account()}")


def all_heard(cluster: Cluster) -> bool:
    """What a process that was killed did not take, Stripe says again."""
    answered = {attempt.event for attempt in cluster.stripe.webhooks.attempts if attempt.status == HTTPStatus.OK}
    return answered >= set(cluster.stripe.account.events.all)


async def test_nothing_is_lost_or_done_twice_when_processes_are_killed(cluster: Cluster) -> None:
    in_flight = await storm(cluster, KILLS)
    verdict = await judge(cluster, cluster.database_url)
    told = f"seed {SEED}, {KILLS} kills, {in_flight} in flight: {verdict.told()}"
    print(told)  # noqa: T201
    assert not verdict.wrong, f"{told}\n" + "\n".join(verdict.wrong)
    assert verdict.doubles["slack"] == 0, told
    # Rows on their way say of themselves that they may be out twice; a web process may have one answer on its way, too.
    assert sum(verdict.doubles.values()) <= min(in_flight, verdict.known) + KILLS, told
    looked = [call.at for call in cluster.slack.journal.calls("conversations.history") if "oldest" in call.params]
    assert all((after - before).total_seconds() >= 60 for before, after in itertools.pairwise(looked)), looked


async def test_nothing_is_sent_twice_when_processes_are_asked_to_end(cluster: Cluster) -> None:
    await storm(cluster, KILLS, politely=True)
    verdict = await judge(cluster, cluster.database_url)
    told = f"seed {SEED}: {verdict.told()}"
    assert not verdict.wrong, f"{told}\n" + "\n".join(verdict.wrong)
    assert (sum(verdict.doubles.values()), verdict.known) == (0, 0), told
