"""What becomes of a message that could not be sent: it is tried again, ever later, and in the end people read of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.notices.notices import COPY, NoticeKind
from bot.domain.notices.outgoing import Delivery, OutboxRow
from bot.services.kit.patience import Patience
from bot.services.notices.undelivered import tell_undelivered
from storage.bookings import bookings
from storage.engine import Tx
from storage.notices import outbox

REFUSED = Patience(longest=timedelta(hours=1), first=timedelta(seconds=2), give_up_after=14)
"""A platform that does not take a message has five hours to think better of it."""

FAULTY = Patience(longest=timedelta(hours=1), first=timedelta(minutes=5), give_up_after=4)
"""A fault of ours ends it at the fifth time."""

REPEATS = 1
"""A message that may have arrived is sent so many times again."""

UNREACHABLE = "unreachable"
"""No account of the person can be written to any more."""

End = Callable[[Tx, int, str, str], bool]


def failed(tx: Tx, row: OutboxRow, owner: str, now: datetime, patience: Patience, note: str, wait_s: float = 0) -> None:
    """Once more it did not go out. `wait_s`: the platform asked for so much time."""
    again = patience.again(row.failures, now)
    if again is None:
        give_up(tx, row, owner, outbox.mark_dead, note, now)
    else:
        outbox.mark_later(tx, row.id, owner, max(again, now + timedelta(seconds=wait_s)), failed=True)


def faulty(tx: Tx, row: OutboxRow, owner: str, now: datetime) -> None:
    """Something of ours failed on its way, perhaps after it had gone out."""
    found = outbox.find(tx, row.id)
    if found is None or found.state is Delivery.PENDING:
        failed(tx, row, owner, now, FAULTY, "fault")
    elif FAULTY.again(row.failures, now) is None:
        give_up(tx, row, owner, outbox.mark_uncertain, "fault", now)
    else:
        outbox.count_failure(tx, row.id, owner)


def give_up(tx: Tx, row: OutboxRow, owner: str, end: End, note: str, now: datetime) -> None:
    """End it. Where it was about a client's session and for the client, the practice reads of it."""
    if not end(tx, row.id, owner, note) or row.notice.key.endswith(COPY):
        return
    booking = bookings.about(tx, row.notice.subject)
    if booking is not None and booking.person_id == row.notice.person_id != booking.coach_person_id:
        kind = NoticeKind.UNDELIVERABLE if note == UNREACHABLE else NoticeKind.UNSURE
        tell_undelivered(tx, kind, row.notice, booking, now)
