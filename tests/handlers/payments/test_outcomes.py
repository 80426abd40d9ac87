"""What is told before a tap is what happens: to money and credit, in rows, ledger, at Stripe and in what is said after.

Chance chooses what covers a session, its cut-off, when somebody does something about it, and what. All of it goes
through screens and the stand-in, and what was told is read off the page.

OUTCOMES: how many; `make force` plays ten thousand.
"""

import os
import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
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
from tests.services.exchanges.switching import LONG, NEARLY, SHORT, offered

CASES = int(os.environ.get("OUTCOMES", "300"))
PARTS = 6
COVERS = ("money", "money", "coupon", "credit", "credit", "free", "fee", "fee")
ACTS = ("cancel", "cancel", "coach-cancel", "no-show", "another", "another", "another", "as-credit")


@dataclass
class Played:
    """One session, and all that its client paid, has back and has on credit by now."""

    chat: BareChat
    chance: random.Random
    client: Somebody
    cover: str
    booking_id: int
    price: int
    grant_id: int | None

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
        person = (await self.booking()).person_id
        mine = sa.select(tables.payments.c.intent_ref).select_from(whose).where(tables.orders.c.person_id == person)
        return set(await self.chat.practice.storage.read(lambda tx: tx.execute(mine).scalars().all()))

    async def credits(self) -> tuple[int, int]:
        """Available and reserved."""
        person = (await self.booking()).person_id
        held = await self.chat.practice.storage.read(lambda tx: holdings.of_person(tx, person))
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


async def plays(chat: BareChat, chance: random.Random, number: int, offers: list[Offer]) -> None:
    cutoff = chance.choice((1440, 1440, 0, 95, 2880))
    cover = chance.choice(COVERS)
    offer = chat.practice.free if cover in ("free", "fee") else chat.practice.paid
    await changes(chat, offer.id, cancel_cutoff_min=cutoff, move_cutoff_min=0)
    played = await books(chat, chance, number, cover)
    act = chance.choice(ACTS)
    booking = await played.booking()
    moment = booking.starts - timedelta(minutes=cutoff - chance.choice((-3000, -300, -1, 1, 300)))
    if act == "no-show":
        moment = booking.ends + timedelta(minutes=1)
    moment = min(moment, booking.starts - timedelta(minutes=2)) if act != "no-show" else moment
    chat.practice.advance(seconds=max(0.0, (moment - chat.practice.now()).total_seconds()))
    match act:
        case "cancel":
            await cancels(played)
        case "coach-cancel":
            await coach_cancels(played)
        case "no-show":
            await misses(played)
        case "another":
            await moves(played, chance.choice(offers))
            if (await played.booking()).state is BookingState.CONFIRMED and chance.random() < 0.5:
                await cancels(played)
        case "as-credit":
            await gets_credit(played)


async def changes(chat: BareChat, which: int, **changed: object) -> None:
    offer = await chat.practice.offers.find(which)
    assert offer is not None
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.practice.offers.change(act, offer.id, offer.version, **changed))


async def books(chat: BareChat, chance: random.Random, number: int, cover: str) -> Played:
    """A session that this covers, from its review to its confirmation."""
    till = chat.practice
    who = Profile(Platform.SLACK, "T0AAA", f"U0C{number}", f"D0C{number}", f"Client {number}", language="en")
    client, offer = Somebody(chat, who), till.free if cover in ("free", "fee") else till.paid
    person = await till.meet(who, till.now())
    if cover in ("free", "fee"):
        late, missed = (chance.choice((None, Money(chance.randint(50, 9000), "EUR"))) for _which in range(2))
        fees = Fees(late, missed) if cover == "fee" else Fees()
        await changes(chat, till.free.id, late_cancel_fee=fees.late_cancel, no_show_fee=fees.no_show)
        if cover == "fee":
            await keeps(till, who=who)
    played = Played(chat, chance, client, cover, 0, 0, None)
    if cover == "credit":
        sessions, days = chance.randint(1, 4), chance.choice((6, 12, 20, 60))
        new = ledger.NewGrant(
            person.id, "Some", sessions, offer.price, offer.price, [till.paid.id, 3], till.now() + timedelta(days=days)
        )
        grant = await till.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", till.now())))
        played.grant_id = grant.id
    at = await free_time(played, offer, days=5)
    await client.goes(address("review", offer.id, till.coach_id, at))
    left = 0
    if cover == "credit":
        left = cents(r"Uses 1 of (\d+)", client.text)
        assert (left, 0) == await held(played, person.id)
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


