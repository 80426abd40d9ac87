"""The ledger against a model: whatever is done in whatever order, each credit is where it should be.

The model knows every credit by itself; the ledger knows numbers alone. CREDIT_LIVES: how many lives are played.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.credits import rules
from bot.domain.credits.grants import EntryKind, Holding
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.domain.refusals import Refusal
from bot.services.credits import corrections, ledger
from storage.credits import entries, holdings
from storage.engine import Storage, Tx
from storage.tables import audit, offers
from tests.storage.support import NOW, add_person

LIVES = int(os.environ.get("CREDIT_LIVES", "3"))
SEED = int(os.environ.get("SEED", "11"))
STEPS = 60
DAY = timedelta(days=1)
FAR = NOW + timedelta(days=9999)
OFFER = {"name": "Single", "length_min": 50, "step_min": 30, "price": 4500, "currency": "EUR", "created_at": 0}


@dataclass
class One:
    """A credit. `until`: its own end, if it has days of grace."""

    grant: int
    until: datetime | None = None
    state: str = "free"  # free | reserved | spent | over | taken away
    booking: int | None = None


@dataclass
class Model:
    ends: dict[int, datetime | None] = field(default_factory=dict)
    extended: set[int] = field(default_factory=set)
    credits: list[One] = field(default_factory=list)

    def end(self, one: One) -> datetime:
        ends = self.ends[one.grant]
        return FAR if ends is None else max(ends, one.until or ends)

    def free(self, grant: int | None = None) -> list[One]:
        """The one that ends first at the head."""
        those = [each for each in self.credits if each.state == "free" and grant in (None, each.grant)]
        return sorted(those, key=lambda each: (self.end(each), each.grant, each.until is None))

    def of(self, booking: int) -> One | None:
        return next((each for each in self.credits if each.booking == booking), None)

    def take(self, starts: datetime, booking: int) -> int | None:
        found = next((each for each in self.free() if starts < self.end(each)), None)
        if found is not None:
            found.state, found.booking = "reserved", booking
        return None if found is None else found.grant

    def back(self, one: One, now: datetime, by_practice: bool) -> None:
        end = self.end(one)
        if end is not FAR and end - now < 14 * DAY and (one.until is None or by_practice or end <= now):
            one.until = (now + 14 * DAY + DAY / 24 - DAY / 86_400).replace(minute=0, second=0)
        one.state, one.booking = "free", None

    def expire(self, grant: int, now: datetime) -> int:
        ended = [each for each in self.free(grant) if self.end(each) <= now]
        for each in ended:
            each.state = "over"
        return len(ended)

    def extend(self, grant: int, to: datetime, now: datetime) -> bool:
        end = self.ends[grant]
        if grant in self.extended or end is None or to <= max(end, now):
            return False
        self.ends[grant] = to
        self.extended.add(grant)
        for each in self.credits:
            if each.grant == grant and each.state == "over" and each.until is None:
                each.state = "free"
        return True

    def adjust(self, grant: int, by: int, now: datetime) -> bool:
        end = self.ends[grant]
        if len(self.free(grant)) + by < 0 or (by > 0 and end is not None and end <= now):
            return False
        self.credits += [One(grant) for _each in range(by)]
        for each in self.free(grant)[: max(-by, 0)]:
            each.state = "taken away"
        return True


class Life:
    """One client's life, in the ledger and in the model."""

    def __init__(self, storage: Storage, chance: random.Random) -> None:
        self.storage, self.chance, self.model = storage, chance, Model()
        self.now, self.bookings = NOW, 0
        self.person = self.offer = 0

    async def begin(self) -> None:
        def work(tx: Tx) -> None:
            self.person = add_person(tx)
            self.offer = tx.insert(sa.insert(offers).values(**OFFER))

        await self.storage.write(work)
        for days in (20, 60, None):
            await self.give(days)

    async def give(self, days: int | None) -> None:
        ends = None if days is None else self.now + days * DAY
        new = ledger.NewGrant(self.person, "Three", 3, Money(1, "EUR"), Money(1, "EUR"), [self.offer], ends)
        grant = await self.storage.write(lambda tx: ledger.give(tx, new, self.cause))
        self.model.ends[grant.id] = ends
        self.model.credits += [One(grant.id) for _each in range(3)]

    @property
    def cause(self) -> Cause:
        return Cause(self.person, "telegram", self.now)

    async def step(self) -> None:
        act: Callable[[Tx], None] = self.chance.choice(
            [self.reserve, self.reserve, self.spend, self.back, self.back, self.again, self.expire, self.adjust,
             self.extend]
        )  # fmt: skip
        await self.storage.write(act)
        self.now += self.chance.choice((0, 1, 1, 3)) * DAY / 2
        await self.storage.read(self.compare)

    def reserve(self, tx: Tx) -> None:
        self.bookings += 1
        starts = self.now + self.chance.randrange(40) * DAY
        held = holdings.usable(tx, self.person, self.offer, lock=True)
        found = rules.choose(held, self.offer, starts)
        expected = self.model.take(starts, self.bookings)
        assert (found.held.grant.id if isinstance(found, rules.ChosenCredit) else None) == expected
        if isinstance(found, rules.ChosenCredit):
            ledger.reserve(tx, found, self.bookings, self.cause)

    def one(self) -> tuple[One, int, int] | None:
        """A credit that some booking has."""
        taken = [each for each in self.model.credits if each.booking is not None]
        one = self.chance.choice(taken) if taken else None
        return None if one is None or one.booking is None else (one, one.grant, one.booking)

    def spend(self, tx: Tx) -> None:
        if found := self.one():
            one, grant, booking = found
            assert (ledger.spend(tx, grant, booking, self.cause) is not None) == (one.state == "reserved")
            one.state = "spent"

    def again(self, tx: Tx) -> None:
        if found := self.one():
            one, grant, booking = found
            assert (ledger.take_again(tx, grant, booking, self.cause) is not None) == (one.state == "spent")
            one.state = "reserved"

    def back(self, tx: Tx) -> None:
        if found := self.one():
            one, grant, booking = found
            by_practice = self.chance.random() < 0.5
            taken = ledger.give_back(tx, grant, booking, self.cause, by_practice=by_practice)
            self.model.back(one, self.now, by_practice)
            assert taken is not None
            assert taken.credit.until == one.until
            assert ledger.give_back(tx, grant, booking, self.cause, by_practice=by_practice) is None, "only once"

    def expire(self, tx: Tx) -> None:
        for grant in holdings.ended_lately(tx, self.now, 50):
            assert ledger.expire(tx, grant, self.cause) == self.model.expire(grant, self.now)

    def adjust(self, tx: Tx) -> None:
        grant, by = self.chance.choice(list(self.model.ends)), self.chance.choice((-2, -1, 1))
        done = corrections.adjust(tx, grant, by, "because", self.cause)
        assert isinstance(done, Holding) == self.model.adjust(grant, by, self.now)

    def extend(self, tx: Tx) -> None:
        grant, to = self.chance.choice(list(self.model.ends)), self.now + self.chance.randrange(40) * DAY
        done = corrections.extend(tx, grant, to, "because", self.cause)
        assert isinstance(done, Refusal) != self.model.extend(grant, to, self.now)

    def compare(self, tx: Tx) -> None:
        for held in holdings.of_person(tx, self.person):
            mine, free = held.grant.id, self.model.free(held.grant.id)
            assert held.credits.available == len(free)
            assert held.credits.reserved == sum(
                each.grant == mine and each.state == "reserved" for each in self.model.credits
            )
            assert sorted(held.credits.grace) == sorted(each.until for each in free if each.until is not None)
            assert rules.left(held, self.now) == sum(self.model.end(each) > self.now for each in free)

    def adds_up(self, tx: Tx) -> None:
        """Each balance is the sum of the amounts until then, the numbers have no gap, and each has its audit row."""
        found = 0
        for grant in self.model.ends:
            total = 0
            lines = list(reversed(entries.of_grant(tx, grant, most=1000)))
            for number, entry in enumerate(lines, 1):
                total += entry.amount
                assert (entry.number, entry.balance) == (number, total)
            assert lines[0].kind is EntryKind.GRANTED
            found += len(lines)
        trail = sa.select(audit.c.act).where(audit.c.act.startswith("credit."))
        assert sum(act != "credit.extended" for act in tx.execute(trail).scalars()) == found


async def test_every_credit_is_where_it_should_be(storage: Storage) -> None:
    for number in range(LIVES):
        life = Life(storage, random.Random(SEED + number))
        await life.begin()
        for _step in range(STEPS):
            await life.step()
        if number == 0:
            await storage.read(life.adds_up)
