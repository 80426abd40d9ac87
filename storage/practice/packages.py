"""Packages, and the offers that they are for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.credits.packages import Package
from storage.instants import to_epoch
from storage.practice.catalogue import snapshot
from storage.tables import package_offers, packages
from storage.tx import Tx


def find(tx: Tx, package_id: int) -> Package | None:
    return snapshot(tx).package.get(package_id)


def everything(tx: Tx) -> list[Package]:
    """Those that can be bought or are paused; what was archived is left out."""
    return snapshot(tx).standing_packages


def create(tx: Tx, package: Package, now: datetime) -> int:
    """Insert the package as it stands, at the end of the list; its `id` and `version` are not looked at."""
    last = tx.execute(sa.select(sa.func.coalesce(sa.func.max(packages.c.position), 0))).scalar_one()
    values = {**_columns(package), "position": last + 1, "created_at": to_epoch(now)}
    package_id = tx.insert(sa.insert(packages).values(**values))
    set_offers(tx, package_id, package.offer_ids)
    return package_id


def save(tx: Tx, package: Package) -> bool:
    """Replace the package of this version by these values, and by these offers; False when it has another by now."""
    result = tx.execute(
        sa.update(packages)
        .where(packages.c.id == package.id, packages.c.version == package.version)
        .values(**_columns(package), version=package.version + 1)
    )
    if result.rowcount != 1:
        return False
    set_offers(tx, package.id, package.offer_ids)
    return True


def set_offers(tx: Tx, package_id: int, offer_ids: Sequence[int]) -> None:
    """Exactly these offers are covered from now on."""
    tx.execute(sa.delete(package_offers).where(package_offers.c.package_id == package_id))
    if offer_ids:
        tx.execute(
            sa.insert(package_offers),
            [{"package_id": package_id, "offer_id": each} for each in sorted(set(offer_ids))],
        )


def _columns(package: Package) -> Mapping[str, Any]:
    return {
        "name": package.name,
        "state": package.state.value,
        "sessions": package.sessions,
        "price": package.price.amount,
        "currency": package.price.currency,
        "validity_months": package.validity_months,
        "valid_until": None if package.valid_until is None else to_epoch(package.valid_until),
        "weekly_cap": package.weekly_cap,
    }
