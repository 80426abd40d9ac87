"""What owners see of a dispute, or of a warning, and the refund that they may make to spare one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.payments.disputes import Dispute, DisputeState, given_twice
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.orders import Order
from bot.domain.payments.payments import AS_CREDIT, FRAUD, Payment, PaymentState, RefundState
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import freezing
from bot.services.disputes import record_dispute
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.bookings import bookings, on_order
from storage.credits import freezes, paid_by
from storage.engine import Storage, Tx
from storage.payments import disputes, orders, payments, refunds
from storage.payments.receipts import receipts
from storage.people import people


@dataclass(frozen=True)
class DisputePage:
    """`sessions`: all that were paid with it, with money or with its credits. `frozen`: credits that nobody can use
    while it is open, or which were lost with it. `twice`: what the client got both from the practice and from the bank.
    `left`: what of the payment has not gone back. `receipt`: the number of its paper.
    """

    dispute: Dispute
    payment: Payment
    order: Order | None
    person_id: int
    client_name: str
    sessions: Sequence[Booking]
    frozen: int
    twice: Money
    left: Money
    receipt: str | None

    @property
    def may_be_spared(self) -> bool:
        """Whether a refund now would spare a dispute, as far as anybody knows."""
        return (
            self.dispute.state is DisputeState.WARNED
            and self.payment.state is PaymentState.ACCEPTED
            and bool(self.left)
        )


class Disputes:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(self, dispute_id: int) -> DisputePage | None:
        return await self._storage.read(lambda tx: _page(tx, dispute_id))

    async def give_back(self, act: Act, dispute_id: int, left: Money) -> Done | Refusal:
        """Give back all that is left of a payment that may be fraud; what is unspent of a package is lost with it.

        `left` is what the page stated. CHANGED when it is another amount by now, or a dispute was opened.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            known = disputes.find(tx, dispute_id)
            if known is None:
                return NOT_FOUND
            payments.lock(tx, known.payment_id)
            found = _page(tx, dispute_id)
            if found is None or not found.may_be_spared or found.left != left:
                return Refusal(Code.CHANGED)
            if disputes.is_disputed(tx, found.payment.id):
                return Refusal(Code.UNRETURNABLE, Unreturnable.DISPUTED)
            for about, part in record_dispute.parts_of(tx, found.payment, left):
                refunds.intend(tx, found.payment, part, FRAUD, act.now, about)
            [*_others, made] = refunds.of_payment(tx, found.payment.id)
            taken = freezing.freeze_refunded(tx, found.payment, made.id, found.payment.amount, act.cause)
            freezing.take(tx, taken, act.cause)
            note(tx, act, "refund.intended", known.subject, after={"amount": left.amount, "currency": left.currency})
            return dispute_id

        return await once(self._storage, act, work)


def _page(tx: Tx, dispute_id: int) -> DisputePage | None:
    dispute = disputes.find(tx, dispute_id)
    payment = None if dispute is None else payments.find(tx, dispute.payment_id)
    if dispute is None or payment is None:
        return None
    order = None if payment.order_id is None else orders.find(tx, payment.order_id)
    sessions = on_order.on_credits_of(tx, paid_by.grants_of(tx, payment))
    if order is not None and payment.state is PaymentState.ACCEPTED:
        moving = bookings.about(tx, orders.moves(tx, order.id))
        sessions += [*on_order.of_order(tx, order.id), *([] if moving is None else [moving])]
    payer = None if order is None else people.find(tx, order.person_id)
    back = [each for each in refunds.of_payment(tx, payment.id) if each.state is not RefundState.FAILED]
    ours = [each for each in back if not (each.refund_ref or "").startswith(f"{dispute.ref}:")]
    by_us = sum(each.amount.amount for each in ours if each.how != AS_CREDIT)  # whose money stayed with the practice
    lost = dispute.amount if dispute.state is DisputeState.LOST else Money(0, payment.amount.currency)
    bought = receipts.of_payment(tx, payment.id)
    left = payment.amount.amount - refunds.returned(tx, payment.id)
    return DisputePage(
        dispute=dispute,
        payment=payment,
        order=order,
        person_id=0 if payer is None else payer.id,
        client_name="" if payer is None else payer.name,
        sessions=sorted({each.id: each for each in sessions}.values(), key=lambda each: (each.starts, each.id)),
        frozen=sum(each.sessions for each in freezes.because_of(tx, dispute_id=dispute.id)),
        twice=given_twice(payment.amount, Money(by_us, payment.amount.currency), lost),
        left=Money(max(0, left), payment.amount.currency),
        receipt=None if bought is None else bought.receipt.number,
    )
