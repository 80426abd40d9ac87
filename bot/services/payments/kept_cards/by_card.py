"""Payments with a kept card, which has no page: the provider's answer is read as that of a page would be."""

from dataclasses import replace

from bot.domain.payments.payments import Payment
from bot.integrations.payments.cards import CardPayment, CardPaymentState
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.port import Checkout, Payer, PaymentProvider
from bot.integrations.payments.tax import TaxPart

_STATES = {
    CardPaymentState.PAID: PageState.COMPLETE,
    CardPaymentState.HELD: PageState.COMPLETE,
    CardPaymentState.UNDER_WAY: PageState.COMPLETE,
    CardPaymentState.CHECK: PageState.OPEN,
    CardPaymentState.DECLINED: PageState.OPEN,
    CardPaymentState.ENDED: PageState.EXPIRED,
}


def as_checkout(found: CardPayment) -> Checkout:
    """`url` is the bank's own page while that asks something, and a decline is told by its code."""
    return Checkout(
        ref=found.ref,
        state=_STATES[found.state],
        paid=found.state is CardPaymentState.PAID,
        pending=found.state is CardPaymentState.UNDER_WAY,
        amount=found.amount,
        url=found.check_url,
        payment_id=found.payment_id,
        subject=found.subject,
        intent_ref=found.ref,
        charge=found.charge if found.state is CardPaymentState.PAID else None,
        customer_ref=found.customer_ref,
        held=found.state is CardPaymentState.HELD,
        by_card=True,
        declined=None if found.decline is None else found.decline.code,
    )


def with_tax(payment: Payment, checkout: Checkout) -> Checkout:
    """With the tax that its amount was reckoned with, which the provider does not tell again."""
    found = payment.reckoned
    if not checkout.by_card or found is None or checkout.amount != found.total:
        return checkout
    parts = [
        TaxPart(part.tax, part.net, part.percent, part.included, part.reason, part.country, part.state)
        for part in found.parts
    ]
    return replace(
        checkout,
        asked=payment.amount if checkout.asked is None else checkout.asked,
        tax_amount=found.tax.amount,
        tax_parts=tuple(parts),
        tax_location=found.location,
        payer=Payer(exempt=found.exempt),
    )


async def find(provider: PaymentProvider, ref: str, *, by_card: bool) -> Checkout | None:
    """The page, or the payment with a kept card, as it stands; None for one that the provider does not know."""
    if not by_card:
        return await provider.find(ref)
    found = None if provider.cards is None else await provider.cards.card_payment(ref)
    return None if found is None else as_checkout(found)


async def close(provider: PaymentProvider, ref: str, *, by_card: bool) -> Checkout | None:
    """End it unless money was taken, and return its state: it may just have been paid."""
    if not by_card:
        return await provider.close(ref)
    found = None if provider.cards is None else await provider.cards.drop(ref)
    return None if found is None else as_checkout(found)