async def held(played: Played, person_id: int) -> tuple[int, int]:
    found = await played.chat.practice.storage.read(lambda tx: holdings.of_person(tx, person_id))
    return sum(each.credits.available for each in found), sum(each.credits.reserved for each in found)


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


async def cancels(played: Played) -> None:
    client, before, had = played.client, await played.booking(), await played.credits()
    await client.goes(f"cancel/{played.booking_id}")
    told = client.text
    back, kept = cents(r"you get (.*) back", told), cents(r"the practice keeps (.*)\.", told)
    fee = cents(r"you pay (.*), as you agreed", told)
    assert not fee or not (back or kept or before.paid)
    returned = re.search(r"your credit comes back(?:, valid until (.*))?\.", told)
    spent = "the credit is used up." in told and returned is None
    played.agree(before.paid.amount, back + kept)
    await client.taps("Cancel session")
    assert "Done: the session is cancelled" in client.text, told
    await played.settles()
    played.agree(kept, (await played.booking()).paid.amount)
    played.agree(kept + fee, await played.at_stripe())
    if fee:
        await client.goes(f"booking/{played.booking_id}")
        played.agree(fee, cents(r"Fee for cancelling late: (.*)\. It is paid", client.text))
    available, reserved = had
    played.agree((available + bool(returned), reserved - bool(returned) - spent), await played.credits())
    if returned is not None:
        client.sees("Your credit is back" + (f", valid until {returned[1]}." if returned[1] else "."))
    if spent:
        client.sees("The credit is used up")


async def coach_cancels(played: Played) -> None:
    """Everything comes back, whenever it is."""
    olga, before, had = Somebody(played.chat, OWNER), await played.booking(), await played.credits()
    await olga.goes(f"coach-cancel/{played.booking_id}")
    await olga.fills(reason="Something came up")
    back, returned = cents(r"gets a full refund: (.*)\.", olga.text), "gets the credit back" in olga.text
    played.agree(before.paid.amount, back)
    await olga.taps("Cancel session")
    await played.settles()
    played.agree(0, (await played.booking()).paid.amount)
    played.agree((had[0] + returned, had[1] - returned), await played.credits())
    played.agree(returned, played.cover == "credit")


async def misses(played: Played) -> None:
    """It costs once: what was paid, or the credit, or the fee, where its coach says so."""
    olga, before, had = Somebody(played.chat, OWNER), await played.booking(), await played.credits()
    await olga.goes(f"settling/{played.booking_id}")
    await olga.taps(next(button.text for button in olga.buttons if button.text.endswith("no-show")))
    fee = cents(r"agreed to pay (.*) for not coming", olga.text)
    if fee and played.chance.random() < 0.3:
        await olga.taps("No-show, no charge")
        fee = 0
    elif fee:
        await olga.taps("No-show, charge")
    await played.settles()
    played.agree(before.paid, (await played.booking()).paid)
    played.agree(before.paid.amount + fee, await played.at_stripe())
    played.agree((had[0], 0), await played.credits())
    if fee and played.chance.random() < 0.7:
        await gives_back(played, olga, fee)


async def gives_back(played: Played, olga: Somebody, fee: int) -> None:
    """The no-show is undone, or the session cancelled, or the client let off: the fee goes back."""
    how = played.chance.choice(("undo", "cancel", "let off"))
    await olga.goes(f"settling/{played.booking_id}")
    if how == "undo":
        played.agree(fee, cents(r"the fee of (.*) is not due", olga.text))
        await olga.taps("Undo")
    elif how == "cancel":
        await olga.taps("Cancel session")
        await olga.fills(reason="Something came up")
        played.agree(fee, cents(r"The fee of (.*) is not due", olga.text))
        await olga.taps("Cancel session")
    else:
        await olga.taps("The fee")
        played.agree(fee, cents(r"Fee for not coming: (.*)", olga.text))
        await olga.taps("Let off the fee")
    await played.settles()
    played.agree(0, await played.at_stripe())


