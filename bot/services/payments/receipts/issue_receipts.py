"""Issues a receipt in the transaction that applies a paid order, or a refund that has succeeded."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.bookings import switch
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, OrderLine
from bot.domain.payments.payments import Payment, Refund
from bot.domain.payments.receipts import Party, Receipt, ReceiptKind, ReceiptLine, SessionFacts, TaxLine, cancelling
from bot.domain.payments.tax import CUSTOMER_EXEMPT, REVERSE_CHARGE
from bot.domain.practice.practice import Practice
from bot.domain.pricing.rounding import tax_of_part
from bot.domain.records import Cause
from bot.integrations.payments.port import Checkout
from bot.services.payments.sales import Sale
from storage.engine import Tx
from storage.journal import audit
from storage.payments import orders, transactions
from storage.payments.receipts import receipts
from storage.payments.receipts.receipts import Kept, Origin
from storage.people import buyers, people
from storage.practice import catalogue

NOBODY = "-"
"""Stands for a name that is not given, or cannot be read: the number is drawn all the same."""


def issue_purchase(tx: Tx, sale: Sale, payment: Payment, checkout: Checkout, cause: Cause) -> None:
    """A receipt for what was bought; money that is only authorised, or goes back at once, has none."""
    address = None if checkout.payer is None else checkout.payer.address
    _issue(tx, sale, payment.id, _taxes(checkout), cause, address, _exemption(tx, sale, checkout))


def issue_free(tx: Tx, sale: Sale, cause: Cause) -> None:
    """A receipt for what cost something and was had for nothing. Offers without a price are not bought."""
    _issue(tx, sale, None, (), cause)


def issue_late(tx: Tx, sale: Sale, payment: Payment, cause: Cause) -> None:
    """A receipt for money that came too late, and for which its client took a credit. Its tax is that of the ledger."""
    applied = transactions.tax_of(tx, payment.id)
    taxes = []
    if applied:
        tax = Money(applied, payment.amount.currency)
        taxes = [TaxLine(tax, included=payment.amount == sale.order.amount)]
    _issue(tx, sale, payment.id, taxes, cause)


def _issue(
    tx: Tx,
    sale: Sale,
    payment_id: int | None,
    taxes: Sequence[TaxLine],
    cause: Cause,
    address: str | None = None,
    exemption: str | None = None,
) -> None:
    order, practice = sale.order, catalogue.snapshot(tx).practice
    said = Receipt(
        number="",
        kind=ReceiptKind.PURCHASE,
        at=cause.now,
        zone=practice.zone or "UTC",
        seller=seller(practice),
        buyer=buyers.find(tx, sale.person_id).party(_buyer(tx, sale), address),
        lines=tuple(_line(sale, line) for line in order.lines),
        taxes=taxes,
        exemption=exemption,
    )
    receipts.issue(tx, said, Origin(order.person_id, order.id, payment_id))


def issue_refund(tx: Tx, refund: Refund, amount: Money, cause: Cause) -> None:
    """A receipt for what went back, once. Money that was never accepted has no receipt that this could be of."""
    bought = receipts.of_payment(tx, refund.payment_id)
    if bought is None or receipts.is_of_refund(tx, refund.id):
        return
    origin, before = bought.origin, bought.receipt
    taxes = _returned_taxes(before, receipts.returned(tx, refund.payment_id, amount.currency), amount)
    said = Receipt(
        number="",
        kind=ReceiptKind.REFUND,
        at=cause.now,
        zone=before.zone,
        seller=before.seller,
        buyer=before.buyer,
        lines=_returned_lines(tx, refund, bought, amount, taxes),
        taxes=taxes,
        exemption=before.exemption,
        corrects=before.number,
    )
    receipts.issue(tx, said, Origin(origin.person_id, origin.order_id, refund.payment_id, refund.id))


def cancel_refund(tx: Tx, refund: Refund, cause: Cause) -> None:
    """A refund that has a receipt has failed: one of its own takes that back, and nothing of it counts any more."""
    made = receipts.of_refund(tx, refund.id)
    if made is None:
        return
    taken_back = receipts.issue(tx, cancelling(made.receipt, cause.now), replace(made.origin, refund_id=None))
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act="receipt.cancelled", subject=refund.subject,
        before={"receipt": made.receipt.number}, after={"receipt": taken_back.receipt.number}, now=cause.now,
    )  # fmt: skip


def seller(practice: Practice) -> Party:
    return Party(practice.name or NOBODY, practice.address, practice.tax_number)


def _buyer(tx: Tx, sale: Sale) -> str:
    own = [each.client_name for each in sale.holds if each.person_id == sale.person_id]
    if own:
        return own[0]
    client = people.find(tx, sale.person_id)
    return NOBODY if client is None else client.name


def _line(sale: Sale, line: OrderLine) -> ReceiptLine:
    booking = next((each for each in sale.sessions if each.subject == line.subject), None)
    if booking is not None:
        terms = booking.terms
        facts = SessionFacts(booking.starts, booking.client_zone, terms.length_min, booking.coach_name)
        return ReceiptLine(line.kind, terms.offer_name, line.amount, facts)
    if sale.moving is not None and line.terms is not None:
        zone, coach = sale.moving.client_zone, sale.moving.coach_name
        facts = SessionFacts(switch.starts_of(line.terms), zone, line.terms["length"], coach)
        return ReceiptLine(line.kind, line.name, line.amount, facts)
    if sale.missed is not None:
        missed = sale.missed
        facts = SessionFacts(missed.starts, missed.client_zone, missed.terms.length_min, missed.coach_name)
        return ReceiptLine(line.kind, line.name, line.amount, facts)
    return ReceiptLine(line.kind, line.name, line.amount)


def _taxes(checkout: Checkout) -> tuple[TaxLine, ...]:
    """As the provider applied them; the sum alone where it did not tell the parts."""
    if not checkout.tax_amount:
        return ()
    told = [TaxLine(part.amount, part.inclusive, percent=part.percent) for part in checkout.tax_parts if part.amount]
    if told and sum(tax.amount.amount for tax in told) == checkout.tax_amount:
        return tuple(told)
    included = checkout.asked is None or checkout.asked == checkout.amount
    return (TaxLine(Money(checkout.tax_amount, checkout.amount.currency), included),)


def _exemption(tx: Tx, sale: Sale, checkout: Checkout) -> str | None:
    """Why no tax was taken, where the reason is one that a receipt must name; the practice's own words, where it
    exempted its client."""
    reasons = [part.reason for part in checkout.tax_parts]
    found = next((each for each in reasons if each in (REVERSE_CHARGE, CUSTOMER_EXEMPT)), None)
    if found != CUSTOMER_EXEMPT:
        return found
    buyer = buyers.find(tx, sale.person_id)
    return found if buyer.exemption is None else buyer.why or found


def _returned_taxes(bought: Receipt, returned: Money, amount: Money) -> tuple[TaxLine, ...]:
    """The same share of each tax as of the price; the last cents are in the last refund."""
    shares = [(tax, tax_of_part(tax.amount, bought.total, returned, amount)) for tax in bought.taxes]
    return tuple(replace(tax, amount=-share) for tax, share in shares)


def _returned_lines(
    tx: Tx, refund: Refund, bought: Kept, amount: Money, taxes: Sequence[TaxLine]
) -> tuple[ReceiptLine, ...]:
    """All of them, or the one that is given back; of a part of several, the sum."""
    lines = bought.receipt.lines
    if amount == bought.receipt.total:
        return tuple(replace(line, amount=-line.amount) for line in lines)
    added = sum(tax.amount.amount for tax in taxes if not tax.included)
    back = Money(-amount.amount - added, amount.currency)
    order = None if bought.origin.order_id is None else orders.find(tx, bought.origin.order_id)
    sold = () if order is None else order.lines
    about = [line for line, of in zip(lines, sold, strict=False) if of.subject == refund.subject]
    if len(lines) == 1 or len(about) == 1:
        return (replace((about or lines)[0], amount=back),)
    return (ReceiptLine(LineKind.SESSION, None, back),)
