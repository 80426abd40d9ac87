"""A practice with several offers, and a client who moves a paid session from one of them to another."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.offers import Offer
from bot.domain.records import Cause
from bot.domain.refusals import Done, Refusal
from bot.services.credits import ledger
from bot.services.exchanges.another_offer import OfferMoves, SwitchQuote
from bot.services.reactions import react
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, PROVIDER, done, made
from tests.services.paid_practice import PaidPractice

LONG = OfferDraft("Double", Money(8000, "EUR"), length_min=100)
SHORT = OfferDraft("Half", Money(3000, "EUR"), length_min=25)
NEARLY = OfferDraft("Nearly", Money(4530, "EUR"), length_min=50)


async def offered(practice: PaidPractice, draft: OfferDraft) -> Offer:
    offer = await practice.offer(draft)
    if offer.state.value != "open":
        done(await practice.offers.open(await practice.act(OWNER, practice.now()), offer.id, offer.version))
    found = await practice.offers.find(offer.id)
    assert found is not None
    return found


async def bought(practice: PaidPractice) -> Booking:
    """A session at the beginning of a morning, after which there is room for a longer one."""
    morning = [at for at in await practice.starts(practice.paid) if at.hour == 8][-1]
    booking = await practice.hold(morning)
    await practice.pays(await practice.page(booking))
    await practice.heard()
    return await practice.found(booking.id)


async def on_credit(practice: PaidPractice, offer_ids: list[int]) -> Booking:
    """A session that was booked on a package for these offers."""
    person, price = await practice.meet(CLIENT), practice.paid.price
    new = ledger.NewGrant(person.id, "Five", 2, price, price, offer_ids)
    await practice.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", practice.now())))
    at = [each for each in await practice.starts(practice.paid) if each.hour == 8][-1]
    quote = await practice.quote(CLIENT, practice.paid, at, practice.now())
    act = await practice.act(CLIENT, practice.now())
    taken_at = await practice.bookings.hold(
        act, practice.paid.id, practice.coach_id, at, quote.facts, on_credit=lambda *_facts: True
    )
    return await practice.found(made(taken_at))


def service(practice: PaidPractice) -> OfferMoves:
    return OfferMoves(practice.storage, react, PROVIDER)


async def quoted(
    practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None
) -> SwitchQuote | Refusal:
    person = await practice.meet(CLIENT)
    return await service(practice).quote(person, booking.id, offer.id, at or booking.starts, practice.now())


async def moves(practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None) -> Done | Refusal:
    told = await quoted(practice, booking, offer, at)
    facts = told.switch.facts if isinstance(told, SwitchQuote) else ()
    act = await practice.act(CLIENT, practice.now())
    return await service(practice).move(act, booking.id, offer.id, at or booking.starts, facts)


async def asked(practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None) -> Payment:
    """The card page for the difference."""
    order = made(await moves(practice, booking, offer, at))
    payment = await practice.payments.ready_order(order, practice.now())
    assert payment is not None
    return payment


async def taken(practice: PaidPractice) -> list[tuple[int, str]]:
    """How long each session takes its coach's time, in minutes, and in which state."""
    table = tables.sessions
    query = sa.select(table.c.starts, table.c.ends, table.c.state).where(table.c.state != "ended").order_by(table.c.id)
    rows = await practice.storage.read(lambda tx: tx.execute(query).all())
    return [((row.ends - row.starts) // 60, row.state) for row in rows]
