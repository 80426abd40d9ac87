"""Finds in what our books differ from what the provider's account shows. It changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.payments.differences import Difference, Differs
from bot.domain.payments.disputes import follows
from bot.domain.payments.invoices import COLLECTED_IN_CHAT
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind, Payment, PaymentState, RefundState
from bot.integrations.payments.books import Unmarked
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.payments.port import Checkout, Returned
from bot.services.disputes.record_dispute import state_of
from bot.services.payments.settle_payment import OPEN_ENDS, of_another_house, ours
from storage.engine import Tx
from storage.payments import books, disputes, payments, refunds

Thing = Checkout | Unmarked | Returned | Dispute | FraudWarning
AT_THE_EDGE = timedelta(days=2)
"""What we wrote so shortly after the beginning of the stretch, the provider may have before it."""

MADE_THERE = "re_"


@dataclass(frozen=True)
class Seen:
    """What the provider's account shows of a stretch of time that begins at `since`.

    `pages`: also the payments with kept cards, which are read as pages are. `unmarked`: None where no chat collects
    money, and so none of it can be ours.
    """

    since: datetime
    pages: Sequence[Checkout]
    refunds: Sequence[Returned]
    disputes: Sequence[Dispute]
    warnings: Sequence[FraudWarning]
    unmarked: Sequence[Unmarked] | None = None


@dataclass(frozen=True)
class Found:
    """A difference, and what of the provider's it is about."""

    difference: Difference
    thing: Thing | None = None


def find(tx: Tx, seen: Seen) -> list[Found]:
    """In the order in which they can be mended: the money's coming before its going."""
    return [
        *_pages(tx, seen),
        *_in_chat(tx, seen),
        *_refunds(tx, seen.refunds),
        *_of_banks(tx, (*seen.disputes, *seen.warnings)),
        *_only_here(tx, seen),
    ]


def _pages(tx: Tx, seen: Seen) -> Iterator[Found]:
    entered = books.movements_since(tx, seen.since)
    for page in seen.pages:
        payment = payments.by_ref(tx, page.ref) or ours(tx, page)
        if payment is None:
            if page.paid and not of_another_house(tx, page):
                yield Found(Difference(Differs.STRAY, page.ref, there=page.amount))
            continue
        of_this_page = payment.checkout_ref in (None, page.ref)
        settled = of_this_page and payment.state in OPEN_ENDS
        if page.paid and not settled:
            yield Found(Difference(Differs.PAID, page.ref, payment.id, page.amount), page)
        elif not page.paid and settled:
            yield Found(Difference(Differs.NOT_PAID, page.ref, payment.id, here=payment.amount))
        elif page.state is PageState.EXPIRED and of_this_page and _is_waiting(payment):
            yield Found(Difference(Differs.ENDED, page.ref, payment.id), page)
        elif page.paid:
            yield from _charge(page, page.ref, payment, entered.get(payment.id, ()))


def _is_waiting(payment: Payment) -> bool:
    return payment.state in (*payments.LIVE, PaymentState.CLOSING)


def _charge(
    there: Checkout | Unmarked, ref: str, payment: Payment, entered: Iterable[Movement]
) -> Iterator[Found]:  # fmt: skip
    mine, charge = list(entered), there.charge
    came = _sum(mine, MovementKind.CHARGE, there.amount.currency)
    if came != there.amount:
        yield Found(Difference(Differs.AMOUNT, ref, payment.id, there.amount, came))
    if charge is not None and charge.fee_ref is not None:
        known = {each.external_ref for each in mine if each.kind is MovementKind.FEE}
        if charge.fee_ref not in known:
            yield Found(Difference(Differs.FEE, ref, payment.id, charge.fee), there)


def _in_chat(tx: Tx, seen: Seen) -> Iterator[Found]:
    """What a chat platform collected, by its charge: it bears no mark of ours, and may be in another account, of which
    nothing is shown here at all."""
    if seen.unmarked is None:
        return
    entered, on_pages = books.movements_since(tx, seen.since), {page.intent_ref for page in seen.pages}
    for each in seen.unmarked:
        payment = payments.by_intent(tx, each.intent_ref, each.charge.ref)
        if payment is not None:
            yield from _charge(each, each.charge.ref, payment, entered.get(payment.id, ()))
        elif each.intent_ref not in on_pages:  # one of those is told with its page
            yield Found(Difference(Differs.UNHEARD, each.charge.ref, there=each.amount))
    there = {each.charge.ref for each in seen.unmarked}
    mine = [each for each in books.paid_since(tx, seen.since + AT_THE_EDGE) if each.by_charge]
    absent = [each for each in mine if each.charge_ref not in there]
    if absent and len(absent) == len(mine):
        yield Found(Difference(Differs.ELSEWHERE, COLLECTED_IN_CHAT))
        return
    for lost in absent:
        yield Found(Difference(Differs.NO_CHARGE, lost.charge_ref or "", lost.id, here=lost.amount))


