"""Tax that the provider applied on its page is kept as it was: on movements of money, lines, sessions and receipts."""

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.packages import Package
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, Payment
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.records import Cause
from bot.services.credits import ledger
from bot.services.credits.choosing import Credits
from bot.services.credits.frozen import FrozenCredits
from bot.services.gifts.gifts import Gifts
from bot.services.payments.packages.package_sales import PackageSales
from bot.services.payments.receipts.receipts import Receipts
from bot.services.practice.taxes import NoTax, Taxes
from bot.services.reactions import react
from storage.bookings import taxed
from storage.credits import grants, holdings
from storage.payments import orders, transactions
from storage.tables import bookings
from tests.services.bare_practice import CLIENT, DEPLOYMENT, OWNER, PROVIDER, done, made
from tests.services.disputes.selling_packages import ordered, was_bought
from tests.services.exchanges.test_as_credit import exchanges
from tests.services.paid_practice import PaidPractice

INSIDE, ON_TOP = TaxBehavior.INCLUSIVE, TaxBehavior.EXCLUSIVE
VAT_19 = {"percent": "19", "reason": "standard_rated", "country": "DE", "state": None}


@pytest.fixture
def paid_practice(taxed_practice: PaidPractice) -> PaidPractice:
    return taxed_practice


async def taxes(practice: PaidPractice, behavior: TaxBehavior | None) -> None:
    version = (await practice.practice.get()).version
    choice = None if behavior is None else TaxChoice(behavior)
    service = Taxes(practice.storage, practice.provider)
    done(await service.choose(await practice.act(OWNER, practice.now()), version, choice))


async def pays(practice: PaidPractice, payment: Payment, region: str = "DE") -> None:
    await practice.control("pay", session=payment.checkout_ref, card="success", region=region)
    await practice.sweep(minutes=1)


async def bought(practice: PaidPractice, region: str = "DE") -> Booking:
    held = await practice.hold((await practice.starts(practice.paid))[0])
    await pays(practice, await practice.page(held), region)
    return await practice.found(held.id)


async def on_credit(practice: PaidPractice, at: datetime) -> int:
    """A session on the client's credit; the booking."""
    person, now = await practice.meet(CLIENT, practice.now()), practice.now()
    quote = await practice.quote(CLIENT, practice.paid, at, now)
    credit = await Credits(practice.storage).for_session(person.id, practice.paid.id, at, quote.coach.zone)
    assert isinstance(credit, BookedCredit)
    act = await practice.act(CLIENT, now)
    facts = practice.paid.id, practice.coach_id, at, quote.facts
    return made(await practice.bookings.hold(act, *facts, on_credit=lambda *_facts: True))


async def moved(practice: PaidPractice, booking: Booking) -> list[Movement]:
    every = await practice.storage.read(lambda tx: transactions.of_booking(tx, booking.id))
    return [each for each in every if each.kind.value != "fee"]


async def test_tax_in_the_price_is_kept_with_money_session_and_receipt(paid_practice: PaidPractice) -> None:
    await taxes(paid_practice, INSIDE)
    booking = await bought(paid_practice)
    assert (booking.paid, booking.charged) == (booking.terms.price, booking.terms.price)
    [charge] = await moved(paid_practice, booking)
    assert (charge.amount.amount, charge.tax_amount, charge.tax_location) == (4500, 718, {"country": "DE"})
    [rate] = charge.tax_rates
    assert (rate.net.amount, rate.tax.amount, rate.percent, rate.included) == (3782, 718, "19", True)
    kept = await paid_practice.storage.read(lambda tx: taxed.of(tx, booking.id))
    assert kept is not None
    assert (kept.amount, kept.rates, kept.location) == (718, [VAT_19 | {"included": True}], {"country": "DE"})
    [receipt] = await Receipts(paid_practice.storage, "").of(booking.subject)
    [line] = receipt.receipt.taxes
    assert (line.amount, line.percent, line.included) == (Money(718, "EUR"), "19", True)


async def test_tax_on_top_is_paid_confirmed_and_given_back_with_the_price(paid_practice: PaidPractice) -> None:
    await taxes(paid_practice, ON_TOP)
    booking = await bought(paid_practice)
    assert (booking.state.value, booking.paid, booking.charged) == ("confirmed", Money(5355, "EUR"), Money(5355, "EUR"))
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(minutes=1)
    charge, refund = await moved(paid_practice, booking)
    assert (charge.amount.amount, charge.tax_amount) == (5355, 855)
    assert (refund.amount.amount, refund.tax_amount, refund.tax_location) == (-5355, -855, {"country": "DE"})
    [back] = refund.tax_rates
    assert (back.net.amount, back.tax.amount) == (-4500, -855)
    receipts = [each.receipt for each in await Receipts(paid_practice.storage, "").of(booking.subject)]
    assert [each.total.amount for each in receipts] == [5355, -5355]


async def test_credits_are_compared_with_what_goes_back_elsewhere_as_both_were_paid(
    paid_practice: PaidPractice,
) -> None:
    """With the tax on top: of a package, and of a session in the place of money, whose price has the tax in it."""
    await taxes(paid_practice, ON_TOP)
    booking = await bought(paid_practice)
    made(await exchanges(paid_practice, booking))
    order_id = await ordered(paid_practice)
    page = await paid_practice.payments.ready_order(order_id, paid_practice.now())
    assert page is not None
    await pays(paid_practice, page)
    package = (await was_bought(paid_practice, order_id, page.id)).grant_id
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    for payment, amount in ((1, 5355), (page.id, 19000)):
        charge = (await paid_practice.payment(payment)).charge_ref
        await paid_practice.control("refund", charge=charge, amount=amount)
        await paid_practice.heard()
    [instead, five] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert (instead.credits.available, five.grant.id, five.credits.available) == (0, package, 2)
    found = [await FrozenCredits(paid_practice.storage).page(refund) for refund in (2, 3)]
    told = [each and (each.paid.amount, each.worth, each.freeze.sessions, each.booked) for each in found]
    assert told == [(5355, 1, 1, 0), (26775, 3, 3, 0)]


