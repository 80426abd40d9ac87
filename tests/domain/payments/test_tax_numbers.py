"""Which tax numbers can be checked, however they are written."""

import pytest

from bot.domain.payments.tax_numbers import TaxId, read_number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ATU12345678", TaxId("eu_vat", "ATU12345678")),
        (" de 123 456 789 ", TaxId("eu_vat", "DE123456789")),
        ("IE1234567FA", TaxId("eu_vat", "IE1234567FA")),
        ("XI123456789", TaxId("eu_vat", "XI123456789")),
        ("GB 123 4567 89", TaxId("gb_vat", "GB123456789")),
        ("CHE-123.456.789 MWST", TaxId("ch_vat", "CHE123456789MWST")),
        ("GB12345678", None),
        ("US12-3456789", None),
        ("12/345/67890", None),
        ("DE", None),
        ("DE" + "1" * 13, None),
        ("ДE123456789", None),
        ("", None),
        (None, None),
    ],
)
def test_read_number(text: str | None, found: TaxId | None) -> None:
    assert read_number(text) == found
