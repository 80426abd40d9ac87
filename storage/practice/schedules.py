"""A coach's hours and the versions they had: saving is a compare-and-swap, and undone by the version before."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.calendar.schedule import Schedule, schedule_from_json, schedule_to_json
from storage.instants import from_epoch, to_epoch
from storage.tables import coaches, schedule_versions
from storage.tx import Tx


@dataclass(frozen=True)
class SavedHours:
    """Hours as they were saved; `undone`: by taking the version before back."""

    schedule: Schedule
    at: datetime
    undone: bool


def save(tx: Tx, coach_id: int, version: int, schedule: Schedule, now: datetime, *, undone: bool = False) -> bool:
    """Replace the hours of that version by the next; False when they have another version by now."""
    kept = schedule_to_json(schedule)
    content = {"weekly": kept["weekly"], "days": kept["days"]}
    result = tx.execute(
        sa.update(coaches)
        .where(coaches.c.id == coach_id, coaches.c.version == version)
        .values(**content, version=version + 1)
    )
    if result.rowcount != 1:
        return False
    saved = {"version": version + 1, "saved_at": to_epoch(now), "undone": int(undone)}
    tx.execute(sa.insert(schedule_versions).values(coach_id=coach_id, **saved, **content))
    return True


def find(tx: Tx, coach_id: int, version: int, zone: str) -> SavedHours | None:
    """The hours of that version, read in `zone`."""
    row = tx.execute(
        sa.select(schedule_versions).where(
            schedule_versions.c.coach_id == coach_id, schedule_versions.c.version == version
        )
    ).first()
    if row is None:
        return None
    schedule = schedule_from_json({"zone": zone, "weekly": row.weekly, "days": row.days})
    return SavedHours(schedule, from_epoch(row.saved_at), bool(row.undone))
