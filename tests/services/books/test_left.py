"""What the doctor does not mend: it names each difference, the amounts, and what a person can do."""

from datetime import timedelta

import sqlalchemy as sa

from bot.checks import books
from bot.domain.payments.differences import Compared, Difference, Differs
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.services.books.reconcile import reconcile
from bot.services.reactions import react
from storage import tables
from storage.payments import payments
from tests.services.disputes.selling_packages import bought, ordered
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


async def compared(practice: PaidPractice) -> Compared:
    provider, now = practice.provider, practice.now()
    return await reconcile(practice.storage, react, provider, provider.books, now - timedelta(days=10), now)


async def paid_elsewhere(practice: PaidPractice, payment_id: int) -> str:
    """The reference of a paid page like that of this payment, but of another shop of the same account."""
    asked = dict(await practice.storage.read(lambda tx: payments.parameters(tx, payment_id)))
    asked["metadata"] = asked["payment_intent_data"]["metadata"] = {}  # type: ignore[index]
    page = await practice.provider.open(asked, "of another shop")
    await practice.control("pay", session=page.ref)
    await practice.heard()
    return page.ref


async def test_what_a_person_has_to_decide_is_named_and_left(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    await paid_practice.control("refund", charge=package.charge, amount=4500)
    booking = await paid_practice.hold((await paid_practice.starts())[-1], guest(1))
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    free = await paid_practice.book((await paid_practice.starts())[0], guest(2))
    given = await ordered(paid_practice, guest(3), LineKind.GIFT)
    gift = await paid_practice.payments.ready_order(given, paid_practice.now())
    assert gift is not None
    await paid_practice.pays(gift)
    await paid_practice.heard()
    assert await compared(paid_practice) == Compared(4)

    stray = await paid_elsewhere(paid_practice, page.id)
    account = paid_practice.sandbox.account
    del account.sessions[page.checkout_ref or ""]
    [refund] = account.refunds
    del account.refunds[refund]
    unpaid = sa.update(tables.bookings).where(tables.bookings.c.id == free.id)
    elsewhere = sa.update(tables.gifts).values(order_id=booking.order_id)
    lost = sa.update(tables.grants).where(tables.grants.c.id == package.grant_id)
    await paid_practice.storage.write(
        lambda tx: (
            tx.execute(unpaid.values(price=4500, cover="order", order_id=999)),
            tx.execute(lost.values(order_id=None)),
            tx.execute(elsewhere),
        )
    )
    found = await compared(paid_practice)
    assert not found.mended
    assert {(each.what, each.ref) for each in found.left} == {
        (Differs.STRAY, stray),
        (Differs.NO_PAGE, page.checkout_ref),
        (Differs.NO_REFUND, refund),
        (Differs.UNPAID_BOOKING, f"booking:{free.id}"),
        (Differs.NOT_GRANTED, f"order:{package.order_id}"),
        (Differs.NOT_GRANTED, f"order:{given}"),
    }
    said = books.lines(found)
    assert [line.state for line in said] == ["warn"] * 6 + ["broken"]
    words = " ".join(line.words for line in said)
    for part in ("45.00 EUR came for no order here", "have 45.00 EUR as paid, and it is not there", "0 mended, 6 left"):
        assert part in words


def test_each_difference_has_words_of_its_own() -> None:
    every = [Difference(each, "ref", 1, Money(1, "EUR"), Money(2, "EUR")) for each in Differs]
    safe, others = [each for each in every if each.is_safe], [each for each in every if not each.is_safe]
    said = books.lines(Compared.after(1, safe, others))
    assert len(said) == len({line.words for line in said}) == len(every) + 1
    assert not [line.words for line in said if books.NOT_MENDED in line.words]
