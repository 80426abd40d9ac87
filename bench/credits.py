"""What credits cost: a booking on credit, a ledger that has grown, and 200 people for one last credit.

A booking on credit stands beside a free one at the same process, tap by tap, since each says how many are left. The
race stands beside the race for one time of `bench.bookers`.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bench.bookers import Rushed
from bench.figures import Figure
from bench.postgres import keep_house
from bench.scale import KINDS, WithDatabase, backends
from bench.scene import KEY, cpu_us
from bench.talk import TelegramTalk, arrives, owner
from bench.turns import BOOKINGS, PEOPLE, Block, Scene, hours, scene, shown
from bot.domain.acts import Act
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.domain.refusals import Done
from bot.services.credits import ledger
from bot.services.credits.balances import Balances
from storage import tables
from storage.engine import Storage
from storage.sealing import Sealer
from storage.upkeep import migrate
from tests.services.bare_practice import NOW, OWNER, done
from tests.services.selling_practice import guest
from tests.storage.support import new_sealer

FREE, ON_CREDIT = 1, 2
"""The offers of the bench's practice."""

PRICE = Money(4500, "EUR")
STRIPE = {"STRIPE_SECRET_KEY": "sk_test_bench", "STRIPE_WEBHOOK_SECRET": "whsec_bench"}
FEW, MANY = 10, 10_000
ON_A_PAGE, LOOKS, PARTS = 10, 40, 5


async def measure(rounds: int) -> list[Figure]:
    figures: list[Figure] = []
    for kind in KINDS:
        async with scene() as played:
            url = await _database(played, kind)
            figures.append(await _bookings(played, kind, url, rounds))
        async with scene() as played:
            figures.append(await _histories(played, kind, await _database(played, kind), rounds))
        async with scene() as played:
            figures.append(await _race(played.stack, kind, await _database(played, kind), rounds))
    return figures


async def _database(played: Scene, kind: str) -> str:
    return await (played.database() if kind == "Postgres" else played.sqlite())


async def _bookings(played: Scene, kind: str, url: str, rounds: int) -> Figure:
    web = await played.product(url, **STRIPE, STRIPE_API_URL=played.outside.url)
    await _sells(owner(played.session, web.url, played.outside))
    storage = await Storage.open(url, Sealer([KEY]))
    played.stack.push_async_callback(storage.close)
    served, starts = WithDatabase(web.process, web.url, web.start_ms, url), hours()
    blocks = [_books(played, served, storage, offer, starts) for offer in (ON_CREDIT, FREE)]
    return Figure(
        "15", f"A booking on credit, {kind}; a free one", *await _by_turns(blocks, rounds, parts=1), "µs CPU", 1.25
    )


async def _sells(owner: TelegramTalk) -> None:
    """A second offer, with a price."""
    await owner.taps("offers/line")
    await owner.says("Paid ahead 30 min 45")
    await owner.act("Open for booking")()


def _books(played: Scene, served: WithDatabase, storage: Storage, offer: int, starts: Iterator[datetime]) -> Block:
    """Somebody new each time, since nobody may do many acts a minute; all of them have credits."""

    async def block() -> float:
        people = [played.on_telegram(served) for _each in range(PEOPLE)]
        for person in people:
            await arrives(person)
            await _gives(storage, person.user)
        spent = []
        for _each in range(BOOKINGS):
            for person in people:
                await shown(played, person, f"review/{offer}/1/{next(starts):%Y%m%dT%H%MZ}")
            played.outside.sent.clear()
            await served.look()
            spent.append(await played.cpu(served, [[person.act("Book it")] for person in people]))
            booked = sum("Booked:" in str(sent) for sent in played.outside.sent)
            assert booked == PEOPLE, f"{booked} of {PEOPLE} booked; last seen: {played.outside.sent[-1]}"
        return statistics.fmean(spent)

    return block


async def _gives(storage: Storage, user: int) -> None:
    person = sa.select(tables.accounts.c.person_id).where(tables.accounts.c.user_ref == str(user))
    now = datetime.now(UTC)
    person_id = await storage.read(lambda tx: tx.execute(person).scalar_one())
    until = now + timedelta(days=180)
    new = ledger.NewGrant(
        person_id, "Paid ahead", BOOKINGS, Money(BOOKINGS * PRICE.amount, "EUR"), PRICE, [ON_CREDIT], until
    )
    await storage.write(lambda tx: ledger.give(tx, new, Cause(None, "bench", now)))


