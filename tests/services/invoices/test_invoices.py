"""Telegram's own payment: the question just before the money, the money once, and its way back.

The chat platform is played by this file; the provider behind it is the Stripe stand-in, which knows nothing of ours.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.invoices import Collected, Invoice, NotNow, Question
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.records import Cause
from bot.handlers.payments import order_words
from bot.integrations.vendor import VendorRefused
from bot.sandbox.stripe import charging
from bot.services.invoices.invoices import FIXED, Invoices
from bot.services.payments import orders_tx
from bot.services.reactions import react
from storage import tables
from storage.practice import practice
from tests.services.bare_practice import CLIENT
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest

PRICE = Money(4500, "EUR")
FIVE = OrderLine(LineKind.PACKAGE, Money(20000, "EUR"), name="5 sessions")


class Platform:
    """Makes links as Telegram does, unless it `refuses`."""

    def __init__(self) -> None:
        self.made: list[Invoice] = []
        self.refuses = False

    async def make_invoice(self, invoice: Invoice) -> str:
        if self.refuses:
            raise VendorRefused("CURRENCY_TOTAL_AMOUNT_INVALID")
        self.made.append(invoice)
        return f"https://t.me/$link{len(self.made)}"


class InChat:
    """Somebody holds a time, and may pay it inside the chat."""

    def __init__(self, practice: PaidPractice) -> None:
        self.practice = practice
        self.platform = Platform()
        self.invoices = Invoices(practice.storage, react, order_words.describe, on=True)
        self.invoices.maker = self.platform

    async def holds(self) -> Booking:
        held = await self.practice.hold((await self.practice.starts(self.practice.paid))[-1])
        await self.invoices.make(held.subject, self.practice.now())
        return held

    async def asks(self, held: Booking, amount: Money = PRICE, who: object = CLIENT) -> NotNow | None:
        person = await self.practice.meet(CLIENT if who is CLIENT else guest(1), self.practice.now())
        return await self.invoices.ask(Question(f"order:{held.order_id}", amount), person.id, self.practice.now())

    async def pays(self, held: Booking, ref: str = "tg1", amount: Money = PRICE) -> Collected:
        """The provider takes the money, and the platform tells of it."""
        charge = charging.collect(self.practice.sandbox.account, amount.amount, amount.currency)
        money = Collected(f"order:{held.order_id}", amount, ref, charge)
        await self.invoices.came(money, self.practice.now())
        return money


@pytest.fixture
async def chat(paid_practice: PaidPractice) -> InChat:
    return InChat(paid_practice)


async def test_a_link_is_made_once_and_says_what_is_paid_for(chat: InChat) -> None:
    held = await chat.holds()
    await chat.invoices.make(held.subject, chat.practice.now())
    [made] = chat.platform.made
    assert (made.payload, made.amount) == (f"order:{held.order_id}", PRICE)
    assert made.name == "Single bei Olga Owner"
    assert await chat.invoices.link(held.subject) == "https://t.me/$link1"


async def test_where_the_platform_makes_none_the_card_page_is_left(chat: InChat) -> None:
    chat.platform.refuses = True
    held = await chat.holds()
    assert await chat.invoices.link(held.subject) is None
    assert (await chat.practice.page(held)).checkout_url


async def test_telegrams_own_payment_books_the_held_time(chat: InChat) -> None:
    held = await chat.holds()
    page = await chat.practice.page(held)
    assert await chat.asks(held) is None
    await chat.pays(held)
    booking = await chat.practice.found(held.id)
    assert (booking.state, booking.paid) == (BookingState.CONFIRMED, PRICE)
    assert [kind for kind, _ref, _amount in await chat.practice.ledger(held.id)] == ["charge"]
    await chat.practice.sweep(minutes=1)
    assert await chat.practice.states(tables.payments) == ["closed", "accepted"], "nobody can pay on the page any more"
    assert chat.practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert ("fee", "txn", -161) in await chat.practice.ledger(held.id)


async def test_telegrams_own_payment_is_off_with_tax(chat: InChat) -> None:
    """What was held before keeps what was told."""
    before = await chat.holds()
    tax = TaxChoice(TaxBehavior.EXCLUSIVE)
    await chat.practice.storage.write(lambda tx: practice.set_tax(tx, tax))
    assert await chat.asks(before) is None
    await chat.pays(before)
    taxed = await chat.practice.hold((await chat.practice.starts(chat.practice.paid))[-1])
    await chat.invoices.make(taxed.subject, chat.practice.now())
    assert await chat.invoices.link(taxed.subject) is None
    assert await chat.asks(taxed) is NotNow.OVER
    assert len(chat.platform.made) == 1


async def test_the_question_before_the_money_looks_at_hold_payer_and_amount(chat: InChat) -> None:
    held = await chat.holds()
    assert await chat.asks(held, who=guest(1)) is NotNow.ANOTHERS
    assert await chat.asks(held, Money(4400, "EUR")) is NotNow.CHANGED
    assert await chat.asks(held, Money(4500, "USD")) is NotNow.CHANGED
    nothing = Question("order:999", PRICE)
    person = await chat.practice.meet(CLIENT, chat.practice.now())
    assert await chat.invoices.ask(nothing, person.id, chat.practice.now()) is NotNow.OVER
    chat.practice.advance(minutes=16)
    assert await chat.asks(held) is NotNow.OVER


async def test_pre_checkout_fixes_the_hold_for_three_minutes_more(chat: InChat) -> None:
    held = await chat.holds()
    assert await chat.asks(held) is None
    assert (await chat.practice.found(held.id)).hold_ends == held.hold_ends, "it lasts longer than that anyway"
    chat.practice.advance(minutes=14, seconds=50)
    assert await chat.asks(held) is None
    later = (await chat.practice.found(held.id)).hold_ends
    assert later is not None
    assert timedelta() <= chat.practice.now() + FIXED - later < timedelta(seconds=5)
    await chat.practice.sweep(seconds=30)
    await chat.pays(held)
    assert (await chat.practice.found(held.id)).state is BookingState.CONFIRMED


async def test_who_asks_again_and_again_keeps_a_time_for_45_minutes_in_all(chat: InChat) -> None:
    held = await chat.holds()
    began = chat.practice.now()
    for _again in range(30):
        if await chat.asks(held) is not None:
            break
        chat.practice.advance(minutes=2)
    assert timedelta(minutes=44) < chat.practice.now() - began < timedelta(minutes=48)
    last = (await chat.practice.found(held.id)).hold_ends
    assert last is not None
    assert last <= began + timedelta(minutes=45)


async def test_money_that_is_told_twice_counts_once(chat: InChat) -> None:
    held = await chat.holds()
    money = await chat.pays(held)
    await chat.invoices.came(money, chat.practice.now())
    assert await chat.practice.states(tables.payments) == ["closed", "accepted"]
    assert await chat.practice.refunds() == []


async def test_a_second_payment_goes_back_by_its_charge(chat: InChat) -> None:
    held = await chat.holds()
    await chat.practice.pays(await chat.practice.page(held))
    await chat.practice.heard()
    assert await chat.asks(held) is NotNow.OVER
    await chat.pays(held)
    assert await chat.practice.refunds() == [(4500, "second")]
    await chat.practice.sweep()
    [refund] = chat.practice.sandbox.account.refunds.values()
    assert refund.amount == 4500
    await chat.practice.heard()
    assert await chat.practice.states(tables.refunds) == ["succeeded"]


async def test_another_amount_goes_back_and_the_hold_stays(chat: InChat) -> None:
    held = await chat.holds()
    await chat.pays(held, amount=Money(4400, "EUR"))
    assert await chat.practice.refunds() == [(4400, "amount")]
    assert (await chat.practice.found(held.id)).state is BookingState.HELD


async def test_a_cancel_gives_it_back_and_the_dashboard_is_heard(chat: InChat) -> None:
    """Its events at the provider bear no mark of ours: they are known by the charge."""
    held = await chat.holds()
    money = await chat.pays(held)
    await chat.practice.control("refund", charge=money.charge_ref, amount=500)
    await chat.practice.heard()
    assert (await chat.practice.found(held.id)).paid == Money(4000, "EUR")
    await chat.practice.cancel(held.id)
    await chat.practice.sweep()
    await chat.practice.heard()
    assert await chat.practice.states(tables.refunds) == ["succeeded", "succeeded"]
    assert sum(amount for _kind, _ref, amount in await chat.practice.ledger(held.id) if _kind != "fee") == 0


async def test_a_dispute_and_a_warning_are_known_by_the_charge(chat: InChat) -> None:
    """Neither says at the provider what it is about."""
    held = await chat.holds()
    money = await chat.pays(held)
    await chat.practice.control("fraud_warning", charge=money.charge_ref)
    made = await chat.practice.control("dispute", charge=money.charge_ref)
    await chat.practice.heard()
    kept = sa.select(tables.disputes.c.state, tables.disputes.c.subject).order_by(tables.disputes.c.id)
    found = await chat.practice.storage.read(lambda tx: [tuple(row) for row in tx.execute(kept)])
    about = str(held.subject)
    assert sorted(found) == [("open", about), ("warned", about)]
    await chat.practice.cancel(held.id)
    await chat.practice.sweep(minutes=31)
    assert await chat.practice.states(tables.refunds) == ["intended"], "nothing goes back meanwhile"
    await chat.practice.control("dispute_outcome", dispute=made["id"], status="lost")
    await chat.practice.heard()
    assert (await chat.practice.found(held.id)).paid.amount == 0
    assert not chat.practice.sandbox.account.refunds
    gone = [amount for kind, _ref, amount in await chat.practice.ledger(held.id) if kind == "dispute"]
    assert gone == [-4500]


async def test_money_that_is_for_no_order_of_ours_is_told_and_stays(chat: InChat) -> None:
    held = await chat.holds()
    charge = charging.collect(chat.practice.sandbox.account, 4500, "eur")
    await chat.invoices.came(Collected("order:999", PRICE, "tg9", charge), chat.practice.now())
    [(_who, address, _state)] = await chat.practice.notices("stray-money")
    stray = await chat.practice.payments.stray(int(address.rpartition("/")[2]))
    assert stray is not None
    assert stray.amount == PRICE
    assert await chat.practice.refunds() == []
    assert (await chat.practice.found(held.id)).state is BookingState.HELD


async def test_an_order_that_is_no_session_is_paid_inside_the_chat_too(chat: InChat) -> None:
    now, person = chat.practice.now(), await chat.practice.meet(CLIENT, chat.practice.now())
    cause = Cause(None, "telegram", now)
    order = await chat.practice.storage.write(lambda tx: orders_tx.open_order(tx, react, person.id, [FIVE], cause))
    assert isinstance(order, Order)
    await chat.invoices.make(order.subject, now)
    assert await chat.invoices.ask(Question(f"order:{order.id}", FIVE.amount), person.id, now) is None
    charge = charging.collect(chat.practice.sandbox.account, 20000, "eur")
    await chat.invoices.came(Collected(f"order:{order.id}", FIVE.amount, "tg1", charge), now)
    paid = sa.select(tables.orders.c.state).where(tables.orders.c.id == order.id)
    assert await chat.practice.storage.read(lambda tx: tx.execute(paid).scalar_one()) == "paid"
