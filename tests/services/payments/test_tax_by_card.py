"""A kept card pays what was reckoned with tax once its client's address is known; else there is only the page."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.cards import Card
from bot.domain.payments.money import Money
from bot.domain.refusals import Code
from bot.services.payments.payment_status import HoldMoney
from bot.services.payments.receipts.receipts import Receipts
from storage.bookings import taxed
from storage.tables import payments
from tests.services.bare_practice import CLIENT, OWNER, made, refused
from tests.services.cards.kept import all_payments, cards_of, keeps, keeps_while_paying, pays_by
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_tax import INSIDE, ON_TOP, moved, pays, taxes

TOTAL, TAX = 5355, 855


async def kept_on_a_page(practice: PaidPractice, region: str = "DE") -> Card:
    """Its client entered their address on the page on which it was kept."""
    booking = await practice.hold((await practice.starts(practice.paid))[0])
    await pays(practice, await keeps_while_paying(practice, booking), region)
    await practice.sweep(seconds=1)
    [card] = await cards_of(practice)
    return card


async def holds(practice: PaidPractice) -> Booking:
    booking = await practice.hold((await practice.starts(practice.paid, practice.now()))[-1])
    await practice.page(booking)
    return booking


async def ways(practice: PaidPractice, booking: Booking) -> HoldMoney:
    person = await practice.meet(CLIENT, practice.now())
    return await practice.payments.ways_to_pay(booking.subject, person.id, practice.now())


async def test_a_kept_card_pays_with_tax_on_top_as_a_page_would(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, ON_TOP)
    card = await kept_on_a_page(taxed_practice)
    booking = await holds(taxed_practice)
    money = await ways(taxed_practice, booking)
    assert (money.cards, money.total) == ((card,), Money(TOTAL, "EUR"))
    made(await pays_by(taxed_practice, booking, card))
    paid = await taxed_practice.found(booking.id)
    assert (paid.state, paid.paid, paid.charged) == (BookingState.CONFIRMED, Money(TOTAL, "EUR"), Money(TOTAL, "EUR"))
    [charge] = await moved(taxed_practice, booking)
    assert (charge.amount.amount, charge.tax_amount, charge.tax_location) == (TOTAL, TAX, {"country": "DE"})
    [rate] = charge.tax_rates
    assert (rate.net.amount, rate.tax.amount, rate.percent, rate.included) == (4500, TAX, "19", False)
    kept = await taxed_practice.storage.read(lambda tx: taxed.of(tx, booking.id))
    assert kept is not None
    assert kept.amount == TAX
    [receipt] = await Receipts(taxed_practice.storage, "").of(booking.subject)
    assert (receipt.receipt.total.amount, receipt.receipt.taxes[0].percent) == (TOTAL, "19")
    await taxed_practice.cancel(booking.id, OWNER)
    await taxed_practice.sweep(minutes=1)
    back = (await moved(taxed_practice, booking))[-1]
    assert (back.amount.amount, back.tax_amount) == (-TOTAL, -TAX)
    recorded = taxed_practice.sandbox.account.associations[charge.intent_ref or ""].attempts
    assert [each["status"] for each in recorded] == ["committed", "committed"], "Stripe has the sale, and the refund"


async def test_tax_in_the_price_leaves_the_price_as_it_is(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, INSIDE)
    card = await kept_on_a_page(taxed_practice, "AT")
    booking = await holds(taxed_practice)
    assert (await ways(taxed_practice, booking)).total == Money(4500, "EUR")
    made(await pays_by(taxed_practice, booking, card))
    [charge] = await moved(taxed_practice, booking)
    assert (charge.amount.amount, charge.tax_amount, charge.tax_location) == (4500, 750, {"country": "AT"})


async def test_without_an_address_there_is_only_the_page(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, ON_TOP)
    await taxed_practice.control("options", webhook_url=f"{taxed_practice.url}/webhooks/stripe")
    card = await keeps(taxed_practice)
    booking = await holds(taxed_practice)
    assert (await ways(taxed_practice, booking)).cards == ()
    refused(await pays_by(taxed_practice, booking, card), Code.CHANGED)
    assert await all_payments(taxed_practice) == [("open", None, None)]


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 400}, {"kind": "rate_limit"}])
async def test_who_cannot_be_told_the_tax_has_the_page(taxed_practice: PaidPractice, fault: dict[str, Any]) -> None:
    await taxes(taxed_practice, ON_TOP)
    await kept_on_a_page(taxed_practice)
    await taxed_practice.control("faults", match="POST /v1/tax/calculations", **fault)
    money = await ways(taxed_practice, await holds(taxed_practice))
    assert (money.cards, money.page is not None) == ((), True)


async def test_a_declined_card_leaves_a_page_with_tax(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, ON_TOP)
    card = await kept_on_a_page(taxed_practice)
    await taxed_practice.control("card", payment_method=card.ref, says="insufficient_funds")
    booking = await holds(taxed_practice)
    made(await pays_by(taxed_practice, booking, card))
    money = await ways(taxed_practice, booking)
    assert (money.declined is not None, money.cards, money.total) == (True, (card,), Money(TOTAL, "EUR"))
    assert money.page is not None
    await pays(taxed_practice, money.page)
    assert (await taxed_practice.found(booking.id)).paid == Money(TOTAL, "EUR")


async def test_what_was_told_first_is_charged(taxed_practice: PaidPractice) -> None:
    """What is reckoned is written down once, and asked for once."""
    await taxes(taxed_practice, ON_TOP)
    await kept_on_a_page(taxed_practice)
    booking = await holds(taxed_practice)
    for _again in range(2):
        await taxed_practice.page(booking)
    query = sa.select(payments.c.tax_reckoned).where(payments.c.booking_id == booking.id)
    [kept] = await taxed_practice.storage.read(lambda tx: tx.execute(query).scalars().all())
    assert kept is not None
    assert kept["total"] == TOTAL
    assert len(taxed_practice.sandbox.account.calculations) == 1


async def test_a_customer_who_was_deleted_at_the_provider_keeps_nobody_from_paying(
    taxed_practice: PaidPractice,
) -> None:
    await taxes(taxed_practice, ON_TOP)
    card = await kept_on_a_page(taxed_practice)
    await taxed_practice.provider.cards.forget_customer(card.customer_ref)
    booking = await taxed_practice.hold((await taxed_practice.starts(taxed_practice.paid, taxed_practice.now()))[-1])
    await taxed_practice.payments.ready(booking.id, taxed_practice.now())
    await taxed_practice.sweep(seconds=10)
    assert await cards_of(taxed_practice) == ()
    await pays(taxed_practice, await taxed_practice.page(booking))
    assert (await taxed_practice.found(booking.id)).paid == Money(TOTAL, "EUR")
