"""Coupons, and which offers and packages they are for."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.pricing.coupons import Coupon, CouponState
from bot.domain.pricing.discounts import Discount
from storage.columns import SCHEMA
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.sound import Senseless, check
from storage.tables import coupon_offers, coupon_packages, coupons
from storage.tx import Tx


def everything(tx: Tx) -> list[Coupon]:
    """In the order in which they were made; those that were stopped are last."""
    stopped = coupons.c.state == CouponState.STOPPED.value
    return [_whole(tx, each) for each in read_each(tx, COUPONS, tx.execute(_ALL.order_by(stopped, coupons.c.id)))]


def find(tx: Tx, coupon_id: int) -> Coupon | None:
    return _one(tx, _ALL.where(coupons.c.id == coupon_id))


def lock(tx: Tx, coupon_id: int) -> Coupon | None:
    """The coupon, held by this transaction until it ends: its uses are counted by one at a time."""
    return _one(tx, _ALL.where(coupons.c.id == coupon_id).with_for_update())


def of_code(tx: Tx, code: str) -> Coupon | None:
    return _one(tx, _ALL.where(coupons.c.code == code))


def codes(tx: Tx, coupon_ids: Collection[int]) -> dict[int, str]:
    """By id."""
    rows = tx.execute(sa.select(coupons.c.id, coupons.c.code).where(coupons.c.id.in_(coupon_ids)))
    return {row.id: row.code for row in rows}


def any_active(tx: Tx) -> bool:
    """Whether any coupon could count for somebody."""
    return tx.execute(_ANY_ACTIVE).first() is not None


def create(tx: Tx, coupon: Coupon, now: datetime) -> int:
    """Insert the coupon; its `id` and `version` are not looked at."""
    values = {**_columns(coupon), "created_at": to_epoch(now)}
    coupon_id = tx.insert(sa.insert(coupons).values(**values))
    _set_pairs(tx, coupon_id, coupon)
    return coupon_id


def save(tx: Tx, coupon: Coupon) -> bool:
    """Replace the coupon of this version by these values; False when it has another version by now."""
    changed = (
        sa.update(coupons)
        .where(coupons.c.id == coupon.id, coupons.c.version == coupon.version)
        .values(**_columns(coupon), version=coupon.version + 1)
    )
    if tx.execute(changed).rowcount != 1:
        return False
    _set_pairs(tx, coupon.id, coupon)
    return True


def _set_pairs(tx: Tx, coupon_id: int, coupon: Coupon) -> None:
    tx.execute(sa.delete(coupon_offers).where(coupon_offers.c.coupon_id == coupon_id))
    tx.execute(sa.delete(coupon_packages).where(coupon_packages.c.coupon_id == coupon_id))
    for table, column, ids in (
        (coupon_offers, "offer_id", coupon.offer_ids),
        (coupon_packages, "package_id", coupon.package_ids),
    ):
        if ids:
            rows: list[Mapping[str, Any]] = [{"coupon_id": coupon_id, column: each} for each in sorted(set(ids))]
            tx.execute(sa.insert(table), rows)


def _columns(coupon: Coupon) -> Mapping[str, Any]:
    amount = coupon.discount.amount
    return {
        "code": coupon.code,
        "state": coupon.state.value,
        "percent": coupon.discount.percent,
        "amount": None if amount is None else amount.amount,
        "currency": None if amount is None else amount.currency,
        "most_uses": coupon.most_uses,
        "most_per_client": coupon.most_per_client,
        "first_purchase_only": int(coupon.first_purchase_only),
        "until": None if coupon.until is None else to_epoch(coupon.until),
        "every_offer": int(coupon.offer_ids is None),
        "every_package": int(coupon.package_ids is None),
        "writer": SCHEMA,
    }


def _one(tx: Tx, wanted: sa.Select[Any]) -> Coupon | None:
    found = read_if(tx, COUPONS, tx.execute(wanted).first())
    return None if found is None else _whole(tx, found)


def _whole(tx: Tx, coupon: Coupon) -> Coupon:
    """With the offers and packages that it is for, where they are named."""
    those = coupon_offers.c.offer_id, coupon_packages.c.package_id
    offers, packages = (
        None if ids is None else _pairs(tx, column, coupon.id)
        for ids, column in zip((coupon.offer_ids, coupon.package_ids), those, strict=True)
    )
    return replace(coupon, offer_ids=offers, package_ids=packages)


def _pairs(tx: Tx, column: sa.Column[int], coupon_id: int) -> tuple[int, ...]:
    mine = sa.select(column).where(column.table.c.coupon_id == coupon_id).order_by(column)
    return tuple(tx.execute(mine).scalars())


def _coupon(_tx: Tx, row: Any) -> Coupon:
    check(coupons, row)
    if (row.percent is None) == (row.amount is None) or (row.amount is not None and row.currency is None):
        raise Senseless("coupons.percent")
    return Coupon(
        id=row.id,
        code=row.code,
        state=known(CouponState, row.state),
        discount=Discount(row.percent, None if row.amount is None else Money(row.amount, row.currency)),
        most_uses=row.most_uses,
        most_per_client=row.most_per_client,
        first_purchase_only=bool(row.first_purchase_only),
        until=from_epoch(row.until),
        offer_ids=_named(row.every_offer),
        package_ids=_named(row.every_package),
        version=row.version,
    )


def _named(every: int) -> tuple[int, ...] | None:
    return None if every else ()


_ALL = sa.select(coupons)
_ANY_ACTIVE = sa.select(coupons.c.id).where(coupons.c.state == CouponState.ACTIVE.value).limit(1)
COUPONS = Reader(_ALL, coupons.c.id, _coupon)