async def _histories(played: Scene, kind: str, url: str, rounds: int) -> Figure:
    """What `/packages` and the newest page of a history cost, of one who has many entries and one who has few."""
    practice = await Rushed(await _opened(played.stack, url)).open()
    blocks = [await _looks(practice, url, number, entries) for number, entries in enumerate((MANY, FEW))]
    name = f"Balance and history, {kind}: {MANY:,} entries; {FEW}"
    return Figure("15", name, *await _by_turns(blocks, rounds), "µs CPU", 1.1)


async def _looks(practice: Rushed, url: str, number: int, entries: int) -> Block:
    person, storage = practice.guests[number], practice.storage
    new = ledger.NewGrant(person.id, "Five", 5, Money(5 * PRICE.amount, "EUR"), PRICE, [practice.paid.id])
    grant = await storage.write(lambda tx: ledger.give(tx, new, Cause(None, "bench", NOW)))
    await _fills(storage, grant.id, entries)
    if not url.startswith("sqlite"):
        await keep_house(url)
    balances = Balances(storage)

    async def look() -> None:
        [mine] = await balances.of_person(person.id)
        page = await balances.history(person.id, grant.id, None, ON_A_PAGE)
        assert page is not None
        assert (mine.holding.credits.available, len(page.entries)) == (5 - (entries - 1) % 2, ON_A_PAGE)

    async def block() -> float:
        mine = await backends(url)
        before = time.process_time() * 1e6 + sum(map(cpu_us, mine))
        for _each in range(LOOKS):
            await look()
        return (time.process_time() * 1e6 + sum(map(cpu_us, mine)) - before) / LOOKS

    return block


async def _fills(storage: Storage, grant_id: int, entries: int) -> None:
    """A credit is taken and comes back, over and over."""
    at = int(NOW.timestamp())
    rows = [
        {
            "grant_id": grant_id, "number": number, "kind": "reserved" if taken else "returned",
            "amount": 1 - 2 * taken, "balance": 5 - taken, "reserved": taken, "at": at,
        }
        for number in range(2, entries + 1)
        for taken in (1 - number % 2,)
    ]  # fmt: skip
    await storage.write(lambda tx: tx.execute(sa.insert(tables.credit_entries), rows))


async def _race(stack: AsyncExitStack, kind: str, url: str, rounds: int) -> Figure:
    practice = await Pooled(await _opened(stack, url)).open()
    blocks = [practice.for_the_credit, lambda: practice.rush([0] * len(practice.guests))]
    name = f"{len(practice.guests)} people for one last credit, {kind}; for one time"
    return Figure("15", name, *await _by_turns(blocks, rounds, parts=1), "ms", 1.25)


class Pooled(Rushed):
    """Everybody may use one credit that a company has left."""

    async def open(self) -> "Pooled":
        await super().open()
        person = await self.meet(OWNER)
        members = tuple(each.id for each in self.guests)
        new = ledger.NewGrant(person.id, "Pool", 1, PRICE, PRICE, [self.paid.id], member_ids=members)
        await self.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "bench", NOW)))
        self.far = (await self.starts(self.paid))[-1]
        return self

    async def for_the_credit(self) -> float:
        """Milliseconds until the last has an answer; then the credit comes back."""
        facts, number = (await self.quote(guest(0), self.paid, self.far)).facts, next(self.rounds)
        first = number % len(self.guests)
        those = self.guests[first:] + self.guests[:first]
        acts = [Act(f"{number}:{each.id}", each, "telegram", NOW, "{id}") for each in those]
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(
                self.bookings.hold(act, self.paid.id, self.coach_id, self.far, facts, on_credit=lambda *_told: True)
                for act in acts
            )
        )
        took = (time.perf_counter() - began) * 1000
        [(act, won)] = [(act, answer) for act, answer in zip(acts, answers, strict=True) if isinstance(answer, Done)]
        booking = await self.found(int(won.next))
        told = cancel_facts(self.bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
        leaving = Act(f"{number}:leaves", act.person, "telegram", NOW, "{id}")
        done(await self.bookings.cancel(leaving, booking.id, booking.version, told))
        return took


async def _opened(stack: AsyncExitStack, url: str) -> Storage:
    await migrate.migrate(url)
    storage = await Storage.open(url, new_sealer(), pool_size=20)
    stack.push_async_callback(storage.close)
    return storage


async def _by_turns(
    blocks: Sequence[Callable[[], Awaitable[float]]], rounds: int, parts: int = PARTS
) -> tuple[list[float], list[float]]:
    """Rounds of both after one that warms up; in each they take turns, so what else the machine does meets both."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        costs = [[await block() for block in blocks] for _part in range(parts)]
        if number:
            for kept, those in zip(spent, zip(*costs, strict=True), strict=True):
                kept.append(statistics.fmean(those))
    return spent
