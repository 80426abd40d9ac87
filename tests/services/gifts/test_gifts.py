"""A gift has one owner however many open it at once, and what belongs to it is found, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.credits.gifts import Gift
from bot.domain.credits.packages import Package, as_sold
from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Owed
from bot.domain.payments.orders import LineKind, Order, OrderLine, OrderPaid, OrderState
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import warnings
from bot.services.disputes import record_dispute
from bot.services.gifts import warnings as gift_warnings
from bot.services.gifts.gifts import Gifts, make_gifts
from bot.services.payments.packages import package_worth
from bot.services.payments.packages.package_worth import Worth
from bot.services.payments.packages.return_package import PackageReturns
from bot.services.reactions import react
from bot.services.reports.money import MoneyReports
from storage import tables
from storage.bookings import clients
from storage.credits import gifts
from storage.engine import Tx
from storage.payments import orders, payments
from tests.services.bare_practice import CLIENT, DEPLOYMENT, NOW, OWNER, done, made, refused
from tests.services.disputes.selling_packages import left, ordered, takes_a_moment
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import SellingPractice, guest


async def given(practice: SellingPractice) -> Gift:
    """Five sessions that can be taken for a month."""
    giver, price = await practice.meet(CLIENT), practice.paid.price
    terms = as_sold(Package(0, "Five", 5, price, (practice.paid.id,), validity_months=1), price)
    line = OrderLine(LineKind.GIFT, price, name="Five", terms=terms)

    def paid(tx: Tx) -> Order:
        order = orders.open_new(tx, giver.id, [line], NOW)
        payment = payments.intend(tx, order, NOW, NOW)
        mine = sa.update(tables.payments).where(tables.payments.c.id == payment)
        tx.execute(mine.values(state="accepted", intent_ref="pi_1"))
        orders.pay(tx, order, NOW)
        make_gifts(tx, OrderPaid(replace(order, state=OrderState.PAID), None, Cause(None, "stripe", NOW)))
        return order

    order = await practice.storage.write(paid)
    gift = await practice.storage.read(lambda tx: gifts.of_order(tx, order.id))
    assert gift is not None
    return gift


async def test_of_many_who_open_it_at_once_one_has_it(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    gift = await given(practice)
    giver, price = await practice.meet(CLIENT), practice.paid.price
    service, books = Gifts(practice.storage, react, DEPLOYMENT), MoneyReports(practice.storage)
    assert await books.owed(NOW) == [Owed(price, 5)], "whoever will take it"
    assert await practice.storage.read(lambda tx: gifts.ending(tx, NOW, NOW + timedelta(days=40))) == [gift]
    acts = [await practice.act(guest(number)) for number in range(6)]
    answers = await asyncio.gather(*(service.take(act, gift.id) for act in acts))
    assert [each.code for each in answers if isinstance(each, Refusal)] == [Code.LINK_DEAD] * 5
    [done] = [each for each in answers if isinstance(each, Done)]
    [taken] = await service.given_by(giver.id, 0, 9)
    assert await books.owed(NOW) == [Owed(price, 5)]
    assert taken.grant_id == int(done.next)
    worth = await practice.storage.read(lambda tx: package_worth.look(tx, int(done.next), NOW))
    assert isinstance(worth, Worth)
    assert (worth.back, worth.payer_id, worth.alone, worth.credits) == (price, giver.id, False, 5)
    found = await practice.storage.read(lambda tx: clients.counted(tx, None, NOW, most=9, buyers=True))
    assert [(each.person_id, each.only_bought) for each in found] == [(taken.taken_by, True)]
    returns = PackageReturns(practice.storage, react)
    owners = [await practice.act(OWNER) for _each in range(3)]
    back = await asyncio.gather(*(returns.give_back(act, int(done.next), worth.facts, "Agreed") for act in owners))
    assert [isinstance(each, Done) for each in back].count(True) == 1
    assert await practice.refunds() == [(price.amount, "package")]


async def test_nobody_is_warned_of_a_moment_at_which_the_gift_was_not_with_them(
    selling_practice: SellingPractice,
) -> None:
    """Neither who takes it later than 30 days before its end, nor its giver when it is handed back."""
    practice = selling_practice
    gift, service, whose = await given(practice), Gifts(selling_practice.storage, react, DEPLOYMENT), guest(1)
    assert gift.expires_at is not None
    late, soon = (gift.expires_at - timedelta(days=days) for days in (20, 6))
    grant = made(await service.take(await practice.act(whose, late), gift.id))
    assert await warnings.warn(practice.storage, late) == 0
    done(await service.hand_back(await practice.act(whose, late), grant))
    assert await gift_warnings.warn(practice.storage, late) == 0
    assert await gift_warnings.warn(practice.storage, soon) == 1
    made(await service.take(await practice.act(whose, late), gift.id))
    assert await warnings.warn(practice.storage, soon) == 1


async def gift_of(practice: PaidPractice) -> tuple[Gift, Payment]:
    """A gift of five sessions that was paid, and that nobody took."""
    order_id = await ordered(practice, kind=LineKind.GIFT)
    page = await practice.payments.ready_order(order_id, practice.now())
    assert page is not None
    await practice.pays(page)
    await practice.heard()
    gift = await practice.storage.read(lambda tx: gifts.of_order(tx, order_id))
    assert gift is not None
    return gift, await practice.payment(page.id)


async def test_what_went_back_of_its_price_freezes_the_credits_of_who_takes_it(paid_practice: PaidPractice) -> None:
    """Before somebody took it, and after it was handed back and taken again."""
    gift, payment = await gift_of(paid_practice)
    service, books = Gifts(paid_practice.storage, react, DEPLOYMENT), MoneyReports(paid_practice.storage)
    wrong, right = guest(1), guest(2)
    first = made(await service.take(await paid_practice.act(wrong, paid_practice.now()), gift.id))
    done(await service.hand_back(await paid_practice.act(wrong, paid_practice.now()), first))
    await paid_practice.control("refund", charge=payment.charge_ref, amount=4500)
    await paid_practice.heard()
    assert await books.owed(paid_practice.now()) == [Owed(Money(18000, "EUR"), 4)], "nobody is owed what went back"
    second = made(await service.take(await paid_practice.act(right, paid_practice.now()), gift.id))
    assert await left(paid_practice, second) == (4, 0)
    await paid_practice.control("refund", charge=payment.charge_ref, amount=9500)
    await paid_practice.heard()
    assert await left(paid_practice, second) == (2, 0)
    assert await left(paid_practice, first) == (0, 0)


async def test_nobody_takes_it_at_the_moment_in_which_a_bank_takes_its_money(paid_practice: PaidPractice) -> None:
    gift, payment = await gift_of(paid_practice)
    await paid_practice.silence()
    opened = await paid_practice.control("dispute", charge=payment.charge_ref)
    news = await paid_practice.provider.disputes.dispute(opened["id"])
    assert news is not None

    def told(tx: Tx) -> None:
        record_dispute.record(tx, payment, news, Cause(None, "stripe", paid_practice.now()))
        takes_a_moment(tx)

    act = await paid_practice.act(guest(1), paid_practice.now())
    telling = asyncio.create_task(paid_practice.storage.write(told))
    await asyncio.sleep(0.1)
    refused(await Gifts(paid_practice.storage, react, DEPLOYMENT).take(act, gift.id), Code.LINK_DEAD)
    await telling
