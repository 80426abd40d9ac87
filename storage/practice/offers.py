"""What the practice sells, and which coaches do it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.practice.offer_settings import SETTINGS
from bot.domain.practice.offers import Offer
from storage.instants import to_epoch
from storage.practice import places
from storage.practice.catalogue import snapshot
from storage.tables import offer_coaches, offers
from storage.tx import Tx


def find(tx: Tx, offer_id: int) -> Offer | None:
    return snapshot(tx).offer.get(offer_id)


def everything(tx: Tx) -> list[Offer]:
    """Drafts, open and paused ones; what was archived is left out."""
    return snapshot(tx).standing


def open_for(tx: Tx, coach_id: int | None = None) -> list[Offer]:
    """Open offers that an active coach (this one) can do: it, or that coach, has a place."""
    return snapshot(tx).open_for(coach_id)


def create(tx: Tx, offer: Offer, now: datetime) -> int:
    """Insert the offer as it stands, at the end of the list; its `id` and `version` are not looked at."""
    last = tx.execute(sa.select(sa.func.coalesce(sa.func.max(offers.c.position), 0))).scalar_one()
    offer_id = tx.next_id(offers)
    values = {**_columns(tx, offer_id, offer), "position": last + 1, "created_at": to_epoch(now)}
    tx.execute(sa.insert(offers).values(id=offer_id, **values))
    set_coaches(tx, offer_id, offer.coach_ids)
    return offer_id


def save(tx: Tx, offer: Offer) -> bool:
    """Replace the offer of this version by these values; False when it has another version by now."""
    result = tx.execute(
        sa.update(offers)
        .where(offers.c.id == offer.id, offers.c.version == offer.version)
        .values(**_columns(tx, offer.id, offer), version=offer.version + 1)
    )
    return result.rowcount == 1


def set_coaches(tx: Tx, offer_id: int, coach_ids: Sequence[int]) -> None:
    """Exactly these coaches do the offer from now on. Does not count as a new version of it."""
    tx.execute(sa.delete(offer_coaches).where(offer_coaches.c.offer_id == offer_id))
    if coach_ids:
        tx.execute(
            sa.insert(offer_coaches),
            [{"offer_id": offer_id, "coach_id": each} for each in sorted(set(coach_ids))],
        )


def drop_coach(tx: Tx, coach_id: int) -> None:
    """The coach does no offer any more."""
    tx.execute(sa.delete(offer_coaches).where(offer_coaches.c.coach_id == coach_id))


def _columns(tx: Tx, offer_id: int, offer: Offer) -> Mapping[str, Any]:
    return {
        "name": offer.name,
        "description": offer.description,
        "state": offer.state.value,
        "price": offer.price.amount,
        "currency": offer.price.currency,
        "late_cancel_fee": None if offer.late_cancel_fee is None else offer.late_cancel_fee.amount,
        "no_show_fee": None if offer.no_show_fee is None else offer.no_show_fee.amount,
        **{name: getattr(offer, name) for name in SETTINGS},
        **places.columns(tx, offers, offer_id, offer.place),
    }
