"""Grants: what somebody bought or was given, which offers it covers, and who beside its owner may use it."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.domain.credits.grants import Grant
from storage.columns import SCHEMA
from storage.identity import surviving
from storage.instants import to_epoch
from storage.tables import grant_members, grant_offers, grants
from storage.tx import Tx

EXTENDED_WHY = "grants.extended_why_sealed"
_INSERT = sa.insert(grants)
_INSERT_OFFER = sa.insert(grant_offers)
_INSERT_MEMBER = sa.insert(grant_members)


def draw(tx: Tx) -> int:
    """The id of the next grant."""
    return tx.next_id(grants)


def insert(tx: Tx, grant: Grant) -> None:
    """A new grant under an id that was drawn. It is put off."""
    values = {
        "id": grant.id,
        "person_id": grant.person_id,
        "order_id": grant.order_id,
        "package_id": grant.package_id,
        "name": grant.name,
        "sessions": grant.sessions,
        "price": grant.price.amount,
        "single_price": grant.single_price.amount,
        "currency": grant.price.currency,
        "weekly_cap": grant.weekly_cap,
        "expires_at": to_epoch(grant.expires_at),
        "bought_at": to_epoch(grant.bought_at),
        "writer": SCHEMA,
    }
    tx.batch_insert(_INSERT, values)
    if grant.offer_ids:
        offers = ({"grant_id": grant.id, "offer_id": each} for each in sorted(grant.offer_ids))
        tx.batch_insert(_INSERT_OFFER, *offers)


def names(tx: Tx, grant_ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """What these are called, and the id of whose they are."""
    whose = surviving(grants.c.person_id).label("whose")
    rows = tx.execute(sa.select(grants.c.id, grants.c.name, whose).where(grants.c.id.in_(grant_ids)))
    return {row.id: (row.name, row.whose) for row in rows}


def of_order(tx: Tx, order_id: int) -> list[int]:
    """Ids of the grants that this order paid for."""
    return list(tx.execute(sa.select(grants.c.id).where(grants.c.order_id == order_id).order_by(grants.c.id)).scalars())


def extend(tx: Tx, grant: Grant, expires_at: datetime, why: str, now: datetime) -> bool:
    """Keep its new end; False when it changed since it was read."""
    sealed = tx.sealer.seal(why, EXTENDED_WHY, grant.id)
    changed = tx.execute(
        sa.update(grants)
        .where(grants.c.id == grant.id, grants.c.version == grant.version)
        .values(
            expires_at=to_epoch(expires_at),
            extended_at=to_epoch(now),
            extended_why_sealed=sealed,
            version=grant.version + 1,
        )
    )
    return changed.rowcount == 1


def prolong(tx: Tx, grant_id: int, expires_at: datetime) -> None:
    """Its end, later by the days in which nobody could use it; that is not its one extension. The grant is locked."""
    values = {"expires_at": to_epoch(expires_at), "version": grants.c.version + 1}
    tx.execute(sa.update(grants).where(grants.c.id == grant_id).values(**values))


def why_extended(tx: Tx, grant_id: int) -> str | None:
    """The owner's reason for the one extension."""
    sealed = tx.execute(sa.select(grants.c.extended_why_sealed).where(grants.c.id == grant_id)).scalar()
    return None if sealed is None else tx.sealer.open(sealed, EXTENDED_WHY, grant_id)


def add_members(tx: Tx, grant_id: int, person_ids: Collection[int]) -> None:
    """These persons may use the grant from now on."""
    if person_ids:
        tx.batch_insert(_INSERT_MEMBER, *({"grant_id": grant_id, "person_id": each} for each in sorted(person_ids)))


def members(tx: Tx, grant_id: int) -> list[int]:
    """Ids of those who may use it beside its owner."""
    mine = sa.select(surviving(grant_members.c.person_id)).where(grant_members.c.grant_id == grant_id)
    return sorted(set(tx.execute(mine).scalars()))
