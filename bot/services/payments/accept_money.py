"""Accepts money that came for an order, or refuses it and has it go back; and enters it in the ledger with its fee."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import HOLDS, NoticeKind
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderPaid, OrderState
from bot.domain.payments.payments import LATE, Movement, MovementKind, Payment, PaymentState
from bot.domain.practice.offers import OfferState
from bot.domain.pricing.rounding import spread
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.charge import Charge
from bot.integrations.payments.port import Checkout
from bot.services.bookings import booking_changes, switch_tx
from bot.services.kit.patience import Patience
from bot.services.kit.reaction import Reaction
from bot.services.offers import eligibility
from bot.services.payments import apply_tax, orders_tx, redeem_coupon, tell_money
from bot.services.payments.receipts.issue_receipts import issue_purchase
from bot.services.payments.sales import Sale
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import orders, payment_changes, payments, refunds, transactions
from storage.payments.cards import customers
from storage.payments.coupons import redemptions
from storage.practice import offers

log = logging.getLogger(__name__)

CHOICE = timedelta(hours=24)
"""So long a client may take a credit in place of money that came too late for a session; then it goes back."""

FEE = Patience(first=timedelta(seconds=20), longest=timedelta(hours=6))


def accept_money(
    tx: Tx, react: Reaction, payment: Payment, sale: Sale, checkout: Checkout, cause: Cause
) -> Payment:  # fmt: skip
    """Accepted is what was asked for, once for an order, while what it is for can be had. All else goes back."""
    before, fits = payment.state, payment.amount == before_tax(checkout)
    second = _was_paid(tx, payment, sale)
    becomes = PaymentState.ACCEPTED if fits and not second else PaymentState.REFUSED
    payment = _paid_by(tx, payment, becomes, checkout, cause.now)
    _enter_charge(tx, payment, sale, checkout, cause)
    if payment.keep_card:  # the provider says which card that was
        customers.look_soon(tx, checkout.customer_ref, cause.now)
    if second:
        _refuse(tx, payment, sale, "second", NoticeKind.PAID_TWICE, cause.now)
    elif not fits:
        log.error("page.amount_differs", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        _refuse(tx, payment, sale, "amount", NoticeKind.PAID_OTHERWISE, cause.now)
        outbox.ask_correction(tx, payment.subject, cause.now, HOLDS)
    else:
        sale = redeem_coupon.paid_before(tx, react, sale, cause)
        lost = [each for each in sale.sessions if not _takes_place(tx, react, sale, each, checkout, cause)]
        gone = bool(sale.sessions) and len(lost) == len(sale.sessions)
        gone = gone or (sale.order.fee is not None and sale.order.state is OrderState.CLOSED)  # nobody asks for it now
        if gone or not _moves(tx, react, sale, cause):
            payment_changes.refuse(tx, payment.id)
            payment = replace(payment, state=PaymentState.REFUSED, version=payment.version + 1)
            due = _chosen_until(tx, sale.sessions, cause.now)
            _refuse(tx, payment, sale, LATE, NoticeKind.PAID_LATE, cause.now, due)
        else:
            _is_paid(tx, react, payment, sale, lost, checkout, cause)
    if payment.state is PaymentState.REFUSED and sale.order.move is not None:
        orders_tx.end(tx, react, sale.order, cause)  # the new time is not kept for a page that is gone
    came = {"amount": payment.amount.amount, "currency": payment.amount.currency}
    was = {"payment": payment.id, "state": before.value}
    _write_down(tx, f"payment.{payment.state}", payment.subject, came, cause, before=was)
    return payment


def _was_paid(tx: Tx, payment: Payment, sale: Sale) -> bool:
    """Whether what this pays for is paid, be it by the order that a coupon has put in the place of this one."""
    if payments.accepted_of(tx, payment.subject) is not None or sale.is_confirmed():
        return True
    return not sale.sessions and redemptions.twin_is_paid(tx, sale.order)


def before_tax(checkout: Checkout) -> Money:
    """What the page asks for; tax by the address of who pays may come on top."""
    return checkout.amount if checkout.asked is None or checkout.tax_amount is None else checkout.asked


def _takes_place(tx: Tx, react: Reaction, sale: Sale, booking: Booking, checkout: Checkout, cause: Cause) -> bool:
    """Confirm a session with its part of the money; False when its time is lost."""
    came = _came_for(sale, booking, checkout)
    on_top = came.amount - sale.price_of(booking).amount
    paid_for = replace(booking, paid=booking.paid + came, tax_on_top=on_top)
    return booking_changes.confirm(tx, react, paid_for, cause) is not None


def _moves(tx: Tx, react: Reaction, sale: Sale, cause: Cause) -> bool:
    """Move the session whose difference this is, where there is one; False when it cannot move any more."""
    move, moving = sale.order.move, sale.moving
    if move is None:
        return True
    if moving is None or move.terms is None:
        return False
    is_open = sale.order.state is OrderState.OPEN
    return switch_tx.apply_paid(
        tx, react, moving, move.name or "", move.terms, sale.order.id, cause, is_open=is_open
    )  # fmt: skip


def _came_for(sale: Sale, booking: Booking, checkout: Checkout) -> Money:
    """A session's part of the money: its price, and its part of the tax that came on top."""
    if booking is sale.alone:
        return checkout.amount
    prices = [line.amount for line in sale.order.lines]
    shares = spread(apply_tax.on_top(sale.order, checkout), prices)
    added = (share for line, share in zip(sale.order.lines, shares, strict=True) if line.subject == booking.subject)
    return sum(added, sale.price_of(booking))


