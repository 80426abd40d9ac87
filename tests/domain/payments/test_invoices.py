"""What an invoice says comes back with the money, and only that is understood."""

import pytest

from bot.domain.payments.invoices import Invoice, can_ask, order_of
from bot.domain.payments.money import Money


def test_what_an_invoice_says_leads_back_to_its_order() -> None:
    invoice = Invoice(10**17, "Coaching", "", Money(4500, "EUR"))
    assert order_of(invoice.payload) == 10**17
    assert len(invoice.payload.encode()) <= 128


@pytest.mark.parametrize(
    "payload", ["", "order:", "order:0", "order:-1", "order:1 ", "order:٣", "booking:7", "1" * 200]
)
def test_anything_else_leads_nowhere(payload: str) -> None:
    assert order_of(payload) is None


def test_what_cannot_be_asked_for_in_a_chat() -> None:
    asked = [Money(4500, "EUR"), Money(4500, "JPY"), Money(0, "EUR"), Money(4500, "KWD")]
    assert [can_ask(amount) for amount in asked] == [True, True, False, False]
