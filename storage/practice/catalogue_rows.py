"""Reads the practice, its offers and its coaches."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.domain.calendar.schedule import schedule_from_json
from bot.domain.payments.money import Money
from bot.domain.practice.client_limits import RANGES, ClientLimits
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offer_settings import SETTINGS
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Practice, Question
from storage.instants import from_epoch
from storage.practice import places
from storage.schema.people import NAME
from storage.tables import coaches, offer_coaches, offers, persons, practice
from storage.tx import Tx

CONTACT = "practice.contact_sealed"
_NEW = Practice(None, None, None, None, (1320, 480), None, frozenset())
_PRACTICE = sa.select(practice)
_OFFERS = sa.select(offers).order_by(offers.c.position, offers.c.id)
_PAIRS = sa.select(offer_coaches.c.offer_id, offer_coaches.c.coach_id).order_by(offer_coaches.c.coach_id)
_COACHES = (
    sa.select(coaches, persons.c.name_sealed)
    .join(persons, persons.c.id == coaches.c.person_id)
    .order_by(coaches.c.created_at, coaches.c.id)
)


def everything(tx: Tx) -> tuple[Practice, tuple[Offer, ...], tuple[Coach, ...]]:
    """The practice (an empty one before its first answer), all offers and all coaches."""
    row = tx.execute(_PRACTICE).first()
    coaches_of: dict[int, list[int]] = defaultdict(list)
    for pair in tx.execute(_PAIRS):
        coaches_of[pair.offer_id].append(pair.coach_id)
    return (
        _NEW if row is None else read_practice(tx, row),
        tuple(_offer(tx, row, tuple(coaches_of[row.id])) for row in tx.execute(_OFFERS)),
        tuple(_coach(tx, row) for row in tx.execute(_COACHES)),
    )


def read_practice(tx: Tx, row: Any) -> Practice:
    return Practice(
        name=row.name,
        currency=row.currency,
        zone=row.zone,
        contact=None if row.contact_sealed is None else tx.sealer.open(row.contact_sealed, CONTACT, row.id),
        quiet=(row.quiet_from, row.quiet_to),
        opened_at=from_epoch(row.opened_at),
        answered=frozenset(Question(each) for each in row.progress),
        version=row.version,
        limits=_limits(row.limits or {}),
    )


def _limits(changed: Mapping[str, int]) -> ClientLimits:
    """A limit that this version does not know was set by a newer one."""
    return ClientLimits(**{name.value: changed[name] for name in RANGES if name in changed})


def _offer(tx: Tx, row: Any, coach_ids: tuple[int, ...]) -> Offer:
    return Offer(
        id=row.id,
        name=row.name,
        state=OfferState(row.state),
        price=Money(row.price, row.currency),
        place=places.read(tx, offers, row),
        coach_ids=coach_ids,
        version=row.version,
        description=row.description,
        **{name: getattr(row, name) for name in SETTINGS},
    )


def _coach(tx: Tx, row: Any) -> Coach:
    return Coach(
        id=row.id,
        person_id=row.person_id,
        name=tx.sealer.open(row.name_sealed, NAME, row.person_id),
        short_name=row.short_name,
        state=CoachState(row.state),
        zone=row.zone,
        schedule=schedule_from_json({"zone": row.zone, "weekly": row.weekly, "days": row.days}),
        place=places.read(tx, coaches, row),
        version=row.version,
        about=row.about,
    )
