"""A session that is played through screens, with all that its client paid for it, and how it is booked."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.chat.address import address
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.offers import Offer
from bot.domain.records import Cause
from bot.services.credits import ledger
from storage import tables
from storage.credits import holdings
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, done
from tests.services.cards.kept import keeps


@dataclass
class Played:
    """One session, and all that its client paid, has back and has on credit by now."""

    chat: BareChat
    chance: random.Random
    client: Somebody
    person_id: int
    cover: str
    booking_id: int = 0
    price: int = 0

    async def booking(self) -> Booking:
        return await self.chat.practice.found(self.booking_id)

    async def at_stripe(self) -> int:
        """What of this client's money is with the practice, by Stripe's own books."""
        account, mine = self.chat.practice.sandbox.account, await self._intents()
        came = sum(
            each.amount
            for each in account.charges.values()
            if each.payment_intent in mine and each.status == "succeeded"
        )
        back = [each for each in account.refunds.values() if each.payment_intent in mine and each.status == "succeeded"]
        return came - sum(each.amount for each in back)

    async def _intents(self) -> set[str]:
        whose = tables.payments.join(tables.orders, tables.payments.c.order_id == tables.orders.c.id)
        own = tables.orders.c.person_id == self.person_id
        mine = sa.select(tables.payments.c.intent_ref).select_from(whose).where(own)
        return set(await self.chat.practice.storage.read(lambda tx: tx.execute(mine).scalars().all()))

    async def credits(self) -> tuple[int, int]:
        """Available and reserved."""
        held = await self.chat.practice.storage.read(lambda tx: holdings.of_person(tx, self.person_id))
        return sum(each.credits.available for each in held), sum(each.credits.reserved for each in held)

    async def settles(self) -> None:
        """What waits for a sweep is done: without a fee nothing but what is to go back. Stripe's news are applied."""
        practice = self.chat.practice
        if self.cover == "fee":
            await practice.sweep(seconds=1)
        else:
            practice.advance(seconds=1)
            [_pages, refunds] = practice.payments.work.intents
            await refunds.due(practice.now())
        await practice.heard()
        self.agree(await self.at_stripe(), await self.in_the_books())

    async def in_the_books(self) -> int:
        rows = await self.chat.practice.ledger(self.booking_id)
        return sum(amount for kind, _ref, amount in rows if kind != "fee")

    def agree(self, told: object, found: object) -> None:
        assert told == found, f"{self.cover}: {told} was told, {found} is so\n{self.client.text}"


def cents(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return 0 if found is None else int(re.sub(r"\D", "", found[1]) or 0)  # 0: free


async def books(chat: BareChat, chance: random.Random, number: int, cover: str) -> Played:
    """A session that this covers, from its review to its confirmation."""
    till = chat.practice
    who = Profile(Platform.SLACK, "T0AAA", f"U0C{number}", f"D0C{number}", f"Client {number}", language="en")
    client, offer = Somebody(chat, who), till.free if cover in ("free", "fee") else till.paid
    person = await till.meet(who, till.now())
    if cover in ("free", "fee"):
        await asks_for_fees(chat, chance, who, cover)
    played = Played(chat, chance, client, person.id, cover)
    if cover == "credit":
        await has_credit(chat, chance, person.id, offer)
    at = await free_time(played, offer, days=5)
    await client.goes(address("review", offer.id, till.coach_id, at))
    left = 0
    if cover == "credit":
        left = cents(r"Uses 1 of (\d+)", client.text)
        assert (left, 0) == await played.credits()
    waits = any(button.text == "Hold it" for button in client.buttons)
    await client.taps("Hold and pay" if cover in ("money", "coupon") else "Hold it" if waits else "Book it")
    if waits:
        await client.taps("I agree, book it")
    newest = sa.select(sa.func.max(tables.bookings.c.id)).where(tables.bookings.c.person_id == person.id)
    played.booking_id = await till.storage.read(lambda tx: tx.execute(newest).scalar_one())
    if cover == "credit":
        played.agree((left - 1, 1), await played.credits())
        client.sees(f"on credit: Some, {left - 1} left")
    if cover in ("money", "coupon"):
        await pays(played, coupon=cover == "coupon")
    booking = await played.booking()
    assert booking.state is BookingState.CONFIRMED
    played.agree(played.price, booking.paid.amount)
    await played.settles()
    return played


async def asks_for_fees(chat: BareChat, chance: random.Random, who: Profile, cover: str) -> None:
    """What the free offer asks for: fees where they cover it, and then its client keeps a card; otherwise nothing."""
    late, missed = (chance.choice((None, Money(chance.randint(50, 9000), "EUR"))) for _which in range(2))
    fees = Fees(late, missed) if cover == "fee" else Fees()
    await changes(chat, chat.practice.free.id, late_cancel_fee=fees.late_cancel, no_show_fee=fees.no_show)
    if cover == "fee":
        await keeps(chat.practice, who=who)


async def has_credit(chat: BareChat, chance: random.Random, person_id: int, offer: Offer) -> None:
    """Some sessions, for some days."""
    till = chat.practice
    sessions, days = chance.randint(1, 4), chance.choice((6, 12, 20, 60))
    new = ledger.NewGrant(
        person_id, "Some", sessions, offer.price, offer.price, [till.paid.id, 3], till.now() + timedelta(days=days)
    )
    await till.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", till.now())))


async def changes(chat: BareChat, which: int, **changed: object) -> None:
    offer = await chat.practice.offers.find(which)
    assert offer is not None
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.practice.offers.change(act, offer.id, offer.version, **changed))


async def free_time(played: Played, offer: Offer, days: int = 8) -> datetime:
    till, now, zone = played.chat.practice, played.chat.practice.now(), "Europe/Berlin"
    there = await till.times.days(offer, till.coach_id, zone, now.date(), days, now)
    day = played.chance.choice([each.day for each in there if each.count])
    free = await till.times.on_day(offer, till.coach_id, day, zone, now)
    return played.chance.choice([each.starts for each in free])


async def pays(played: Played, *, coupon: bool) -> None:
    client, till = played.client, played.chat.practice
    if coupon:
        await client.goes(f"hold/{played.booking_id}")
        await client.taps("Enter a code")
        await client.fills(code="SPRING")
    page = await till.page(await played.booking())
    await client.goes(f"hold/{played.booking_id}")
    [link] = [each.text for each in client.links if each.text.startswith("Pay ")]
    played.price = cents(r"Pay (.*)", link)
    await till.pays(page)
    await till.heard()
    played.agree(played.price, await played.at_stripe())
