"""Stories of money as Stripe tells them: prepared here, then happening there, and kept as the events that told them."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.differences import Compared
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Profile
from bot.handlers.payments import order_words
from bot.services.books.reconcile import reconcile
from bot.services.cards.cards import Cards
from bot.services.invoices.invoices import Invoices
from bot.services.kit.inbox import Inbox
from bot.services.payments.payment_events import PaymentEvents
from bot.services.reactions import react
from storage import tables
from storage.engine import Storage, Tx
from storage.journal import inbox
from storage.payments import payments
from tests.services.bare_practice import OWNER
from tests.services.books.moved import GOES_BACK, Moved
from tests.services.books.other_ways import OtherWays
from tests.services.disputes.selling_packages import ordered
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest

Event = Mapping[str, Any]
"""As Stripe tells it. What another `provider` tells never gets lost, and is told again under its own id."""


@dataclass(frozen=True)
class Recorded:
    """`file`: our database as it was at `at`, before anything of it was told. `events`: all that Stripe said then, in
    order."""

    practice: PaidPractice
    file: Path
    at: datetime
    events: Sequence[Event]

    @property
    def of_others(self) -> Sequence[Event]:
        return [event for event in self.events if "provider" in event]


async def recorded(practice: PaidPractice, database: Path, folder: Path) -> Recorded:
    """Sessions, packages and gifts that are paid, paid twice, given back, disputed, left, moved to another offer; each
    by a client of its own.

    `database`: the file of the practice.
    """
    sandbox, before = practice.sandbox, folder / "before.db"
    others, moved = OtherWays(practice), Moved(practice)
    await others.begin()
    await moved.begin()
    times = (await practice.starts(practice.paid, practice.now()))[::3]
    own = await practice.hold(times[0], guest(0))
    await practice.pays(await practice.page(own))
    await practice.heard()
    await practice.control("options", refund_status="pending")
    await practice.cancel(own.id, OWNER)
    await moved.goes_back()
    await practice.sweep(seconds=1)
    await practice.heard()
    await practice.silence()
    await practice.control("options", refund_status="succeeded")
    told = set(sandbox.account.events.all)
    sessions = [await _page(practice, times[number], guest(number)) for number in range(1, 4)]
    packages = [await _package(practice, guest(number)) for number in range(4, 10)]
    again = await _second_page(practice, packages[5])
    await others.prepare(times[4:])
    await moved.prepare()
    _copy(database, before)
    at = practice.now()

    [own_refund] = [each.id for each in sandbox.account.refunds.values() if each.amount != GOES_BACK]
    await practice.control("refund_outcome", refund=own_refund, status="failed")
    for page in (*sessions[:2], *packages, again):
        await practice.control("pay", session=page, card="success")
    await practice.provider.close(sessions[2])
    failing = await practice.control("refund", charge=_charge(practice, sessions[0]), amount=1000)
    await practice.control("refund_outcome", refund=failing["id"], status="failed", failure_reason="declined")
    await practice.control("refund", charge=_charge(practice, sessions[1]), amount=2000)
    for page, status in ((packages[0], "won"), (packages[1], "lost"), (sessions[1], "lost")):
        dispute = await practice.control("dispute", charge=_charge(practice, page))
        await practice.control("dispute_outcome", dispute=dispute["id"], status=status)
    await practice.control("dispute", charge=_charge(practice, packages[2]))
    await practice.control("refund", charge=_charge(practice, packages[3]), amount=9500)
    await practice.control("fraud_warning", charge=_charge(practice, packages[4]))
    await practice.control("refund", charge=_charge(practice, packages[4]))
    await moved.happen()
    in_chat = await others.happen()
    events = [event for name, event in sandbox.account.events.all.items() if name not in told]
    return Recorded(practice, before, at, [in_chat, *events])


async def _page(practice: PaidPractice, at: datetime, who: Profile) -> str:
    return str((await practice.page(await practice.hold(at, who))).checkout_ref)


async def _package(practice: PaidPractice, who: Profile) -> str:
    page = await practice.payments.ready_order(await ordered(practice, who), practice.now())
    assert page is not None
    return str(page.checkout_ref)


async def _second_page(practice: PaidPractice, page: str) -> str:
    first = await practice.storage.read(lambda tx: payments.by_ref(tx, page))
    assert first is not None
    asked = await practice.storage.read(lambda tx: payments.parameters(tx, first.id))
    return (await practice.provider.open(asked, "another key")).ref


def _charge(practice: PaidPractice, page: str) -> str:
    account = practice.sandbox.account
    return str(account.intents[account.session(page).payment_intent or ""].latest_charge)


def _copy(there: Path, to: Path) -> None:
    """A whole copy of a database that others have open."""
    source, target = sqlite3.connect(there), sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()


@dataclass
class Life:
    """One of the ways in which the story may be told. It has a clock of its own: Stripe's stands still."""

    storage: Storage
    events: Sequence[Inbox[Payment | None]]
    cards: Cards
    story: PaidPractice
    now: datetime

    async def hears(self, event: Event, name: str | None = None) -> None:
        kind, body, now = str(event["type"]), event["data"]["object"], self.now
        who = event.get("provider", "stripe")
        await self.storage.write(lambda tx: inbox.put(tx, who, name or event["id"], kind, body, now))

    async def applies(self) -> None:
        while sum([await each.apply_due(self.now) for each in self.events]):
            pass

    async def settles(self) -> None:
        """What is tried again is, until nothing waits; no hold ends meanwhile."""
        for _time in range(5):
            self.now += timedelta(seconds=45)
            await self.applies()
        await self.looks_at_cards()

    async def looks_at_cards(self) -> None:
        """Stripe is asked for the cards of customers of whom there was news."""
        for each in self.cards.work.intents:
            await each.due(self.now)

    async def doctor(self) -> Compared:
        provider = self.story.provider
        since = self.now - timedelta(days=10)
        return await reconcile(self.storage, react, provider, provider.books, since, self.now)

    async def ends(self) -> dict[str, list[Any]]:
        return await self.storage.read(_state)


