"""What giving a package back would do: what of its price goes back, which credits and sessions end, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, Cancelled, CancelOutcome
from bot.domain.credits import rules
from bot.domain.credits.grants import EntryKind, Grant, Holding
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.orders import FOR_CREDITS
from bot.domain.payments.payments import PAST_US, Payment, Refund, RefundState
from bot.domain.pricing.package_refund import WITHDRAWAL, BoughtPackage, PackageRefund, package_refund
from bot.domain.pricing.rounding import with_tax_on_top, without_tax_on_top
from bot.services.bookings import booking_changes
from storage.bookings import on_grant
from storage.credits import entries, grants, holdings
from storage.engine import Tx
from storage.instants import to_epoch
from storage.payments import disputes, orders, payments, refunds


@dataclass(frozen=True)
class Worth:
    """`back` goes back to who paid, with its tax; `refund` says how that was counted. `ends` are the sessions that end
    with it, each with what cancelling it does. Another outcome holds from `changes_at` on.

    `alone`: its owner may do it without the practice.
    """

    held: Holding
    payment: Payment
    payer_id: int
    refund: PackageRefund
    back: Money
    ends: Sequence[tuple[Booking, CancelOutcome]]
    changes_at: datetime | None
    alone: bool

    @property
    def credits(self) -> int:
        """How many credits end, those of sessions that can be cancelled free of charge among them."""
        return self.held.credits.available + sum(_is_free(outcome) for _booking, outcome in self.ends)

    @property
    def facts(self) -> tuple[object, ...]:
        """What the button that gives it back must state."""
        sessions = tuple((each.id, each.version, str(outcome.becomes)) for each, outcome in self.ends)
        return (self.held.credits.number, self.back.amount, self.refund.counted, *sessions)


def look(tx: Tx, grant_id: int, now: datetime) -> Worth | Unreturnable | None:
    """None where there is no such grant. Nothing goes back of one that nobody paid for, or that is used up."""
    held = holdings.find(tx, grant_id)
    if held is None:
        return None
    paid = paid_for(tx, held.grant)
    if paid is None:
        return Unreturnable.NEVER_PAID
    if disputes.is_disputed(tx, paid[0].id):
        return Unreturnable.DISPUTED
    if entries.on_hold(tx, grant_id):
        return Unreturnable.ON_HOLD
    ends = [(each, _cancelled(each, now)) for each in on_grant.ahead(tx, grant_id, now) if _has_it(each)]
    worth = _worth(tx, held, *paid, ends, now)
    return worth if worth.back else Unreturnable.NOTHING_LEFT


def paid_for(tx: Tx, grant: Grant) -> tuple[Payment, Money, int] | None:
    """The payment of a grant, what its order asked for before tax, and who paid; None where nobody did."""
    order = None if grant.order_id is None else orders.find(tx, grant.order_id)
    if order is not None and not any(line.kind in FOR_CREDITS for line in order.lines):
        return None  # a session's, whose money became a credit
    payment = None if order is None else payments.accepted_of(tx, order.subject)
    return None if order is None or payment is None else (payment, order.amount, order.person_id)


def _worth(
    tx: Tx, held: Holding, payment: Payment, price: Money, payer_id: int,
    ends: Sequence[tuple[Booking, CancelOutcome]], now: datetime,
) -> Worth:  # fmt: skip
    grant = held.grant
    free = tuple(each.id for each, outcome in ends if _is_free(outcome))
    late = tuple(each.id for each, outcome in ends if not _is_free(outcome))
    returned = Money(refunds.returned(tx, payment.id), payment.amount.currency)
    is_over = grant.expires_at is not None and grant.expires_at <= now
    package = BoughtPackage(
        paid=price,
        given_back=without_tax_on_top(returned, price, payment.amount),
        sessions=grant.sessions,
        single_price=grant.single_price,
        bought_at=to_epoch(grant.bought_at),
        used=_used(tx, held, len(free) + len(late), now),
        reserved=free,
        late=late,
        is_over=is_over,
    )
    refund = package_refund(package, to_epoch(now))
    part = refund.effect.back
    assert part is not None
    changes = [at for _booking, outcome in ends if _is_free(outcome) and (at := outcome.changes_at) is not None]
    if refund.changes_at is not None:
        changes.append(refund.changes_at)
    own = payer_id == grant.person_id and not grants.members(tx, grant.id)
    alone = own and (to_epoch(now) < package.bought_at + WITHDRAWAL or (refund.undo and not is_over))
    return Worth(
        held, payment, payer_id, refund,
        with_tax_on_top(part, price, payment.amount, returned),
        ends, datetime.fromtimestamp(min(changes), UTC) if changes else None, alone,
    )  # fmt: skip


def _used(tx: Tx, held: Holding, ahead: int, now: datetime) -> int:
    """Sessions that count as used beside those ahead: those that took place, were missed or cancelled late, and what
    has expired or was taken away. What the practice added is used last."""
    had = entries.given(tx, [held.grant.id]).get(held.grant.id, 0)
    took_place = had - held.credits.available - ahead
    gone = held.grant.sessions - rules.left(held, now) - ahead
    return max(took_place, gone, 0)


def _cancelled(booking: Booking, now: datetime) -> CancelOutcome:
    """As if its client cancelled it, whoever gives the package back: that is no way round a late cancel."""
    return booking_changes.outcome_of(booking, Actor.CLIENT, now)


def _is_free(outcome: CancelOutcome) -> bool:
    return outcome.becomes is Cancelled.IN_TIME


def _has_it(booking: Booking) -> bool:
    return booking.credit is not None and booking.credit.kind is EntryKind.RESERVED


def owed(those: Sequence[Refund], payment: Payment) -> Money:
    """What was to go back of a payment and did not, less what has gone back since, which takes its place."""
    currency = payment.amount.currency
    failed = [each for each in those if each.state is RefundState.FAILED and each.reason not in PAST_US]
    made = [each for each in those if each.state is not RefundState.FAILED]
    since = sum(each.amount.amount for each in made if failed and each.id > failed[0].id)
    left = payment.amount.amount - sum(each.amount.amount for each in made)
    return Money(max(0, min(sum(each.amount.amount for each in failed) - since, left)), currency)
