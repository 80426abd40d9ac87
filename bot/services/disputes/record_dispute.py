"""Applies what the provider says of a dispute, or of a warning, by the state in which it stands.

Whatever is told, however late and how often, leads to the same: the money and the credits of a payment follow the state
of its disputes. Whoever changes one holds its payment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.disputes import ENDED, FREEZE, Dispute, DisputeState, follows
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.domain.payments.payments import DISPUTED, MovementKind, Payment, RefundState
from bot.domain.payments.tax import TaxBehavior
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments import disputes as told
from bot.services.credits import freezing
from bot.services.kit.audit_note import tell_owners
from storage.credits import freezes
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import disputes, orders, payments, refunds, taken_back, transactions

QUIET = (DisputeState.SPARED, DisputeState.ASKED_REVIEW, DisputeState.REVIEW)
"""What follows from what somebody of the practice did at the provider: nobody is told."""


def record(tx: Tx, payment: Payment, news: told.Dispute | told.FraudWarning, cause: Cause) -> None:
    """Write it down, let money and credits follow, and tell the owners."""
    payments.lock(tx, payment.id)
    now_told = _read(payment, news, cause)
    before = disputes.by_ref(tx, news.ref)
    if before is None:
        dispute = disputes.open_new(tx, payment, now_told)
    elif follows(before.state, now_told.state):
        dispute = replace(now_told, id=before.id, opened_at=before.opened_at, version=before.version)
        disputes.keep(tx, dispute)
    else:
        _keep_time(tx, payment, before, now_told, cause)
        return
    _say(tx, before, dispute, cause)
    _follow(tx, payment, None if before is None else before.state, dispute, cause)
    if dispute.state not in QUIET:
        to, key = address_of(NoticeKind.DISPUTE, dispute.id), f"dispute:{dispute.id}:{dispute.state.value}"
        tell_owners(tx, NoticeKind.DISPUTE, dispute.subject, to, key, cause.now)


def state_of(news: told.Dispute | told.FraudWarning) -> DisputeState:
    """In our words."""
    if isinstance(news, told.Dispute):
        return news.state
    return DisputeState.WARNED if news.actionable else DisputeState.SPARED


def _read(payment: Payment, news: told.Dispute | told.FraudWarning, cause: Cause) -> Dispute:
    found = Dispute(
        id=0,
        payment_id=payment.id,
        order_id=payment.order_id,
        subject=payment.subject,
        ref=news.ref,
        state=state_of(news),
        amount=payment.amount,
        reason="",
        opened_at=cause.now,
    )
    if isinstance(news, told.Dispute):
        return replace(found, amount=news.amount, reason=news.reason, due_by=news.due_by, fee=news.fee)
    return replace(found, reason=news.kind)


def _keep_time(tx: Tx, payment: Payment, before: Dispute, now_told: Dispute, cause: Cause) -> None:
    """The bank may give more time to answer, and the fee may be told late, while all else stands."""
    late = replace(before, due_by=now_told.due_by, fee=now_told.fee)
    if before.state is now_told.state and late != before:
        disputes.keep(tx, late)
        _enter_fee(tx, payment, late, cause)


def _follow(tx: Tx, payment: Payment, before: DisputeState | None, dispute: Dispute, cause: Cause) -> None:
    if dispute.state in FREEZE:
        freezing.freeze_disputed(tx, payment, dispute.id, cause)
    elif dispute.state is DisputeState.LOST:
        freezing.freeze_disputed(tx, payment, dispute.id, cause)
        freezing.take(tx, freezes.because_of(tx, dispute_id=dispute.id), cause)
        _money_is_gone(tx, payment, dispute, cause)
    elif dispute.state in (DisputeState.WON, DisputeState.DROPPED):
        if before is DisputeState.LOST:
            _money_came_back(tx, payment, dispute, cause)
        freezing.thaw(tx, freezes.because_of(tx, dispute_id=dispute.id), cause, longer=True)
    _enter_fee(tx, payment, dispute, cause)


def _enter_fee(tx: Tx, payment: Payment, dispute: Dispute, cause: Cause) -> None:
    """What the provider keeps for a dispute is certain once that has ended."""
    if dispute.state not in ENDED or not dispute.fee:
        return
    if transactions.add(tx, payment.movement(MovementKind.FEE, f"{dispute.ref}:fee", -dispute.fee, cause.now)):
        _write_down(tx, "fee", dispute, dispute.fee, cause)


def _money_is_gone(tx: Tx, payment: Payment, dispute: Dispute, cause: Cause) -> None:
    """It is with the client: nothing of it can go back once more, and what was about to go back has."""
    transactions.add(tx, payment.movement(MovementKind.DISPUTE, dispute.ref, -dispute.amount, cause.now))
    for refund in refunds.of_payment(tx, payment.id):
        if refund.state is RefundState.INTENDED:
            refunds.settle(tx, refund, RefundState.SUCCEEDED, f"{dispute.ref}:{refund.id}")
    for about, gone in parts_of(tx, payment, dispute.amount):
        taken_back.insert(tx, payment, gone, f"{dispute.ref}:{about}", about, cause.now)


def fit_taken(tx: Tx, payment: Payment) -> None:
    """A refund of a payment was heard of, or failed: what banks took for good and what went back otherwise are together
    no more than was paid, in whatever order the news came."""
    lost = [each for each in disputes.of_payment(tx, payment.id) if each.state is DisputeState.LOST]
    if not lost:
        return
    there = [each for each in refunds.of_payment(tx, payment.id) if each.state is not RefundState.FAILED]
    others = sum(each.amount.amount for each in there if each.reason != DISPUTED)
    room = max(0, payment.amount.amount - others)
    taken = sum(each.amount.amount for each in lost)
    taken_back.fit(tx, [each for each in there if each.reason == DISPUTED], min(taken, room))


def parts_of(tx: Tx, payment: Payment, amount: Money) -> Iterator[tuple[Subject, Money]]:
    """What of an amount that goes back is the price of what, as far as that has not gone back before: of several
    sessions, each has its own."""
    left = min(amount.amount, payment.amount.amount - refunds.returned(tx, payment.id))
    for about, price in _prices(tx, payment):
        some = min(left, price)
        left -= some
        if some > 0:
            yield about, Money(some, payment.amount.currency)


def _prices(tx: Tx, payment: Payment) -> Sequence[tuple[Subject, int]]:
    """What was paid for, and what of its price has not gone back: each session of several by itself."""
    order = None if payment.order_id is None else orders.find(tx, payment.order_id)
    back: dict[Subject, int] = {}
    for refund in refunds.of_payment(tx, payment.id):
        if refund.state is not RefundState.FAILED:
            back[refund.subject] = back.get(refund.subject, 0) + refund.amount.amount
    parts: list[tuple[Subject, int]] = []
    if order is not None and payment.subject == order.subject:
        for line in order.of_kind(LineKind.SESSION):
            if line.subject is not None:
                on_top = line.tax_amount or 0 if payment.tax is TaxBehavior.EXCLUSIVE else 0
                parts.append((line.subject, line.amount.amount + on_top - back.get(line.subject, 0)))
    moved = None if payment.order_id is None else orders.moves(tx, payment.order_id)
    return [*parts, (moved or payment.subject, payment.amount.amount)]


def _money_came_back(tx: Tx, payment: Payment, dispute: Dispute, cause: Cause) -> None:
    """An appeal was won: what was taken is there again, and what was to go back goes."""
    freezing.give_again(tx, freezes.because_of(tx, dispute_id=dispute.id), cause)
    taken_back.undo(tx, payment.id, dispute.ref)
    back = payment.movement(MovementKind.DISPUTE, f"{dispute.ref}:won", dispute.amount, cause.now)
    transactions.add(tx, back)


def _say(tx: Tx, before: Dispute | None, dispute: Dispute, cause: Cause) -> None:
    outbox.ask_correction(tx, dispute.subject, cause.now)
    was = None if before is None else {"state": before.state.value}
    _write_down(tx, dispute.state.name.lower(), dispute, dispute.amount, cause, was)


def _write_down(
    tx: Tx, what: str, dispute: Dispute, amount: Money, cause: Cause, before: Mapping[str, object] | None = None
) -> None:
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=f"dispute.{what}", subject=dispute.subject, before=before,
        after={"amount": amount.amount, "currency": amount.currency}, now=cause.now,
    )  # fmt: skip
