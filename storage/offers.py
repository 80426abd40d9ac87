"""What the practice sells, and which coaches do it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from bot.domain.coaches import CoachState
from bot.domain.money import Money
from bot.domain.offers import NUMBERS, Offer, OfferState
from storage import places
from storage.instants import to_epoch
from storage.tables import coaches, offer_coaches, offers
from storage.tx import Tx


def find(tx: Tx, offer_id: int) -> Offer | None:
    found = _all(tx, offers.c.id == offer_id)
    return found[0] if found else None


def everything(tx: Tx) -> list[Offer]:
    """Drafts, open and paused ones; what was archived is left out."""
    return _all(tx, offers.c.state != OfferState.ARCHIVED.value)


def open_for(tx: Tx, coach_id: int | None = None) -> list[Offer]:
    """Open offers that an active coach (this one) can do: it, or that coach, has a place."""
    able = sa.select(offer_coaches.c.offer_id).join(coaches, coaches.c.id == offer_coaches.c.coach_id)
    able = able.where(
        offer_coaches.c.offer_id == offers.c.id,
        coaches.c.state == CoachState.ACTIVE.value,
        sa.or_(offers.c.place_kind.is_not(None), coaches.c.place_kind.is_not(None)),
    )
    if coach_id is not None:
        able = able.where(coaches.c.id == coach_id)
    return _all(tx, sa.and_(offers.c.state == OfferState.OPEN.value, able.exists()))


def create(tx: Tx, offer: Offer, now: datetime) -> int:
    """Insert the offer as it stands, at the end of the list; its `id` and `version` are not looked at."""
    last = tx.execute(sa.select(sa.func.coalesce(sa.func.max(offers.c.position), 0))).scalar_one()
    offer_id = tx.insert(sa.insert(offers).values(**_columns(tx, offer), position=last + 1, created_at=to_epoch(now)))
    set_coaches(tx, offer_id, offer.coach_ids)
    return offer_id


def save(tx: Tx, offer: Offer) -> bool:
    """Replace the offer of this version by these values; False when it has another version by now."""
    result = tx.execute(
        sa.update(offers)
        .where(offers.c.id == offer.id, offers.c.version == offer.version)
        .values(**_columns(tx, offer), version=offer.version + 1)
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


def _columns(tx: Tx, offer: Offer) -> Mapping[str, Any]:
    return {
        "name": offer.name,
        "state": offer.state.value,
        "price": offer.price.amount,
        "currency": offer.price.currency,
        **{name: getattr(offer, name) for name in NUMBERS},
        **places.columns(tx, offer.place),
    }


def _all(tx: Tx, condition: sa.ColumnElement[bool]) -> list[Offer]:
    rows = tx.execute(
        sa.select(offers, offer_coaches.c.coach_id)
        .join(offer_coaches, offer_coaches.c.offer_id == offers.c.id, isouter=True)
        .where(condition)
        .order_by(offers.c.position, offers.c.id, offer_coaches.c.coach_id)
    )
    return [
        _offer(tx, pairs[0], tuple(pair.coach_id for pair in pairs if pair.coach_id is not None))
        for _, group in groupby(rows, key=lambda row: row.id)
        if (pairs := list(group))
    ]


def _offer(tx: Tx, row: Any, coach_ids: tuple[int, ...]) -> Offer:
    return Offer(
        id=row.id,
        name=row.name,
        state=OfferState(row.state),
        price=Money(row.price, row.currency),
        place=places.read(tx, row.place_kind, row.place_sealed),
        coach_ids=coach_ids,
        version=row.version,
        **{name: getattr(row, name) for name in NUMBERS},
    )
