"""A practice that sells packages: bought, used and disputed, over HTTP with the Stripe stand-in."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.credits.grants import BookedCredit, Holding
from bot.domain.payments.disputes import Dispute
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Profile
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments import disputes as told
from bot.services.bookings.take_hold import on_credit
from bot.services.credits.choosing import Credits
from bot.services.disputes.record_dispute import record
from bot.services.payments import orders_tx
from bot.services.reactions import react
from storage import tables
from storage.credits import holdings
from storage.engine import Tx
from storage.payments import disputes
from tests.services.bare_practice import CLIENT, made
from tests.services.paid_practice import PaidPractice

PRICE, SESSIONS = Money(22500, "EUR"), 5


@dataclass(frozen=True)
class Bought:
    """A package of five that was paid. `charge` and `intent` are Stripe's."""

    order_id: int
    grant_id: int
    payment_id: int
    charge: str
    intent: str


async def ordered(practice: PaidPractice, who: Profile = CLIENT, kind: LineKind = LineKind.PACKAGE) -> int:
    """A client asks for a package of five of the paid offer, or gives it to somebody; the order."""
    person, cause = await practice.meet(who, practice.now()), Cause(None, "telegram", practice.now())
    terms = {
        "sessions": SESSIONS, "offers": [practice.paid.id], "months": 6, "until": None, "a_week": None, "single": 5000,
    }  # fmt: skip
    line = OrderLine(kind, PRICE, Subject("package", 1), "Five", terms=terms)
    found = await practice.storage.write(lambda tx: orders_tx.open_order(tx, react, person.id, (line,), cause))
    assert isinstance(found, Order), found
    return found.id


async def bought(practice: PaidPractice) -> Bought:
    order_id = await ordered(practice)
    page = await practice.payments.ready_order(order_id, practice.now())
    assert page is not None
    await practice.pays(page)
    await practice.heard()
    return await was_bought(practice, order_id, page.id)


async def was_bought(practice: PaidPractice, order_id: int, payment_id: int) -> Bought:
    paid = await practice.payment(payment_id)
    query = sa.select(tables.grants.c.id).where(tables.grants.c.order_id == order_id)
    grant_id = await practice.storage.read(lambda tx: tx.execute(query).scalar_one())
    assert paid.charge_ref
    assert paid.intent_ref
    return Bought(order_id, grant_id, payment_id, paid.charge_ref, paid.intent_ref)


async def session_paid(practice: PaidPractice) -> tuple[Booking, Payment]:
    """The last session of the week to come, paid by card."""
    booking = await practice.hold((await practice.starts())[-1])
    page = await practice.page(booking)
    await practice.pays(page)
    await practice.heard()
    return booking, await practice.payment(page.id)


async def books(practice: PaidPractice, at: datetime) -> Booking:
    """On credit."""
    person = await practice.meet(CLIENT, practice.now())
    quote = await practice.quote(CLIENT, practice.paid, at, practice.now())
    credit = await Credits(practice.storage).for_session(person.id, practice.paid.id, at, quote.coach.zone)
    assert isinstance(credit, BookedCredit), credit
    agreed, act = on_credit(quote, credit), await practice.act(CLIENT, practice.now())
    taken = await practice.bookings.hold(
        act, practice.paid.id, practice.coach_id, at, quote.facts, on_credit=lambda *facts: facts == agreed
    )
    return await practice.found(made(taken))


async def left(practice: PaidPractice, grant_id: int) -> tuple[int, int]:
    """Credits available, and those that bookings took."""
    held = await holding(practice, grant_id)
    return held.credits.available, held.credits.reserved


async def holding(practice: PaidPractice, grant_id: int) -> Holding:
    held = await practice.storage.read(lambda tx: holdings.find(tx, grant_id))
    assert held is not None
    return held


async def entered(practice: PaidPractice, grant_id: int) -> list[tuple[str, int]]:
    row = tables.credit_entries.c
    query = sa.select(row.kind, row.amount).where(row.grant_id == grant_id).order_by(row.number)
    return [tuple(each) for each in await practice.storage.read(lambda tx: tx.execute(query).all())]


async def movements(practice: PaidPractice) -> list[tuple[str, int]]:
    """All but the fees of charges."""
    row = tables.transactions.c
    query = sa.select(row.kind, row.amount, row.external_ref).order_by(row.id)
    found = await practice.storage.read(lambda tx: tx.execute(query).all())
    return [(each.kind, each.amount) for each in found if each.kind != "fee" or each.external_ref.endswith(":fee")]


async def disputed(practice: PaidPractice, charge: str, **asked: Any) -> str:
    made_by_bank = await practice.control("dispute", charge=charge, **asked)
    await practice.heard()
    return str(made_by_bank["id"])


async def ends(practice: PaidPractice, dispute: str, status: str) -> None:
    await practice.control("dispute_outcome", dispute=dispute, status=status)
    await practice.heard()


async def told_by_stripe(practice: PaidPractice, ref: str) -> told.Dispute:
    """What Stripe answers about this dispute now."""
    news = await practice.provider.disputes.dispute(ref)
    assert news is not None
    return news


async def hears(practice: PaidPractice, payment_id: int, *news: told.Dispute) -> None:
    """That this is so of the disputes of one payment, one after the other."""
    payment, cause = await practice.payment(payment_id), Cause(None, "stripe", practice.now())
    for each in news:
        await practice.storage.write(partial(record, payment=payment, news=each, cause=cause))


def takes_a_moment(tx: Tx) -> None:
    """Before it commits; where writes come one after the other anyway, nothing waits."""
    if tx.postgres:
        tx.execute(sa.text("SELECT pg_sleep(0.4)"))


async def dispute(practice: PaidPractice, ref: str) -> Dispute:
    found = await practice.storage.read(lambda tx: disputes.by_ref(tx, ref))
    assert found is not None
    return found
