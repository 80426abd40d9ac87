"""What can be done about a session that is played: what its page told before the tap is so after it."""

import re

import sqlalchemy as sa

from bot.chat.address import address
from bot.domain.bookings.bookings import Booking
from bot.domain.practice.offers import Offer
from storage import tables
from tests.handlers.bare_chat import Somebody
from tests.handlers.payments.played import Played, cents, free_time
from tests.services.bare_practice import OWNER


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
