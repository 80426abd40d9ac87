"""A second vendor in one file: makes links to meet at, tells who came, and knows nothing of retries and leases."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.notices.incoming import InboxRow
from bot.integrations.vendor import Event, NotAuthentic, VendorRefused
from bot.services.kit.inbox import Inbox, OfNoConcern, Unknown
from bot.services.kit.intents import IntentRunner
from bot.services.kit.patience import Patience
from bot.services.kit.vendor_work import VendorWork
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from tests.storage.support import new_sealer

LINKS = sa.Table(
    "fake_links",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("came", sa.Integer, nullable=False, default=0),
    sa.Column("next_at", sa.BigInteger),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
)
PATIENCE = Patience(longest=timedelta(seconds=60), give_up_after=4, answer_s=0.2)
SECRET = "a word between us"


class Slow(Exception):
    """In a script: the vendor never answers."""


@dataclass
class FakeMeetings:
    """The vendor's adapter. `script`: what befalls the next calls, one after the other; then all goes well."""

    name: str = "fakemeet"
    guard: str = "a shared word in a header"
    script: list[Exception] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def make(self, key: str) -> str:
        """The same link for the same key."""
        self.keys.append(key)
        await self.ask()
        return f"https://meet.example/{key}"

    async def ask(self) -> None:
        trouble = self.script.pop(0) if self.script else None
        if isinstance(trouble, Slow):
            await asyncio.Event().wait()
        if trouble is not None:
            raise trouble

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        if headers.get("X-Fakemeet") != SECRET:
            raise NotAuthentic("another word")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        if headers.get("X-Fakemeet") != SECRET:
            raise NotAuthentic("another word")
        told = json.loads(body)
        return Event(told["id"], told["kind"], told)


@dataclass(frozen=True)
class MakeLink:
    row: Any
    vendor: FakeMeetings
    name: str = "link"
    patience: Patience = PATIENCE

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def failures(self) -> int:
        return int(self.row.failures)

    async def carry_out(self, _now: datetime) -> Callable[[Tx], int]:
        url = await self.vendor.make(f"link:{self.row.id}")
        return lambda tx: self._change(tx, state="made", url=url, next_at=None, failures=0)

    async def refused(self, _refusal: VendorRefused, _now: datetime) -> Callable[[Tx], int]:
        return lambda tx: self._change(tx, state="refused", next_at=None)

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        state = "given up" if again is None else "wished"
        self._change(tx, state=state, next_at=to_epoch(again), failures=self.failures + 1)

    def _change(self, tx: Tx, **values: Any) -> int:
        tx.execute(sa.update(LINKS).where(LINKS.c.id == self.row.id).values(**values))
        return self.id


@dataclass
class Links:
    vendor: FakeMeetings
    name: str = "links"
    seconds: float = 5.0

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Any]:
        due = sa.select(LINKS.c.id).where(LINKS.c.next_at <= to_epoch(now)).limit(limit)
        ready = due.with_for_update(skip_locked=True).cte("ready")
        taken = sa.update(LINKS).where(LINKS.c.id.in_(sa.select(ready.c.id)))
        return tx.execute(taken.values(next_at=to_epoch(now) + lease_s).returning(LINKS)).all()

    async def intent(self, row: Any, _now: datetime) -> MakeLink | None:
        return MakeLink(row, self.vendor)


class Meetings:
    """The service; `outcomes` are all that was done, in order."""

    def __init__(self, storage: Storage, vendor: FakeMeetings) -> None:
        self.storage = storage
        self.vendor = vendor
        self.outcomes: list[int] = []
        self.links = IntentRunner(storage, Links(vendor), self._then)
        self.inbox = Inbox(storage, vendor, self.apply, self._then)
        self.work = VendorWork((self.links,), (self.inbox,))

    async def wish(self, now: datetime, *ids: int) -> None:
        rows = [{"id": each, "state": "wished", "next_at": to_epoch(now), "came": 0, "failures": 0} for each in ids]
        await self.storage.write(lambda tx: tx.execute(sa.insert(LINKS), rows))

    async def apply(self, row: InboxRow, _now: datetime) -> Callable[[Tx], int]:
        if row.kind != "came":
            raise OfNoConcern("no attendance")
        await self.vendor.ask()
        link = int(str(row.payload["link"]))

        def record(tx: Tx) -> int:
            came = sa.update(LINKS).where(LINKS.c.id == link).values(came=LINKS.c.came + 1)
            if tx.execute(came).rowcount == 0:
                raise Unknown
            return link

        return record

    async def states(self) -> list[tuple[str, int]]:
        """(state, how many came) of every link."""
        rows = await self.storage.read(lambda tx: tx.execute(sa.select(LINKS).order_by(LINKS.c.id)).all())
        return [(row.state, row.came) for row in rows]

    async def _then(self, outcomes: Sequence[int], _now: datetime) -> None:
        self.outcomes += outcomes


@asynccontextmanager
async def meeting(sqlite_url: str) -> AsyncIterator[Meetings]:
    """The service over a database with a table of its own. On PostgreSQL the bot's role may make none."""
    storage = await Storage.open(sqlite_url, new_sealer())
    await storage.write(lambda tx: tx.execute(sa.schema.CreateTable(LINKS)))
    yield Meetings(storage, FakeMeetings())
    await storage.close()