def _sum(movements: Iterable[Movement], kind: MovementKind, currency: str) -> Money:
    mine = (each.amount.amount for each in movements if each.kind is kind and each.amount.currency == currency)
    return Money(sum(mine), currency)


def _refunds(tx: Tx, there: Iterable[Returned]) -> Iterator[Found]:
    for each in there:
        payment = payments.by_intent(tx, each.intent_ref, each.charge_ref)
        refund = refunds.by_ref(tx, each.ref)
        if refund is None and payment is None:
            continue  # of money that is not ours, or that another difference speaks of
        if refund is None or refund.state is not each.state:
            payment_id = refund.payment_id if refund is not None else None if payment is None else payment.id
            yield Found(Difference(Differs.REFUND, each.ref, payment_id, each.amount), each)


def _of_banks(tx: Tx, there: Iterable[Dispute | FraudWarning]) -> Iterator[Found]:
    for each in there:
        payment = payments.by_intent(tx, each.intent_ref, each.charge_ref)
        if payment is None:
            continue
        known = disputes.by_ref(tx, each.ref)
        if known is None or follows(known.state, state_of(each)):
            amount = each.amount if isinstance(each, Dispute) else None
            yield Found(Difference(Differs.DISPUTE, each.ref, payment.id, amount), each)


def _only_here(tx: Tx, seen: Seen) -> Iterator[Found]:
    """What we have and the provider does not show, and what does not add up here."""
    since, pages = seen.since + AT_THE_EDGE, {page.ref for page in seen.pages}
    for payment in books.paid_since(tx, since):
        has_page = payment.checkout_ref is not None and not payment.by_charge
        if has_page and payment.checkout_ref not in pages:
            yield Found(Difference(Differs.NO_PAGE, payment.checkout_ref or "", payment.id, here=payment.amount))
    made = {each.ref: each for each in seen.refunds}
    for refund in books.refunded_since(tx, since):
        ref = refund.refund_ref or ""
        if ref.startswith(MADE_THERE) and ref not in made:
            yield Found(Difference(Differs.NO_REFUND, ref, refund.payment_id, here=refund.amount))
    yield from _sums_of_refunds(tx, seen)
    for booking_id in books.unpaid_bookings(tx, since):
        yield Found(Difference(Differs.UNPAID_BOOKING, f"booking:{booking_id}"))
    for order_id in books.not_granted(tx, since):
        yield Found(Difference(Differs.NOT_GRANTED, f"order:{order_id}"))


def _sums_of_refunds(tx: Tx, seen: Seen) -> Iterator[Found]:
    """Of each payment, what the ledger says that the provider gave back, against what that shows."""
    there: dict[tuple[str, str | None], list[Returned]] = {}
    for each in seen.refunds:
        if each.intent_ref is not None and refunds.by_ref(tx, each.ref) is not None:
            there.setdefault((each.intent_ref, each.charge_ref), []).append(each)
    entered: Mapping[int, Sequence[Movement]] = books.movements_since(tx, seen.since)
    for (intent_ref, charge_ref), made in there.items():
        payment = payments.by_intent(tx, intent_ref, charge_ref)
        if payment is None or any(each.state is RefundState.PENDING for each in made):
            continue
        currency = payment.amount.currency
        gone = sum(each.amount.amount for each in made if each.state is RefundState.SUCCEEDED)
        refs = {each.ref for each in made}
        mine = [each for each in entered.get(payment.id, ()) if each.external_ref in refs]
        here = _sum(mine, MovementKind.REFUND, currency) + _sum(mine, MovementKind.ADJUSTMENT, currency)
        if here.amount != -gone:
            yield Found(Difference(Differs.REFUNDED, intent_ref, payment.id, Money(-gone, currency), here))