def _is_paid(
    tx: Tx, react: Reaction, payment: Payment, sale: Sale, lost: list[Booking], checkout: Checkout, cause: Cause
) -> None:
    """The order is paid: whatever follows from that comes before the holds that it covers. Of several sessions, the
    price of those whose time was lost goes back."""
    order = sale.order
    apply_tax.keep_tax(tx, order, _charge(payment, sale, checkout, cause.now))
    is_new = orders.pay(tx, order, cause.now)
    if is_new:
        paid = replace(order, state=OrderState.PAID, paid_at=cause.now, version=order.version + 1)
        react(tx, OrderPaid(paid, payment, cause))
    for booking in lost:
        came, due = _came_for(sale, booking, checkout), _chosen_until(tx, [booking], cause.now)
        refunds.intend(tx, payment, came, LATE, cause.now, booking.subject, due=due)
        _write_down(tx, "refund.intended", booking.subject, {"amount": came.amount, "currency": came.currency}, cause,
                    why=LATE)  # fmt: skip
        tell_money.of_booking(tx, NoticeKind.PAID_LATE, booking, payment.id, cause.now)
    for booking in sale.waiting:
        booking_changes.confirm(tx, react, booking, cause)
    if is_new:  # its number is drawn last: the lock of the counter comes after those of the grants
        issue_purchase(tx, sale, payment, checkout, cause)


def _paid_by(tx: Tx, payment: Payment, becomes: PaymentState, checkout: Checkout, now: datetime) -> Payment:
    """The payment with its money: the page, its way and its charge are written down. What the provider kept of it is
    asked for until that is known."""
    charge = checkout.charge
    after = replace(
        payment,
        state=becomes,
        amount=checkout.amount,
        checkout_ref=checkout.ref,
        intent_ref=checkout.intent_ref,
        charge_ref=None if charge is None else charge.ref,
        failures=int(charge is not None and not charge.is_booked),
        version=payment.version + 1,
    )
    payment_changes.settle(tx, after, None if charge is not None and charge.is_booked else now + FEE.first)
    return after


def _enter_charge(tx: Tx, payment: Payment, sale: Sale, checkout: Checkout, cause: Cause) -> None:
    """With its fee, where that is known: nobody can have entered either before the payment was settled."""
    entered = [apply_tax.with_number(tx, _charge(payment, sale, checkout, cause.now), checkout)]
    fee = None if checkout.charge is None else _fee(payment, checkout.charge, cause.now)
    if fee is not None:
        entered.append(replace(fee, booking_id=entered[0].booking_id))
        _write_down_fee(tx, payment, fee, cause)
    transactions.enter(tx, entered)


def _charge(payment: Payment, sale: Sale, checkout: Checkout, now: datetime) -> Movement:
    # Without the charge's own id the way of the money names it just as uniquely.
    ref = checkout.charge.ref if checkout.charge is not None else checkout.intent_ref or checkout.ref
    movement = payment.movement(MovementKind.CHARGE, ref, checkout.amount, now)
    about = sale.moving or sale.missed
    if about is not None:
        movement = replace(movement, booking_id=about.id)
    return apply_tax.taxed_charge(movement, checkout)


def fee_known(tx: Tx, payment: Payment, charge: Charge, cause: Cause) -> Payment:
    """Enter the provider's fee in the ledger; it is asked again until it tells one."""
    if payment.charge_ref is None:
        payment_changes.name_charge(tx, payment.id, charge.ref)
        payment = replace(payment, charge_ref=charge.ref, version=payment.version + 1)
    fee = _fee(payment, charge, cause.now)
    if fee is None:
        again = cause.now + FEE.wait(payment.failures)
        payments.ask_at(tx, payment.id, again, payment.failures + 1)
        return replace(payment, failures=payment.failures + 1)
    if transactions.add(tx, fee):
        _write_down_fee(tx, payment, fee, cause)
    payments.ask_at(tx, payment.id, None)
    return replace(payment, failures=0)


def _fee(payment: Payment, charge: Charge, now: datetime) -> Movement | None:
    if charge.fee is None or charge.fee_ref is None:
        return None
    return payment.movement(MovementKind.FEE, charge.fee_ref, -charge.fee, now)


def _write_down_fee(tx: Tx, payment: Payment, fee: Movement, cause: Cause) -> None:
    told = {"amount": -fee.amount.amount, "currency": fee.amount.currency, "payment": payment.id}
    _write_down(tx, "payment.fee", payment.subject, told, cause)


def _chosen_until(tx: Tx, those: Sequence[Booking], now: datetime) -> datetime | None:
    """So long their client may take credits for them in place of the money; None where they could not use any."""
    offer = offers.find(tx, those[0].offer_id) if len({each.offer_id for each in those}) == 1 else None
    if offer is None or offer.state is not OfferState.OPEN or not offer.price:
        return None
    if all(each.practice_cancelled for each in those):
        return None
    return now + CHOICE if eligibility.refusal(tx, offer, those[0].person_id, now) is None else None


def _refuse(
    tx: Tx, payment: Payment, sale: Sale, reason: str, kind: NoticeKind, now: datetime, due: datetime | None = None
) -> None:
    """Refuse the money: intend its refund, and tell both sides and the owners. `due`: until then its client chooses."""
    refunds.intend(tx, payment, payment.amount, reason, now, due=due)
    if sale.alone is not None:
        tell_money.of_booking(tx, kind, sale.alone, payment.id, now)
    else:
        tell_money.of_order(tx, NoticeKind.ORDER_MONEY, sale.order, payment.id, now)


def _write_down(
    tx: Tx, act: str, subject: Subject, after: Mapping[str, object], cause: Cause, *,
    before: Mapping[str, object] | None = None, why: str | None = None,
) -> None:  # fmt: skip
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=act, subject=subject, before=before, after=after, why=why,
        now=cause.now,
    )  # fmt: skip
