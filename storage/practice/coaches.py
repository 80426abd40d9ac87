"""Coaches: who they are, whether they work now, and where."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.calendar.schedule import Schedule, schedule_to_json
from bot.domain.calendar.spans import CLOSED
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offers import Place
from storage.instants import to_epoch
from storage.practice import places
from storage.practice.catalogue import snapshot
from storage.tables import coaches, schedule_versions
from storage.tx import Tx, Violation

_ONE_DAY = timedelta(days=1)


def find(tx: Tx, coach_id: int) -> Coach | None:
    return snapshot(tx).coach.get(coach_id)


def find_many(tx: Tx, coach_ids: Sequence[int]) -> list[Coach]:
    return [coach for coach in snapshot(tx).coaches if coach.id in coach_ids]


def of_person(tx: Tx, person_id: int) -> Coach | None:
    """The person's coach row, removed or not."""
    return next((coach for coach in snapshot(tx).coaches if coach.person_id == person_id), None)


def by_short_name(tx: Tx, short_name: str) -> Coach | None:
    return next((coach for coach in snapshot(tx).coaches if coach.short_name == short_name), None)


def active(tx: Tx) -> list[Coach]:
    return snapshot(tx).active


def everyone(tx: Tx) -> list[Coach]:
    """Active and paused ones; who was removed is left out."""
    return snapshot(tx).everyone


def short_names(tx: Tx) -> set[str]:
    """All that are in use, of removed coaches too: an old link must never lead to somebody else."""
    return set(tx.execute(sa.select(coaches.c.short_name)).scalars())


def create(tx: Tx, person_id: int, short_name: str, zone: str, now: datetime) -> int | None:
    """A new active coach without hours and place; None when another transaction took the short name meanwhile,
    or made this very person a coach.
    """
    try:
        with tx.savepoint():
            return _insert(tx, person_id, short_name, zone, now)
    except Violation:
        return None


def _insert(tx: Tx, person_id: int, short_name: str, zone: str, now: datetime) -> int:
    empty = schedule_to_json(Schedule(zone, CLOSED, {}))
    hours = {"weekly": empty["weekly"], "days": empty["days"]}
    values = {"person_id": person_id, "short_name": short_name, "zone": zone, "created_at": to_epoch(now), **hours}
    coach_id = tx.insert(sa.insert(coaches).values(**values))
    first = {"coach_id": coach_id, "version": 1, "saved_at": to_epoch(now), **hours}
    tx.execute(sa.insert(schedule_versions).values(**first))
    return coach_id


def set_state(tx: Tx, coach_id: int, was: Sequence[CoachState], becomes: CoachState) -> bool:
    """Change the state if it is one of `was`."""
    result = tx.execute(
        sa.update(coaches)
        .where(coaches.c.id == coach_id, coaches.c.state.in_([state.value for state in was]))
        .values(state=becomes.value)
    )
    return result.rowcount == 1


def set_place(tx: Tx, coach_id: int, place: Place | None) -> None:
    values = places.columns(tx, coaches, coach_id, place)
    tx.execute(sa.update(coaches).where(coaches.c.id == coach_id).values(**values))


def set_about(tx: Tx, coach_id: int, about: str | None) -> None:
    tx.execute(sa.update(coaches).where(coaches.c.id == coach_id).values(about=about))


def set_zone(tx: Tx, coach_id: int, zone: str) -> None:
    """The zone in which the hours are meant."""
    tx.execute(sa.update(coaches).where(coaches.c.id == coach_id).values(zone=zone))


def ask_for_hours(tx: Tx, coach_id: int, now: datetime) -> bool:
    """Note that the coach is asked for hours; False when that was done less than a day ago."""
    result = tx.execute(
        sa.update(coaches)
        .where(
            coaches.c.id == coach_id,
            sa.or_(
                coaches.c.asked_for_hours_at.is_(None),
                coaches.c.asked_for_hours_at <= to_epoch(now - _ONE_DAY),
            ),
        )
        .values(asked_for_hours_at=to_epoch(now))
    )
    return result.rowcount == 1
