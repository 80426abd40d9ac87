"""What tests of kept cards have in common: a client keeps one, pays with it, and looks what they have."""

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.cards import Card
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Profile
from bot.domain.refusals import Done, Refusal
from storage import tables
from tests.services.bare_practice import CLIENT, made
from tests.services.paid_practice import PaidPractice

WORDS = "Stripe keeps my card."


async def agrees(practice: PaidPractice, who: Profile = CLIENT) -> str:
    """The id of the page on which the card is kept."""
    made(await practice.cards.agree(await practice.act(who, practice.now()), WORDS))
    person = await practice.meet(who, practice.now())
    await practice.cards.make_page(person.id, practice.now())
    query = sa.select(tables.customers.c.page_ref).order_by(tables.customers.c.id.desc())
    found = await practice.storage.read(lambda tx: tx.execute(query).scalars().first())
    assert found is not None
    return str(found)


async def keeps(practice: PaidPractice, card: str = "success", who: Profile = CLIENT) -> Card:
    await practice.control("pay", session=await agrees(practice, who), card=card)
    await practice.heard()
    await practice.sweep(seconds=1)
    return (await cards_of(practice, who))[0]


async def cards_of(practice: PaidPractice, who: Profile = CLIENT) -> tuple[Card, ...]:
    person = await practice.meet(who, practice.now())
    return (await practice.cards.of(person.id, practice.now())).cards


async def pays_by(practice: PaidPractice, booking: Booking, card: Card, who: Profile = CLIENT) -> Done | Refusal:
    """Tap on a kept card, and its charge."""
    person = await practice.meet(who, practice.now())
    money = await practice.payments.ways_to_pay(booking.subject, person.id, practice.now())
    act = await practice.act(who, practice.now())
    outcome = await practice.payments.by_card.pay(act, booking.subject, money.attempt, card.id)
    await practice.payments.ready(booking.id, practice.now())
    return outcome


async def keeps_while_paying(practice: PaidPractice, booking: Booking, who: Profile = CLIENT) -> Payment:
    """The page on which the card that pays is kept."""
    person = await practice.meet(who, practice.now())
    money = await practice.payments.ways_to_pay(booking.subject, person.id, practice.now())
    act = await practice.act(who, practice.now())
    made(await practice.payments.by_card.on_page(act, booking.subject, money.attempt, WORDS))
    return await practice.page(booking)


async def all_payments(practice: PaidPractice) -> list[tuple[str, int | None, str | None]]:
    """(state, card, what the bank said) of every attempt."""
    row = tables.payments.c
    query = sa.select(row.state, row.card_id, row.declined).order_by(row.id)
    return [tuple(each) for each in await practice.storage.read(lambda tx: tx.execute(query).all())]
