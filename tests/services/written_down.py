"""Whether every movement of money and credit has its row in the audit trail, under what people look for it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bot.domain.credits.grants import EntryKind
from bot.domain.payments.payments import MovementKind
from storage import tables
from storage.tx import Tx

MOVED = {
    MovementKind.CHARGE: ("payment.accepted", "payment.refused"),
    MovementKind.FEE: ("payment.fee", "dispute.fee"),
    MovementKind.REFUND: ("refund.pending", "refund.succeeded", "refund.failed", "refund.paid_another_way"),
    MovementKind.ADJUSTMENT: ("refund.failed",),
    MovementKind.DISPUTE: ("dispute.lost", "dispute.won", "dispute.dropped"),
}
TO_GO_BACK = (
    "booking.refund_intended", "refund.intended", "refund.as_credit", "refund.superseded", "payment.refused",
    *MOVED[MovementKind.REFUND], *MOVED[MovementKind.DISPUTE],
)  # fmt: skip
ENTERED = {f"credit.{kind.value}" for kind in EntryKind}
RECEIPTS = {
    "purchase": ("payment.accepted", "coupon.used", "refund.as_credit", "receipt.replaced"),
    "refund": ("refund.succeeded", "refund.paid_another_way"),
    "cancellation": ("receipt.cancelled", "receipt.replaced"),
}
GIFTS = {"open": ("gift.bought",), "taken": ("gift.bought", "gift.taken"), "returned": ("gift.bought", "gift.returned")}


Acts = dict[tuple[str, str], list[Any]]
"""The rows of the trail by subject and act."""


def not_written_down(tx: Tx) -> list[str]:
    """Each movement without a row of its own; there is none."""
    trail = tx.execute(sa.select(tables.audit).order_by(tables.audit.c.id)).all()
    acts: Acts = {}
    for entry in trail:
        acts.setdefault((entry.subject, entry.act), []).append(entry)
    found = (_money, _intents, _credits, _coupons, _gifts, _receipts)
    return [missing for each in found for missing in each(tx, acts)]


def _money(tx: Tx, acts: Acts) -> Iterator[str]:
    of_payments = tables.transactions.c.payment_id.is_not(None)  # others are made by tests of what adds them up
    for row in tx.execute(sa.select(tables.transactions).where(of_payments)).all():
        there = [
            entry.after.get("amount")
            for about in _about(row.order_id, row.booking_id)
            for act in MOVED[MovementKind(row.kind)]
            for entry in acts.get((about, act), ())
        ]
        if abs(row.amount) not in there:
            yield f"{row.kind} of {row.amount} for order {row.order_id}: {there}"


def _intents(tx: Tx, acts: Acts) -> Iterator[str]:
    for row in tx.execute(sa.select(tables.refunds)).all():
        if not any((about, act) in acts for about in (row.subject, *_about(row.order_id, None)) for act in TO_GO_BACK):
            yield f"a refund of {row.amount} because of {row.reason} for {row.subject}"


def _credits(tx: Tx, acts: Acts) -> Iterator[str]:
    """In their order, with what each of them left."""
    entries = tx.execute(sa.select(tables.credit_entries).order_by(tables.credit_entries.c.number)).all()
    for grant_id in sorted({entry.grant_id for entry in entries}):
        made = [(f"credit.{each.kind}", each.balance, each.reserved) for each in entries if each.grant_id == grant_id]
        mine = [(act, acts.get((f"grant:{grant_id}", act), [])) for act in ENTERED]
        rows = sorted(
            (row.id, act, row.after["available"], row.after["reserved"]) for act, those in mine for row in those
        )
        written = [row[1:] for row in rows]
        if made != written:
            yield f"grant {grant_id}: {made}, and in the trail {written}"


def _coupons(tx: Tx, acts: Acts) -> Iterator[str]:
    """Of each use: that it was reserved, and what its order says became of it last."""
    taken, whose = tables.redemptions.c, tables.orders
    query = sa.select(taken.coupon_id, taken.order_id, taken.freed_at, whose.c.state)
    for row in tx.execute(query.select_from(tables.redemptions.join(whose, whose.c.id == taken.order_id))).all():
        about = f"coupon:{row.coupon_id}"
        told = [
            (entry.id, act)
            for act in ("coupon.used", "coupon.freed")
            for entry in acts.get((about, act), ())
            if entry.after["order"] == row.order_id
        ]
        became = "coupon.used" if row.state == "paid" and row.freed_at is None else "coupon.freed"
        last = max(told, default=(0, ""))[1]
        if (about, "coupon.reserved") not in acts or (row.state != "open" and last != became):
            yield f"coupon {row.coupon_id} of order {row.order_id}, which is {row.state}: {told}"


def _gifts(tx: Tx, acts: Acts) -> Iterator[str]:
    for row in tx.execute(sa.select(tables.gifts)).all():
        for act in GIFTS[row.state]:
            if (f"gift:{row.id}", act) not in acts:
                yield f"gift {row.id} is {row.state}, and there is no {act}"


def _receipts(tx: Tx, acts: Acts) -> Iterator[str]:
    lines = tx.execute(sa.select(tables.order_lines.c.order_id, tables.order_lines.c.subject)).all()
    paid_for = {
        row.id: row.subject for row in tx.execute(sa.select(tables.payments.c.id, tables.payments.c.subject)).all()
    }
    coupons = set(tx.execute(sa.select(tables.redemptions.c.coupon_id)).scalars())
    of_orders = tables.receipts.c.order_id.is_not(None)  # others are made by tests of their numbers
    for row in tx.execute(sa.select(tables.receipts).where(of_orders)).all():
        sold = [line.subject for line in lines if line.order_id == row.order_id and line.subject is not None]
        about = (
            f"order:{row.order_id}",
            paid_for.get(row.payment_id, ""),
            *sold,
            *(f"coupon:{each}" for each in coupons),
        )
        if not any((each, act) in acts for each in about for act in RECEIPTS[row.kind]):
            yield f"{row.kind} {row.series}{row.number} of order {row.order_id}"


def _about(order_id: int | None, booking_id: int | None) -> list[str]:
    named = ("order", order_id), ("booking", booking_id)
    return [f"{kind}:{number}" for kind, number in named if number is not None]
