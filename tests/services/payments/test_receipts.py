"""Each purchase and each refund has a receipt: numbered without a gap, frozen, and open to whoever has its link."""

import asyncio

import pypdfium2
import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.domain.payments.receipts import Party, Receipt, ReceiptKind, ReceiptLine
from bot.services.payments.receipts.receipts import Receipts
from storage import tables
from storage.engine import Tx
from storage.payments.receipts import receipts
from storage.payments.receipts.receipts import Origin
from tests.services.bare_practice import NOW, OWNER
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


@pytest.fixture
async def paid_practice(paid_practice: PaidPractice) -> PaidPractice:
    """Beside a Stripe that tells nothing by itself."""
    await paid_practice.silence()
    return paid_practice


async def paid(practice: PaidPractice) -> Booking:
    booking = await practice.hold((await practice.starts())[0], guest(1))
    await practice.pays(await practice.page(booking))
    await practice.sweep(minutes=1)
    return await practice.found(booking.id)


async def found(practice: PaidPractice, booking_id: int) -> list[Receipt]:
    subject = (await practice.found(booking_id)).subject
    return [each.receipt for each in await Receipts(practice.storage, "").of(subject)]


async def test_a_purchase_and_its_refund_have_one_each(paid_practice: PaidPractice) -> None:
    booking = await paid(paid_practice)
    [bought] = await found(paid_practice, booking.id)
    assert (bought.number, bought.kind, bought.total) == ("R-00001", ReceiptKind.PURCHASE, booking.terms.price)
    assert (bought.lines[0].name, bought.lines[0].kind) == (booking.terms.offer_name, LineKind.SESSION)
    assert bought.buyer.name == booking.client_name
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(minutes=1)
    [_bought, back] = await found(paid_practice, booking.id)
    assert (back.number, back.kind, back.corrects) == ("C-00001", ReceiptKind.REFUND, "R-00001")
    assert back.total == Money(-booking.terms.price.amount, booking.terms.price.currency)


async def test_a_wrong_name_afterwards_changes_nothing(paid_practice: PaidPractice) -> None:
    booking = await paid(paid_practice)
    before = await found(paid_practice, booking.id)
    await paid_practice.storage.write(lambda tx: tx.execute(sa.update(tables.practice).values(name="Other")))
    assert await found(paid_practice, booking.id) == before


def said(amount: int = 100) -> Receipt:
    line = ReceiptLine(LineKind.SESSION, "Call", Money(amount, "EUR"))
    return Receipt("", ReceiptKind.PURCHASE, NOW, "UTC", Party("We"), Party("Bo"), (line,))


async def test_numbers_have_no_gap_whatever_is_rolled_back(paid_practice: PaidPractice) -> None:
    person = await paid_practice.meet(guest(1))
    storage = paid_practice.storage

    async def one(at: int) -> None:
        def work(tx: Tx) -> None:
            receipts.issue(tx, said(), Origin(person.id))
            if at % 3 == 0:
                raise ZeroDivisionError

        try:
            await storage.write(work)
        except ZeroDivisionError:
            return

    await asyncio.gather(*(one(at) for at in range(30)))
    query = sa.select(tables.receipts.c.number).order_by(tables.receipts.c.number)
    drawn = await storage.read(lambda tx: list(tx.execute(query).scalars()))
    assert drawn == list(range(1, 21))


async def test_the_link_opens_the_pdf_and_no_other_does(paid_practice: PaidPractice) -> None:
    booking = await paid(paid_practice)
    [link] = await Receipts(paid_practice.storage, paid_practice.url).of(booking.subject)
    async with paid_practice.browser.get(link.url) as answer:
        body = await answer.read()
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    words = pypdfium2.PdfDocument(body)[0].get_textpage().get_text_bounded()
    assert "R-00001" in words
    assert booking.client_name in words
    for wrong in (link.url[:-1], f"{link.url}x", f"{paid_practice.url}/receipts/R-00001"):
        async with paid_practice.browser.get(wrong) as answer:
            assert answer.status == 404
            assert booking.client_name not in await answer.text()
