"""A coach's hours and the versions they had: saving is a compare-and-swap, and undone by the version before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.calendar.schedule import Schedule, schedule_from_json, schedule_to_json
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, why_of
from storage.sound import check
from storage.tables import coaches, schedule_versions
from storage.tx import BadRow, Tx


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
    """The hours of that version, read in `zone`; None also where they cannot be read, so that nothing is undone."""
    row = tx.execute(
        sa.select(schedule_versions).where(
            schedule_versions.c.coach_id == coach_id, schedule_versions.c.version == version
        )
    ).first()
    if row is None:
        return None
    try:
        return _saved(row, zone)
    except (ValueError, TypeError, OSError, OverflowError) as error:
        tx.bad_rows.append(BadRow(VERSIONS.table, str(coach_id), why_of(error)))
        return None


def _saved(row: Any, zone: str) -> SavedHours:
    check(schedule_versions, row)
    schedule = schedule_from_json({"zone": zone, "weekly": row.weekly, "days": row.days})
    return SavedHours(schedule, from_epoch(row.saved_at), bool(row.undone))


def _all_saved(tx: Tx, row: Any) -> None:
    for each in tx.execute(sa.select(schedule_versions).where(schedule_versions.c.coach_id == row.coach_id)):
        _saved(each, "UTC")


VERSIONS = Reader(
    sa.select(schedule_versions.c.coach_id).distinct(), schedule_versions.c.coach_id, _all_saved, "coach_id"
)
"""All versions of one coach's hours at once."""