async def moves(played: Played, offer: Offer) -> None:
    """To another offer, at a time that is free for it; or the page says why not, and nothing changes."""
    client, before, had = played.client, await played.booking(), await played.credits()
    at = await free_time(played, offer)
    await client.goes(address("to", played.booking_id, offer.id, at))
    if "Move to another offer?" not in client.text:
        assert await played.booking() == before
        return
    told = client.text
    pay, back = cents(r"(.*) more is to be paid", told), cents(r"(.*) goes back to the card", told)
    price = cents(r"minutes · (.*)", told)
    if "stays on the credit" in told:
        assert (pay, back) == (0, 0)
    elif "too little to be charged" not in told:
        played.agree(before.paid.amount + pay - back, price)
    await client.taps(f"Pay {re.search(r'Pay (.*)]', told)[1]}" if pay else "Move it")  # type: ignore[index]
    if pay:
        await pays_difference(played, pay, before)
    await played.settles()
    after = await played.booking()
    played.agree((offer.id, at, offer.length_min), (after.offer_id, after.starts, after.terms.length_min))
    played.agree(before.paid.amount + pay - back, after.paid.amount)
    played.agree(after.paid.amount, await played.at_stripe())
    played.agree(had, await played.credits())
    await client.goes(f"booking/{played.booking_id}")
    client.sees(offer.name)
    assert "Given back so far" not in client.text


async def free_time(played: Played, offer: Offer, days: int = 8) -> datetime:
    till, now, zone = played.chat.practice, played.chat.practice.now(), "Europe/Berlin"
    there = await till.times.days(offer, till.coach_id, zone, now.date(), days, now)
    day = played.chance.choice([each.day for each in there if each.count])
    free = await till.times.on_day(offer, till.coach_id, day, zone, now)
    return played.chance.choice([each.starts for each in free])


async def pays_difference(played: Played, pay: int, before: Booking) -> None:
    till = played.chat.practice
    newest = sa.select(sa.func.max(tables.orders.c.id)).where(tables.orders.c.person_id == before.person_id)
    order = await till.storage.read(lambda tx: tx.execute(newest).scalar_one())
    page = await till.payments.ready_order(order, till.now())
    assert page is not None
    played.agree(pay, page.amount.amount)
    assert await played.booking() == before, "the old time stays until it is paid"
    await till.pays(page)
    await till.heard()


async def gets_credit(played: Played) -> None:
    """One session in place of the money, which stays where it is."""
    olga, before, had = Somebody(played.chat, OWNER), await played.booking(), await played.credits()
    await olga.goes(f"give-credit/{played.booking_id}")
    if "A session as a credit" not in olga.text:
        assert not before.paid
        return
    stays = cents(r"(.*) stays with the practice", olga.text)
    played.agree(before.paid.amount, stays)
    await olga.fills(reason="Sorry")
    await played.settles()
    played.agree((had[0] + 1, had[1]), await played.credits())
    played.agree((0, stays), ((await played.booking()).paid.amount, await played.at_stripe()))


@pytest.mark.timeout(60 + 3 * CASES)
@pytest.mark.parametrize("part", range(PARTS))
async def test_what_is_told_is_what_happens(chat: BareChat, part: int) -> None:
    offers = [await offered(chat.practice, draft) for draft in (SHORT, LONG, NEARLY)]
    olga = Somebody(chat, OWNER)
    await olga.goes("coupons/new")
    await olga.fills(code="SPRING", discount="20 %")
    for number in range(part, CASES, PARTS):
        chance = random.Random(number)
        await plays(chat, chance, number, [*offers, chat.practice.free])
