"""Writes to givers whose gift nobody has taken and that ends soon."""

from datetime import datetime, timedelta

from bot.domain.calendar import good_hours
from bot.domain.credits.warnings import DAYS_BEFORE
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from storage.credits import gifts
from storage.engine import Storage, Tx
from storage.instants import from_epoch, to_epoch
from storage.notices import outbox
from storage.people import people
from storage.practice import practice


async def warn(storage: Storage, now: datetime) -> int:
    """30, 7 and 1 day before, where nobody had it by then; how many messages were written."""
    return await storage.write(lambda tx: _warn(tx, now))


def _warn(tx: Tx, now: datetime) -> int:
    written = 0
    for gift in gifts.ending(tx, now, now + timedelta(days=max(DAYS_BEFORE))):
        ends = gift.expires_at
        assert ends is not None
        days = next(each for each in DAYS_BEFORE if ends - now <= timedelta(days=each))
        giver = people.find(tx, gift.person_id)
        if giver is None or gift.open_since > ends - timedelta(days=days):
            continue
        zone = giver.zone or practice.get(tx).zone or "UTC"
        due = from_epoch(good_hours.from_then(to_epoch(now), zone))
        kind = NoticeKind.GIFT_ENDING
        told = Notice(f"gift:{gift.id}:ends:{days}", giver.id, kind, address_of(kind, gift.id), due, ends, gift.subject)
        written += outbox.put(tx, told, now) is not None
    return written
