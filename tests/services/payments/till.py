"""A practice whose owner keeps coupons, and its clients who enter one."""

from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.credits.packages import Package, as_sold
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine
from bot.domain.people.people import Profile
from bot.domain.pricing.coupons import Coupon
from bot.domain.pricing.discounts import Discount
from bot.domain.records import Cause
from bot.domain.refusals import Done, Refusal
from bot.domain.subjects import Subject
from bot.services.payments import orders_tx
from bot.services.payments.redeem_coupon import CouponUse
from bot.services.pricing.coupons import Coupons
from bot.services.reactions import react
from storage import tables
from storage.payments import orders
from storage.payments.coupons import redemptions
from tests.services.bare_practice import CLIENT, OWNER, PROVIDER, made
from tests.services.paid_practice import PaidPractice

FIFTH = Discount(percent=20)


class Till:
    def __init__(self, practice: PaidPractice) -> None:
        self.practice = practice
        self.coupons = Coupons(practice.storage)
        self.counter = CouponUse(practice.storage, react, PROVIDER, fees_on=True)

    async def coupon(self, discount: Discount = FIFTH, **settings: Any) -> int:
        act = await self.practice.act(OWNER, self.practice.now())
        return made(await self.coupons.create(act, Coupon(code="SPRING", discount=discount, **settings)))

    async def held(self, number: int = 0, who: Profile = CLIENT) -> Booking:
        return await self.practice.hold((await self.practice.starts())[4 * number], who)

    async def enters(self, booking: Booking, who: Profile = CLIENT, code: str = " spring ") -> Done | Refusal:
        act = await self.practice.act(who, self.practice.now())
        return await self.counter.use(act, booking.subject, booking.version, code)

    async def asked_for_package(self, hold: Booking | None = None, who: Profile = CLIENT) -> Order:
        five = Package(1, "5 sessions", 5, Money(20250, "EUR"), (self.practice.paid.id,))
        terms = as_sold(five, self.practice.paid.price)
        line = OrderLine(LineKind.PACKAGE, five.price, Subject("package", 1), five.name, terms=terms)
        person = await self.practice.meet(who, self.practice.now())
        cause = Cause(person.id, "telegram", self.practice.now())
        opened = await self.practice.storage.write(
            lambda tx: orders_tx.open_order(tx, react, person.id, [line], cause, hold=hold)
        )
        assert isinstance(opened, Order)
        return await self.order(opened.id)

    async def order(self, order_id: int) -> Order:
        found = await self.practice.storage.read(lambda tx: orders.find(tx, order_id))
        assert found is not None
        return found

    async def enters_for(self, order: Order, who: Profile = CLIENT) -> Done | Refusal:
        act = await self.practice.act(who, self.practice.now())
        return await self.counter.use(act, order.subject, order.version, "SPRING")

    async def taken(self, booking: Booking, who: Profile = CLIENT) -> Booking:
        made(await self.enters(booking, who))
        return await self.practice.found(booking.id)

    async def uses(self) -> int:
        """How often coupons count, or are reserved."""
        return sum((await self.practice.storage.read(redemptions.counted)).values())

    async def asked(self, booking: Booking) -> int:
        """What Stripe's page asks for."""
        page = await self.practice.page(booking)
        assert page.checkout_ref is not None
        checkout = await self.practice.provider.find(page.checkout_ref)
        assert checkout is not None
        return checkout.amount.amount

    async def acts(self) -> list[str]:
        query = sa.select(tables.audit.c.act).where(tables.audit.c.act.like("coupon.%")).order_by(tables.audit.c.id)
        return list(await self.practice.storage.read(lambda tx: list(tx.execute(query).scalars())))
