"""The PDF of a receipt says what the receipt says, in every script and currency, on as many pages as it needs."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.domain.payments.receipts import (
    Party,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Series,
    SessionFacts,
    TaxLine,
    numbered,
)
from bot.pages.receipt_pdf import draw

AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
SESSION = SessionFacts(datetime(2026, 12, 3, 14, 0, tzinfo=UTC), "Europe/Kyiv", 50, "Ana")


def receipt(amount: int = 4500, currency: str = "EUR", **values: object) -> Receipt:
    made = Receipt(
        "R-00007",
        ReceiptKind.PURCHASE,
        AT,
        "Europe/Vienna",
        Party("Praxis Müller", "Große Straße 12\n1010 Wien", "ATU1234"),
        Party("Bo Client"),
        (ReceiptLine(LineKind.SESSION, "First call", Money(amount, currency), SESSION),),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def words(made: Receipt, language: str = "en") -> str:
    pages = pypdfium2.PdfDocument(draw(made, language))
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def test_it_says_who_sold_what_to_whom_and_when() -> None:
    said = words(receipt(taxes=(TaxLine(Money(750, "EUR"), True, "VAT", "20"),)))
    for part in ("R-00007", "Tuesday, 1 December 2026", "Praxis Müller", "1010 Wien", "ATU1234", "Bo Client"):
        assert part in said
    assert "First call €45.00 Thursday, 3 December 2026, 16:00 (Kyiv), 50 minutes With Ana" in said
    assert "Total €45.00 Of which 20 % VAT €7.50 Paid in full." in said


def test_tax_that_is_added_is_in_the_total() -> None:
    made = receipt(taxes=(TaxLine(Money(400, "EUR"), False, "State tax", "8.875"),), exemption="None")
    assert made.total == Money(4900, "EUR")
    assert "Before tax €45.00 8.875 % State tax €4.00 Total €49.00" in words(made)


def test_it_speaks_the_clients_language() -> None:
    said = words(receipt(), "de")
    assert "Quittung" in said
    assert "Dienstag, 1. Dezember 2026" in said
    assert "45,00" in said


@pytest.mark.parametrize(
    ("amount", "currency", "shown"), [(4500, "JPY", "JP¥4,500"), (12345, "KWD", "12.345"), (0, "EUR", "€0.00")]
)
def test_amounts_have_the_decimals_of_their_currency(amount: int, currency: str, shown: str) -> None:
    assert shown in words(receipt(amount, currency))


def test_a_free_purchase_says_so() -> None:
    assert "free of charge" in words(receipt(0))


def test_a_refund_names_the_receipt_whose_money_it_gives_back() -> None:
    said = words(receipt(-4500, number=numbered(Series.RETURN, 1), kind=ReceiptKind.REFUND, corrects="R-00007"))
    assert "Refund Number: C-00001" in said
    assert "Gives back money of: R-00007" in said
    assert "Given back -€45.00" in said


def test_a_cancellation_moves_no_money() -> None:
    assert "No money moves" in words(receipt(-4500, kind=ReceiptKind.CANCELLATION, corrects="R-00007"))


@pytest.mark.parametrize("name", ["Олександра Щербаківська", "Ελένη Παπαδοπούλου", "Đặng Thị Ngọc Ánh"])
def test_names_stand_in_their_own_letters(name: str) -> None:
    assert name in words(receipt(buyer=Party(name)))


@pytest.mark.parametrize("name", ["محمد عبد الرحمن الهاشمي", "דוד כהן"])
def test_names_from_right_to_left_are_read_back_as_they_were_written(name: str) -> None:
    said = words(receipt(buyer=Party(name)))
    assert sorted(name.split()) == sorted(set(name.split()) & set(said.split()))


def test_letters_that_the_font_lacks_are_boxes_and_no_log_tells_them(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        said = words(receipt(buyer=Party("山田 😀 Taro")))
    assert "□□ Taro" in said
    assert "山" not in caplog.text


def test_many_lines_take_several_pages_each_with_the_number() -> None:
    lines = tuple(
        ReceiptLine(LineKind.SESSION, f"Session {n} with a name that is rather long " * 3, Money(n, "EUR"))
        for n in range(40)
    )
    pages = pypdfium2.PdfDocument(draw(receipt(lines=lines), "en"))
    assert len(pages) > 1
    assert all(
        f"R-00007 · page {at} of {len(pages)}" in page.get_textpage().get_text_bounded()
        for at, page in enumerate(pages, 1)
    )


def test_the_same_receipt_is_the_same_file() -> None:
    assert draw(receipt(), "en") == draw(receipt(), "en")
