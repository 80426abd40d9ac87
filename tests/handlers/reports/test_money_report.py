"""`/report money`: an owner reads what came in, went back and was kept, month by month in the practice's zone."""

from datetime import date

import sqlalchemy as sa

from bot.domain.credits.grants import Entry, EntryKind
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import ledger
from bot.services.credits.ledger import NewGrant
from storage import tables
from storage.credits import holdings
from storage.engine import Tx
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA, paid
from tests.services.bare_practice import ANA, OWNER


async def test_a_month_with_a_payment_a_refund_and_a_fee(chat: BareChat) -> None:
    _booking, intent = await paid(chat)
    await chat.practice.control("refund", payment_intent=intent, amount=2000)
    await chat.practice.heard()
    await chat.practice.sweep(minutes=1)
    olga = Somebody(chat, OWNER)
    await olga.goes("report/money")
    olga.sees(
        "Money: December 2026", "Came in: €45.00, by 1 payment", "Went back: €20.00", "Kept by Stripe: €1.61",
        "Left of it: €23.39", "The month is counted in Berlin time.", "[November 2026] [January 2027]",
    )  # fmt: skip
    assert "By coach" not in olga.text, "there is one, who has all of it"
    await olga.taps("November 2026")
    olga.sees("No money moved in this month.")
    await olga.taps("The whole year")
    olga.sees("Money: 2026", "December 2026: €45.00 in, €20.00 back, €1.61 kept by Stripe")


async def test_several_coaches_and_currencies_stand_apart(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    ledger = tables.transactions
    row = {"kind": "charge", "intent_ref": None, "tax_amount": None, "at": int(chat.practice.now().timestamp()) + 60}
    of_none = {**row, "external_ref": "ch_x", "booking_id": None, "amount": 1000, "currency": "KWD"}
    await chat.practice.storage.write(lambda tx: tx.execute(sa.insert(ledger).values(**of_none)))
    olga = Somebody(chat, OWNER)
    await olga.goes("report")
    olga.sees("Came in: €45.00", "Came in: KWD", "1.000", "By coach", "By offer", "without a session: KWD")
    olga.sees(f"{booking.coach_name}: €45.00 in", f"{booking.terms.offer_name}: €45.00 in")


async def test_a_month_begins_at_midnight_in_the_practice(chat: BareChat) -> None:
    """Half an hour before midnight UTC the next month has begun in Berlin."""
    at = chat.practice.now().replace(month=12, day=31, hour=23, minute=30)
    row = {"kind": "charge", "external_ref": "ch_x", "amount": 700, "currency": "EUR", "at": int(at.timestamp())}
    await chat.practice.storage.write(lambda tx: tx.execute(sa.insert(tables.transactions).values(**row)))
    december = await chat.desk.money.month(date(2026, 12, 15))
    january = await chat.desk.money.month(date(2027, 1, 1))
    assert december.sums == []
    assert [sums.came.amount for sums in january.sums] == [700]


async def test_it_is_for_owners_alone(chat: BareChat) -> None:
    for who in (IVA, ANA):
        somebody = Somebody(chat, who)
        await somebody.goes("report/money")
        somebody.sees("This is no longer here")


async def test_what_is_owed_as_unused_credit(chat: BareChat) -> None:
    """Three of five sessions are left, one of them reserved, of a package for €180: 3 × €36."""
    booking = await chat.booked(IVA)
    price, single = Money(18000, "EUR"), Money(4500, "EUR")
    new = NewGrant(booking.person_id, "Five", 5, price, single, {chat.practice.free.id})
    cause = Cause(None, "worker", chat.practice.now())

    def work(tx: Tx) -> None:
        grant = ledger.give(tx, new, cause)
        held = holdings.locked(tx, grant.id)
        assert held is not None
        change = Entry(grant.id, 0, EntryKind.ADJUSTED, -2, 0, 0, cause.now, why="Used before")
        held = ledger.enter(tx, held, change, cause)
        ledger.enter(tx, held, Entry(grant.id, 0, EntryKind.RESERVED, -1, 0, +1, cause.now), cause)

    await chat.practice.storage.write(work)
    olga = Somebody(chat, OWNER)
    await olga.goes("report/money")
    olga.sees("Paid and not used yet, as of today: €108.00, 3 sessions of packages")
