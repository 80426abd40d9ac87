"""Writes to those whose card ends soon, or before their next session: of the card that is offered first, once for each
end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.domain.bookings.reminders import ReminderKind
from bot.domain.calendar import good_hours
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.cards import Card
from bot.domain.practice.offer_settings import HORIZONS
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.instants import from_epoch, to_epoch
from storage.journal.unreadable import each_alone
from storage.notices import outbox
from storage.payments.cards import cards
from storage.people import people
from storage.practice import practice

PART = 100
AHEAD = timedelta(days=max(HORIZONS))
"""No session is farther ahead."""


@dataclass(frozen=True)
class EndingCard:
    """`session` is when their next one starts, where that is after the end of the card."""

    card: Card
    session: datetime | None


def ending(tx: Tx, card: Card, mode: str, now: datetime) -> EndingCard | None:
    """None unless it is offered first and ends too soon."""
    first = next(iter(cards.of_person(tx, card.person_id, mode)), None)
    if first is None or first.id != card.id:
        return None
    ahead = (each.starts for each in bookings.upcoming(tx, card.person_id, now) if now < each.starts)
    session = next(ahead, None)
    if not first.ends_too_soon(session, now):
        return None
    return EndingCard(first, session if session is not None and first.ends <= session else None)


async def warn(storage: Storage, mode: str, now: datetime) -> int:
    """How many messages were written."""
    until, total, after = now + AHEAD, 0, 0

    def work(tx: Tx) -> tuple[int, list[Card]]:
        those = cards.to_warn(tx, mode, until.year * 100 + until.month, after=after, most=PART)
        return sum(each_alone(tx, partial(_of_card, tx, each, mode, now)) or 0 for each in those), those

    while True:
        found, those = await storage.write(work)
        total += found
        if len(those) < PART:
            return total
        after = those[-1].id


def _of_card(tx: Tx, card: Card, mode: str, now: datetime) -> int:
    found, person = ending(tx, card, mode, now), people.find(tx, card.person_id)
    if found is None or person is None or ReminderKind.CARDS in person.stopped:
        return 0
    zone = person.zone or practice.get(tx).zone or "UTC"
    at, kind = from_epoch(good_hours.from_then(to_epoch(now), zone)), NoticeKind.CARD_ENDING
    cards.mark_warned(tx, card)
    if at >= card.ends:
        return 0
    told = Notice(f"card:{card.id}:ends:{card.last_month}", person.id, kind, address_of(kind, card.id), at, card.ends)
    return int(outbox.put(tx, told, now) is not None)
