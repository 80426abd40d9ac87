"""How a receipt is called, on the paper and in the chat."""

from bot.chat.words import _
from bot.domain.payments.receipts import Receipt, ReceiptKind
from bot.domain.payments.tax import CUSTOMER_EXEMPT, REVERSE_CHARGE


def title(receipt: Receipt) -> str:
    match receipt.kind:
        case ReceiptKind.PURCHASE:
            return _("Receipt {number}", number=receipt.number)
        case ReceiptKind.REFUND:
            return _("Refund {number}", number=receipt.number)
    return _("Cancellation {number}", number=receipt.number)


def corrects(receipt: Receipt, number: str) -> str:
    """What it is to the receipt before it."""
    match receipt.kind:
        case ReceiptKind.PURCHASE:
            return _("Takes the place of: {number}", number=number)
        case ReceiptKind.REFUND:
            return _("Gives back money of: {number}", number=number)
    return _("Cancels: {number}. No money moves.", number=number)


def exemption(reason: str) -> str:
    if reason == REVERSE_CHARGE:
        return _("Reverse charge: the buyer owes the tax.")
    return _("The buyer is exempt from tax.") if reason == CUSTOMER_EXEMPT else reason
