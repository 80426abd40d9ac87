"""Who changed what, for the owner's eyes."""

from dataclasses import dataclass

from bot.domain.bookings.bookings import Booking
from bot.domain.records import AuditEntry
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.people import people


@dataclass(frozen=True)
class AuditLine:
    """An entry with the name of who did it, None when time, or the practice itself, did; and the booking that it is
    about, None for anything else."""

    entry: AuditEntry
    name: str | None
    booking: Booking | None


class Audit:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def recent(self, before: int | None = None, limit: int = 20) -> list[AuditLine]:
        """The newest entries, newest first; `before`, an entry's id, turns the page."""

        def work(tx: Tx) -> list[AuditLine]:
            entries = audit.recent(tx, before, limit)
            names = people.names(tx, [each.person_id for each in entries if each.person_id is not None])
            ids = {number for each in entries if (number := each.subject.number("booking")) is not None}
            about = {each.subject: each for each in bookings.find_many(tx, ids)}
            return [AuditLine(each, names.get(each.person_id or 0), about.get(each.subject)) for each in entries]

        return await self._storage.read(work)
