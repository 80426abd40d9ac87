"""Writes to those whose credits end soon, who have one left, or who booked nothing for a while."""

from datetime import datetime, timedelta
from functools import partial

from bot.domain.bookings.reminders import ReminderKind
from bot.domain.calendar import good_hours
from bot.domain.credits import warnings
from bot.domain.credits.warnings import DAYS_BEFORE, IDLE, LATELY
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from storage.credits import entries, holdings, warned
from storage.engine import Storage, Tx
from storage.instants import from_epoch, to_epoch
from storage.journal.unreadable import each_alone
from storage.notices import outbox
from storage.people import people
from storage.practice import practice

PART = 100


async def warn(storage: Storage, now: datetime) -> int:
    """How many messages were written."""
    total, after = 0, 0

    def work(tx: Tx) -> tuple[int, list[int]]:
        ahead = timedelta(days=max(DAYS_BEFORE))
        those = warned.candidates(tx, now, ahead, IDLE, LATELY, after=after, most=PART)
        return sum(each_alone(tx, partial(_of_grant, tx, each, now)) or 0 for each in those), those

    while True:
        found, those = await storage.write(work)
        total += found
        if len(those) < PART:
            return total
        after = those[-1]


def _of_grant(tx: Tx, grant_id: int, now: datetime) -> int:
    held = holdings.find(tx, grant_id)
    last, first = (next(iter(entries.of_grant(tx, grant_id, before, 1)), None) for before in (None, 2))
    if held is None or last is None:
        return 0
    since = held.grant.bought_at if first is None else first.at  # who took a gift has it only from then on
    due = warnings.due(held, last, since, now)
    if not due:
        return 0
    person = people.find(tx, held.grant.person_id)
    if person is None or ReminderKind.CREDITS in person.stopped:
        return 0
    zone = person.zone or practice.get(tx).zone or "UTC"
    at = from_epoch(good_hours.from_then(to_epoch(now), zone))
    written = 0
    for each in due:
        address = address_of(NoticeKind.CREDIT_WARNING, grant_id, each.kind.value)
        notice = Notice(
            f"grant:{grant_id}:warning:{each.key}", person.id, NoticeKind.CREDIT_WARNING, address, at,
            expires=each.useless, subject=held.grant.subject,
        )  # fmt: skip
        if at < each.useless:
            written += outbox.put(tx, notice, now) is not None
    return written
