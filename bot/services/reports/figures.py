"""All figures of `/metrics`: what monitoring is told of this practice."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.bookings.hold_expiry import WARN_AHEAD
from storage.bookings import due
from storage.engine import Tx
from storage.journal import set_aside
from storage.notices import outbox


@dataclass(frozen=True)
class Counted:
    """What the database said when it was last asked. `waiting`: since when the earliest message is due; `coming`:
    when anything falls due next; both in its own seconds, since what stands there may be beyond all calendars."""

    rows_set_aside: int
    waiting: int | None
    coming: int | None


def count(tx: Tx) -> Counted:
    return Counted(set_aside.count(tx), outbox.next_due(tx), due.next_due(tx, WARN_AHEAD))


def figures(counted: Counted, now: datetime) -> Mapping[str, float]:
    """What was counted, as of now, by name."""
    waiting, coming, at = counted.waiting, counted.coming, now.timestamp()
    return {
        "rapport_rows_set_aside": counted.rows_set_aside,
        "rapport_outbox_late_seconds": 0.0 if waiting is None else max(0.0, at - waiting),
        "rapport_next_due_in_seconds": math.inf if coming is None else coming - at,
    }
