"""A receipt with a wrong name or address: cancelled and issued anew, once, by an owner; nothing of it is changed."""

import pypdfium2

from bot.domain.payments.receipts import ReceiptKind
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.receipts.test_receipt_links import paid
from tests.services.bare_practice import CLIENT, OWNER


async def test_a_receipt_is_cancelled_and_issued_anew(chat: BareChat) -> None:
    booking = await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"client/{booking.person_id}")
    await olga.taps("Receipts")
    await olga.taps("Receipt R-00001")
    stale = olga.button("Wrong name or address").to
    await olga.taps("Wrong name or address")
    olga.sees("R-00001 is cancelled, and a new receipt takes its place. No money moves.")
    again = olga.screen
    await olga.fills(name="Müller & Söhne GmbH", address="Ring 1\n1010 Wien", tax_number="ATU1")
    olga.sees("The new receipt is issued.", "Receipt R-00002", "Takes the place of: R-00001")
    assert olga.screen.file is not None
    with pypdfium2.PdfDocument(olga.screen.file.data) as paper:
        words = paper[0].get_textpage().get_text_bounded()
    assert all(each in words for each in ("Müller & Söhne GmbH", "1010 Wien", "ATU1", "R-00001"))
    found = [each.receipt for each in await chat.desk.receipts.of(booking.subject)]
    assert [(each.number, each.kind, each.corrects, each.total.amount) for each in found] == [
        ("R-00001", ReceiptKind.PURCHASE, None, 4500),
        ("C-00001", ReceiptKind.CANCELLATION, "R-00001", -4500),
        ("R-00002", ReceiptKind.PURCHASE, "R-00001", 4500),
    ]
    assert found[0].buyer.name == booking.client_name
    await olga.goes(stale)
    assert olga.screen.form is None, "it is taken back already"
    assert again.form is not None
    await olga.goes(again.form.to, {"name": "Somebody else"})
    assert len(await chat.desk.receipts.of(booking.subject)) == 3
    told = await chat.practice.notices("receipt-replaced")
    anew = (await chat.desk.receipts.of(booking.subject))[2].id
    assert [each[:2] for each in told] == [(booking.person_id, f"notice/receipt-replaced/{anew}")], "once"
    await olga.goes("audit")
    olga.sees("A receipt was cancelled, and a new one issued")
    clara = Somebody(chat, CLIENT)
    await clara.goes("receipts")
    assert all(number in clara.text for number in ("R-00001", "C-00001", "R-00002"))
    await clara.goes(stale)
    assert clara.screen.form is None
    await clara.goes(told[0][1])
    clara.sees("Sie haben eine neue Quittung", "Die Praxis hat R-00001 storniert und dafür R-00002 ausgestellt")
    await clara.taps("Quittung R-00002")
    assert clara.screen.file is not None


async def test_a_refund_afterwards_names_the_new_receipt_and_the_new_buyer(chat: BareChat) -> None:
    booking = await paid(chat)
    [first] = await chat.desk.receipts.of(booking.subject)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"receipt/{first.id}/anew")
    await olga.fills(name="Clara Anders", address="", tax_number="")
    await chat.practice.cancel(booking.id, OWNER)
    await chat.practice.sweep(minutes=1)
    refund = (await chat.desk.receipts.of(booking.subject))[-1].receipt
    assert (refund.number, refund.corrects, refund.buyer.name) == ("C-00002", "R-00002", "Clara Anders")
    await olga.goes(f"receipt/{first.id}/anew")
    assert olga.screen.form is None


async def test_a_list_without_receipts_says_so(chat: BareChat) -> None:
    clara = Somebody(chat, CLIENT)
    await clara.goes("receipts")
    assert "R-0" not in clara.text
    assert await clara.goes("receipts/of/1") == clara.screen
    assert clara.screen.file is None