async def test_a_country_without_registration_is_kept_without_tax(paid_practice: PaidPractice) -> None:
    await taxes(paid_practice, INSIDE)
    [charge] = await moved(paid_practice, await bought(paid_practice, "CH"))
    [rate] = charge.tax_rates
    assert (charge.tax_amount, rate.net.amount, rate.reason, rate.country) == (0, 4500, "not_collecting", "CH")


async def test_an_open_hold_keeps_what_was_told(paid_practice: PaidPractice) -> None:
    await taxes(paid_practice, ON_TOP)
    held = await paid_practice.hold((await paid_practice.starts(paid_practice.paid))[0])
    await taxes(paid_practice, INSIDE)
    assert (await paid_practice.payments.of_hold(held.subject)).tax_on_top
    await pays(paid_practice, await paid_practice.page(held))
    assert (await paid_practice.found(held.id)).paid == Money(5355, "EUR")
    await taxes(paid_practice, None)
    later = next(at for at in await paid_practice.starts(paid_practice.paid) if at > held.ends)
    plain = await paid_practice.hold(later)
    await paid_practice.pays(await paid_practice.page(plain))
    await paid_practice.sweep(minutes=1)
    [charge] = await moved(paid_practice, plain)
    assert (charge.amount.amount, charge.tax_amount, charge.tax_rates) == (4500, None, ())


async def test_the_tax_of_a_package_is_split_over_its_sessions(paid_practice: PaidPractice) -> None:
    """Case "Tax", and that a package's tax loses no cent when a session that used a credit up gives it back."""
    await taxes(paid_practice, INSIDE)
    practice, storage = paid_practice, paid_practice.storage
    draft = Package(0, "Three", 3, Money(10000, "EUR"), (practice.paid.id,))
    package = made(await practice.packages.create(await practice.act(OWNER, practice.now()), draft))
    done(await practice.packages.open(await practice.act(OWNER, practice.now()), package, 1))
    sales = PackageSales(storage, react, replace(DEPLOYMENT, payments_on=True, provider=PROVIDER))
    order = made(await sales.buy(await practice.act(CLIENT, practice.now()), package, 2))
    page = await practice.payments.ready_order(order, practice.now())
    assert page is not None
    await pays(practice, page)
    sold = await storage.read(lambda tx: orders.find(tx, order))
    assert sold is not None
    assert [line.tax_amount for line in sold.lines] == [1597]
    [grant] = await storage.read(lambda tx: grants.of_order(tx, order))
    starts = await practice.starts(practice.paid)
    done_ones = [await on_credit(practice, each) for each in (starts[0], starts[4], starts[8])]
    cause = Cause(None, "test", practice.now())

    async def shares() -> list[int | None]:
        query = sa.select(bookings.c.tax_amount).where(bookings.c.id.in_(done_ones)).order_by(bookings.c.id)
        return list(await storage.read(lambda tx: tx.execute(query).scalars().all()))

    assert await shares() == [None, None, None]
    await storage.write(lambda tx: ledger.spend(tx, grant, done_ones[0], cause))
    await storage.write(lambda tx: ledger.spend(tx, grant, done_ones[1], cause))
    assert await shares() == [533, 532, None]
    await storage.write(lambda tx: ledger.take_again(tx, grant, done_ones[0], cause))
    await storage.write(lambda tx: ledger.spend(tx, grant, done_ones[2], cause))
    assert await shares() == [None, 532, 533]
    await storage.write(lambda tx: ledger.spend(tx, grant, done_ones[0], cause))
    assert sum(each or 0 for each in await shares()) == 1597


async def test_a_session_that_was_given_has_the_tax_of_its_gift(paid_practice: PaidPractice) -> None:
    await taxes(paid_practice, INSIDE)
    practice, storage = paid_practice, paid_practice.storage
    service = Gifts(storage, react, replace(DEPLOYMENT, payments_on=True, provider=PROVIDER))
    act = await practice.act(CLIENT, practice.now())
    order = made(await service.buy_session(act, practice.paid.id, practice.paid.price.amount))
    page = await practice.payments.ready_order(order, practice.now())
    assert page is not None
    await pays(practice, page)
    gift = await service.of_order(order)
    assert gift is not None
    grant = made(await service.take(await practice.act(CLIENT, practice.now()), gift.id))
    booking_id = await on_credit(practice, (await practice.starts(practice.paid))[0])
    await storage.write(lambda tx: ledger.spend(tx, grant, booking_id, Cause(None, "test", practice.now())))
    kept = await storage.read(lambda tx: taxed.of(tx, booking_id))
    assert kept is not None
    assert (kept.amount, kept.location) == (718, {"country": "DE"})


async def test_the_provider_says_whether_it_can(paid_practice: PaidPractice) -> None:
    service = Taxes(paid_practice.storage, paid_practice.provider)
    assert await service.obstacle() is None
    await paid_practice.control("tax", registrations=[])
    assert await service.obstacle() is NoTax.NOT_SET_UP
    assert await Taxes(paid_practice.storage, None).obstacle() is NoTax.OFF
