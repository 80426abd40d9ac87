"""Receipts: numbered without a gap, sealed as they were on their day, found by the digest of their link's token."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.receipts import Receipt, ReceiptKind, numbered
from bot.domain.subjects import Subject
from storage.columns import SCHEMA
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.payments.receipts import receipt_contents
from storage.ready import Ready
from storage.sealing import digest
from storage.sound import Senseless, check
from storage.tables import order_lines, receipt_counters, receipts
from storage.tx import Tx, next_id, upsert

CONTENTS, TOKEN = "receipts.contents_sealed", "receipts.token_sealed"
_TOKEN_BYTES = 16


@dataclass(frozen=True)
class Origin:
    """What a receipt is the paper for, beside what it says. `person_id` is who paid."""

    person_id: int
    order_id: int | None = None
    payment_id: int | None = None
    refund_id: int | None = None


@dataclass(frozen=True)
class Kept:
    """A receipt as it is kept. `token` makes its link."""

    id: int
    receipt: Receipt
    origin: Origin
    token: str


def issue(tx: Tx, said: Receipt, origin: Origin) -> Kept:
    """Draw the next number of its series, as the last lock of the transaction, and keep the receipt under it, which is
    put off."""
    series = said.kind.series
    count, receipt_id = tx.execute(_DRAW, {"of": series.value}).one()
    receipt, token = replace(said, number=numbered(series, count)), secrets.token_urlsafe(_TOKEN_BYTES)
    values = {
        "id": receipt_id,
        "series": series.value,
        "number": count,
        "kind": receipt.kind.value,
        "person_id": origin.person_id,
        "order_id": origin.order_id,
        "payment_id": origin.payment_id,
        "refund_id": origin.refund_id,
        "amount": receipt.total.amount,
        "currency": receipt.total.currency,
        "contents_sealed": tx.sealer.seal(receipt_contents.written(receipt), CONTENTS, receipt_id),
        "token_digest": digest(token),
        "token_sealed": tx.sealer.seal(token, TOKEN, receipt_id),
        "at": to_epoch(receipt.at),
        "writer": SCHEMA,
    }
    tx.batch_insert(_INSERT, values)
    return Kept(receipt_id, receipt, origin, token)


_INSERT = sa.insert(receipts)


def _draw(postgres: bool) -> sa.Executable:
    first = upsert(receipt_counters, postgres=postgres).values(
        series=sa.bindparam("of", type_=sa.Text), last=sa.literal_column("1")
    )
    again = first.on_conflict_do_update(
        index_elements=["series"], set_={"last": receipt_counters.c.last + sa.literal_column("1")}
    )
    return again.returning(receipt_counters.c.last, next_id(receipts, postgres=postgres).label("id"))


_DRAW = Ready(_draw)
"""The next number of a series, and the receipt's id. The counter's row is held until the transaction ends, and what is
rolled back gives the number back."""


def by_token(tx: Tx, token: str) -> Kept | None:
    return read_if(tx, RECEIPTS, tx.execute(RECEIPTS.select.where(receipts.c.token_digest == digest(token))).first())


def find(tx: Tx, receipt_id: int) -> Kept | None:
    return read_if(tx, RECEIPTS, tx.execute(RECEIPTS.select.where(receipts.c.id == receipt_id)).first())


def of_payment(tx: Tx, payment_id: int) -> Kept | None:
    """The receipt of what was bought with it."""
    bought = (receipts.c.payment_id == payment_id, receipts.c.kind == ReceiptKind.PURCHASE.value)
    return read_if(tx, RECEIPTS, tx.execute(RECEIPTS.select.where(*bought).order_by(receipts.c.id.desc())).first())


def beside(tx: Tx, kept: Kept) -> Sequence[Kept]:
    """All of its purchase, itself among them, in the order in which they were issued."""
    origin = kept.origin
    mine = receipts.c.id == kept.id
    if origin.order_id is not None:
        mine = receipts.c.order_id == origin.order_id
    elif origin.payment_id is not None:
        mine = receipts.c.payment_id == origin.payment_id
    return read_each(tx, RECEIPTS, tx.execute(RECEIPTS.select.where(mine).order_by(receipts.c.id)))


def of_person(tx: Tx, person_id: int, skip: int, most: int) -> Sequence[Kept]:
    """What somebody paid, and what of it went back, the newest first."""
    mine = RECEIPTS.select.where(stands_for(receipts.c.person_id, person_id)).order_by(receipts.c.id.desc())
    return read_each(tx, RECEIPTS, tx.execute(mine.offset(skip).limit(most)))


def is_of_refund(tx: Tx, refund_id: int) -> bool:
    return tx.execute(sa.select(receipts.c.id).where(receipts.c.refund_id == refund_id)).first() is not None


def of_refund(tx: Tx, refund_id: int) -> Kept | None:
    return read_if(tx, RECEIPTS, tx.execute(RECEIPTS.select.where(receipts.c.refund_id == refund_id)).first())


def returned(tx: Tx, payment_id: int, currency: str) -> Money:
    """What receipts say that went back of a payment, less what they take back of refunds that failed."""
    failed = sa.and_(receipts.c.kind == ReceiptKind.CANCELLATION.value, receipts.c.amount > 0)
    back = (receipts.c.payment_id == payment_id, sa.or_(receipts.c.kind == ReceiptKind.REFUND.value, failed))
    total = sa.select(sa.func.coalesce(sa.func.sum(receipts.c.amount), 0)).where(*back)
    return Money(-int(tx.execute(total).scalar_one()), currency)


def of_subject(tx: Tx, subject: Subject) -> Sequence[Kept]:
    """Those of an order, or of the orders that sold a thing, in the order in which they were issued."""
    order_id = subject.number("order")
    sold: Any = sa.select(order_lines.c.order_id).where(order_lines.c.subject == str(subject))
    if order_id is not None:
        sold = [order_id]
    rows = tx.execute(RECEIPTS.select.where(receipts.c.order_id.in_(sold)).order_by(receipts.c.id))
    return read_each(tx, RECEIPTS, rows)


def _read(tx: Tx, row: Any) -> Kept:
    check(receipts, row)
    said = receipt_contents.read(tx.sealer.open(row.contents_sealed, CONTENTS, row.id))
    kind = known(ReceiptKind, row.kind)
    if (said.kind, said.total) != (kind, Money(row.amount, row.currency)):
        raise Senseless("receipts.contents_sealed")
    origin = Origin(row.person_id, row.order_id, row.payment_id, row.refund_id)
    return Kept(row.id, said, origin, tx.sealer.open(row.token_sealed, TOKEN, row.id))


RECEIPTS = Reader(sa.select(receipts), receipts.c.id, _read)
