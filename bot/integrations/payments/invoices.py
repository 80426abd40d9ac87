"""The protocol of a chat platform that collects money itself, in our own terms."""

from typing import Protocol

from bot.domain.payments.invoices import Invoice


class InvoiceMaker(Protocol):
    async def make_invoice(self, invoice: Invoice) -> str:
        """The link by which it is paid inside the chat. Raises `VendorAway`, `VendorRefused`."""
