"""What time does to credits: those that nobody can use any more are over, and those of past sessions are used up."""

from datetime import datetime, timedelta
from functools import partial

from bot.domain.records import Cause
from bot.services.credits import ledger
from storage.credits import holdings
from storage.engine import Storage, Tx
from storage.journal.unreadable import each_alone

PART = 100
SETTLED_BY_ITSELF = timedelta(days=3)
"""A session that its coach said nothing about counts as held this long after its end."""


async def end_over(storage: Storage, now: datetime) -> int:
    """Take from grants what is over; how many credits."""
    cause, total, after = Cause(None, "worker", now), 0, 0

    def work(tx: Tx) -> tuple[int, list[int]]:
        ended = holdings.ended_lately(tx, now, PART, after)
        return sum(each_alone(tx, partial(ledger.expire, tx, each, cause)) or 0 for each in ended), ended

    while True:
        found, ended = await storage.write(work)
        total += found
        if len(ended) < PART:
            return total
        after = ended[-1]


async def spend_past(storage: Storage, now: datetime) -> int:
    """Use up the credits of sessions that ended a while ago and whose coach said nothing of them; how many."""
    cause, total, after = Cause(None, "worker", now), 0, (0, 0)

    def work(tx: Tx) -> tuple[int, list[tuple[int, int]]]:
        those = holdings.of_past_sessions(tx, now - SETTLED_BY_ITSELF, PART, after)
        return sum(each_alone(tx, partial(_spend, tx, *each, cause)) or 0 for each in those), those

    while True:
        found, those = await storage.write(work)
        total += found
        if len(those) < PART:
            return total
        after = those[-1]


def _spend(tx: Tx, grant_id: int, booking_id: int, cause: Cause) -> int:
    return int(ledger.spend(tx, grant_id, booking_id, cause) is not None)
