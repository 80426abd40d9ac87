"""What Telegram collected, against the charges of the account: as far as it is the same account, and no further."""

from datetime import timedelta

from bot.checks import books
from bot.domain.payments.differences import Compared, Differs
from bot.domain.payments.invoices import Collected
from bot.domain.payments.money import Money
from bot.handlers.payments import order_words
from bot.sandbox.stripe import charging
from bot.services.books.reconcile import reconcile
from bot.services.invoices.invoices import Invoices
from bot.services.reactions import react
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest

LATER = timedelta(days=3)
"""What came so long after the beginning of the stretch is nowhere else."""


async def compared(practice: PaidPractice) -> Compared:
    provider, since = practice.provider, practice.now() - LATER
    return await reconcile(
        practice.storage, react, provider, provider.books, since, practice.now(), in_chat=True
    )  # fmt: skip


async def collected(practice: PaidPractice, number: int, told: int = 4500) -> str:
    """A session that is paid in the chat; Telegram tells this amount."""
    held = await practice.hold((await practice.starts(practice.paid))[0], guest(number))
    charge = charging.collect(practice.sandbox.account, 4500, "eur")
    money = Collected(f"order:{held.order_id}", Money(told, "EUR"), f"tg{number}", charge)
    await Invoices(practice.storage, react, order_words.describe, on=False).came(money, practice.now())
    return charge


async def test_what_a_chat_collected_is_compared_by_its_charge(practice: PaidPractice) -> None:
    await practice.silence()
    await collected(practice, 1)
    found = await compared(practice)
    assert (found.looked_at, [each.what for each in found.mended], found.left) == (1, [Differs.FEE], ())

    otherwise, lost = await collected(practice, 2, told=4400), await collected(practice, 3)
    del practice.sandbox.account.charges[lost]
    unheard = charging.collect(practice.sandbox.account, 2000, "eur")
    found = await compared(practice)
    assert [(each.what, each.ref) for each in found.left] == [
        (Differs.UNHEARD, unheard), (Differs.AMOUNT, otherwise), (Differs.NO_CHARGE, lost)
    ]  # fmt: skip
    words = " ".join(line.words for line in books.lines(found))
    assert "20.00 EUR came without a page and for no order here" in words


async def test_of_another_account_it_is_said_that_nothing_can_be_compared(practice: PaidPractice) -> None:
    await collected(practice, 1)
    practice.sandbox.account.charges.clear()
    found = await compared(practice)
    assert ([each.what for each in found.explained], found.mended, found.left) == ([Differs.ELSEWHERE], (), ())
    assert "cannot be compared" in books.lines(found)[0].words
