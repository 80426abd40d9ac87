"""The books as both databases add them up."""

from datetime import date

from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Owed, Sums
from bot.domain.records import Cause
from bot.services.credits import corrections, ledger
from bot.services.credits.ledger import NewGrant
from bot.services.reports.money import MoneyReports
from tests.services.paid_practice import FEE, PaidPractice


async def test_a_month_and_what_is_not_used_yet(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=30)
    new = NewGrant(booking.person_id, "Three", 3, Money(10000, "EUR"), Money(4500, "EUR"), {paid_practice.paid.id})
    cause = Cause(None, "worker", paid_practice.now())
    grant = await paid_practice.storage.write(lambda tx: ledger.give(tx, new, cause))
    books = MoneyReports(paid_practice.storage)
    month = await books.month(date(2026, 12, 24))
    sums = Sums(Money(4500, "EUR"), 1, Money(4500, "EUR"), Money(-FEE, "EUR"), Money(0, "EUR"))
    assert (month.sums, list(month.coaches.values()), list(month.offers)) == ([sums], [[sums]], ["Single"])
    assert await books.year(2026) == [(date(2026, 12, 1), [sums])]
    assert await books.year(2025) == []
    assert await books.owed(paid_practice.now()) == [Owed(Money(10000, "EUR"), 3)]
    await paid_practice.storage.write(lambda tx: corrections.adjust(tx, grant.id, 2, "a gift", cause))
    assert await books.owed(paid_practice.now()) == [Owed(Money(10000, "EUR"), 5)], "nobody paid for what was added"
