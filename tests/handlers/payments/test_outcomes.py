"""What is told before a tap is what happens: to money and credit, in rows, ledger, at Stripe and in what is said after.

Chance chooses what covers a session, its cut-off, when somebody does something about it, and what. All of it goes
through screens and the stand-in, and what was told is read off the page.

OUTCOMES: how many; `make force` plays ten thousand.
"""

import os
import random
from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.practice.offers import Offer
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.played import books, changes
from tests.handlers.payments.played_acts import cancels, coach_cancels, gets_credit, misses, moves
from tests.services.bare_practice import OWNER
from tests.services.exchanges.switching import LONG, NEARLY, SHORT, offered

CASES = int(os.environ.get("OUTCOMES", "300"))
PARTS = 6
COVERS = ("money", "money", "coupon", "credit", "credit", "free", "fee", "fee")
ACTS = ("cancel", "cancel", "coach-cancel", "no-show", "another", "another", "another", "as-credit")


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
