"""Tells the practice that a message did not reach a client, or perhaps did not: the coach, and who wrote it."""

from datetime import datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import Notice, NoticeKind
from bot.services.notices.notice_planning import notice
from storage.bookings import messages, proposals
from storage.engine import Tx
from storage.notices import outbox


def tell_undelivered(tx: Tx, kind: NoticeKind, lost: Notice, booking: Booking, now: datetime) -> None:
    """`lost` was about the booking and for its client; `kind` says it."""
    told = dict.fromkeys((booking.coach_person_id, _author(tx, lost) or booking.coach_person_id))
    those = [notice(kind, booking, each, booking.version, now) for each in told]
    outbox.put_all(tx, those, now)


def _author(tx: Tx, lost: Notice) -> int | None:
    """Who of the practice said it; None for what Rapport says by itself."""
    number = lost.address.rpartition("/")[2]
    if lost.kind is NoticeKind.MESSAGE:
        message = messages.find(tx, int(number))
        return None if message is None else message.from_person_id
    if lost.kind is NoticeKind.PROPOSAL:
        proposal = proposals.find(tx, int(number))
        return None if proposal is None else proposal.by_person_id
    return None
