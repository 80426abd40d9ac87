"""A gift has one owner however many open it at once, and what belongs to it is found, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.credits.packages import Package, as_sold
from bot.domain.payments.orders import LineKind, Order, OrderLine, OrderPaid, OrderState
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import warnings
from bot.services.gifts.gifts import Gifts, make_gifts
from bot.services.payments import package_worth
from bot.services.payments.package_worth import Worth
from bot.services.payments.return_package import PackageReturns
from bot.services.reactions import react
from storage import tables
from storage.bookings import clients
from storage.credits import gifts
from storage.engine import Tx
from storage.payments import orders, payments
from tests.services.bare_practice import CLIENT, DEPLOYMENT, NOW, OWNER
from tests.services.selling_practice import SellingPractice, guest


async def test_of_many_who_open_it_at_once_one_has_it(selling_practice: SellingPractice) -> None:
    practice = selling_practice
    giver, price = await practice.meet(CLIENT), practice.paid.price
    terms = as_sold(Package(0, "Five", 5, price, (practice.paid.id,), validity_months=1), price)
    line = OrderLine(LineKind.GIFT, price, name="Five", terms=terms)

    def paid(tx: Tx) -> Order:
        order = orders.open_new(tx, giver.id, [line], NOW)
        payment = payments.intend(tx, order, NOW, NOW)
        mine = sa.update(tables.payments).where(tables.payments.c.id == payment)
        tx.execute(mine.values(state="accepted", intent_ref="pi_1"))
        orders.pay(tx, order.id, NOW)
        make_gifts(tx, OrderPaid(replace(order, state=OrderState.PAID), None, Cause(None, "stripe", NOW)))
        return order

    order = await practice.storage.write(paid)
    gift = await practice.storage.read(lambda tx: gifts.of_order(tx, order.id))
    assert gift is not None
    service = Gifts(practice.storage, react, DEPLOYMENT)
    assert await practice.storage.read(lambda tx: gifts.ending(tx, NOW, NOW + timedelta(days=40))) == [gift]
    acts = [await practice.act(guest(number)) for number in range(6)]
    answers = await asyncio.gather(*(service.take(act, gift.id) for act in acts))
    assert [each.code for each in answers if isinstance(each, Refusal)] == [Code.LINK_DEAD] * 5
    [done] = [each for each in answers if isinstance(each, Done)]
    [taken] = await service.given_by(giver.id, 0, 9)
    assert taken.grant_id == int(done.next)
    worth = await practice.storage.read(lambda tx: package_worth.look(tx, int(done.next), NOW))
    assert isinstance(worth, Worth)
    assert (worth.back, worth.payer_id, worth.alone, worth.credits) == (price, giver.id, False, 5)
    found = await practice.storage.read(lambda tx: clients.counted(tx, None, NOW, most=9, buyers=True))
    assert [(each.person_id, each.only_bought) for each in found] == [(taken.taken_by, True)]
    assert await warnings.warn(practice.storage, NOW + timedelta(days=22)) == 1
    returns = PackageReturns(practice.storage, react)
    owners = [await practice.act(OWNER) for _each in range(3)]
    back = await asyncio.gather(*(returns.give_back(act, int(done.next), worth.facts, "Agreed") for act in owners))
    assert [isinstance(each, Done) for each in back].count(True) == 1
    assert await practice.refunds() == [(price.amount, "package")]