@asynccontextmanager
async def life(story: Recorded, folder: Path, number: int) -> AsyncIterator[Life]:
    file = folder / f"life{number}.db"
    file.write_bytes(story.file.read_bytes())
    storage = await Storage.open(f"sqlite:///{file}", story.practice.storage.sealer)
    provider = story.practice.provider
    # Nothing is given back from here: all lives have one Stripe between them.
    events = [
        Inbox(storage, provider, PaymentEvents(storage, react, provider).apply),
        *Invoices(storage, react, order_words.describe, on=False).work.told,
    ]
    try:
        yield Life(storage, events, Cards(storage, provider, story.practice.url), story.practice, story.at)
    finally:
        await storage.close()
        file.unlink()


def _state(tx: Tx) -> dict[str, list[Any]]:
    """All that money did, without what tells only in which order we heard of it."""
    money, paid, back, book = (tables.transactions.c, tables.payments.c, tables.refunds.c, tables.bookings.c)
    entry, freeze, paper = tables.credit_entries.c, tables.freezes.c, tables.receipts.c
    gift, card = tables.gifts.c, tables.cards.c
    last = sa.select(sa.func.max(entry.id)).group_by(entry.grant_id)
    asked: dict[str, sa.Select[Any]] = {
        "transactions": sa.select(money.kind, money.amount, money.currency, money.order_id, money.tax_amount),
        "payments": sa.select(paid.order_id, paid.state, paid.amount),
        "refunds": sa.select(back.order_id, back.state, back.amount, back.reason),
        "bookings": sa.select(book.id, book.state, book.offer_id, book.price, book.tax_amount),
        "orders": sa.select(tables.orders.c.id, tables.orders.c.state),
        "disputes": sa.select(tables.disputes.c.dispute_ref, tables.disputes.c.state),
        "credits": sa.select(tables.grants.c.order_id, entry.balance, entry.reserved)
        .join(tables.grants, tables.grants.c.id == entry.grant_id)
        .where(entry.id.in_(last)),
        "freezes": sa.select(tables.grants.c.order_id, freeze.sessions, freeze.state).join(
            tables.grants, tables.grants.c.id == freeze.grant_id
        ),
        "gifts": sa.select(gift.order_id, gift.state),
        "cards": sa.select(card.customer_id, card.brand, card.last4, card.state),
        "receipts": sa.select(paper.kind, paper.order_id, paper.amount),
    }
    return {name: sorted(map(tuple, tx.execute(query).all()), key=repr) for name, query in asked.items()}
