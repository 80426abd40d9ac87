"""Invoices: the links by which people pay inside Telegram, and the answer to its question just before the money."""

from telegram.error import TelegramError

from bot.channels.telegram.calls import Calls
from bot.channels.telegram.errors import meaning
from bot.chat.shorten import shorten
from bot.domain.payments.invoices import Invoice
from bot.integrations.vendor import VendorAway, VendorRefused

# Bot API, createInvoiceLink and answerPreCheckoutQuery.
MAX_TITLE, MAX_DESCRIPTION = 32, 255
MAX_REASON = 255


class Invoices:
    """An `InvoiceMaker`. `provider_token`: from @BotFather, None while off."""

    def __init__(self, calls: Calls, provider_token: str | None) -> None:
        self._calls = calls
        self._provider_token = provider_token

    async def make_invoice(self, invoice: Invoice) -> str:
        asked = {
            "title": shorten(invoice.name, MAX_TITLE),
            "description": shorten(invoice.description or invoice.name, MAX_DESCRIPTION),
            "payload": invoice.payload,
            "provider_token": self._provider_token,
            "currency": invoice.amount.currency,
            "prices": [{"label": shorten(invoice.name, MAX_TITLE), "amount": invoice.amount.amount}],
        }
        try:
            link = await self._calls.call("createInvoiceLink", asked)
        except TelegramError as error:
            if meaning(error) is None:
                raise VendorRefused(error.message[:MAX_REASON]) from error
            raise VendorAway(type(error).__name__) from error
        if not isinstance(link, str):
            raise VendorAway("a link is words")
        return link

    async def answer(self, question_id: str, refusal: str | None) -> None:
        """`refusal`: why the money is not to be taken. Raises the library's errors."""
        ok = {"ok": True} if refusal is None else {"ok": False, "error_message": shorten(refusal, MAX_REASON)}
        await self._calls.call("answerPreCheckoutQuery", {"pre_checkout_query_id": question_id, **ok})
