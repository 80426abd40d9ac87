"""Who changed what, for the owner's eyes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.bookings.bookings import Booking
from bot.domain.records import EVERYTHING, AuditEntry, AuditFilter
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.people import people
from storage.practice.catalogue import Snapshot, snapshot

Kind = Literal["coach", "offer", "package", "person"]
NAMED_BY: Mapping[str, Kind] = {"coach": "coach", "coaches": "coach", "offer": "offer", "offers": "offer"}
"""The facts of an entry that are numbers of something with a name."""


@dataclass(frozen=True)
class AuditLine:
    """An entry with the name of who did it, None when time, or the practice itself, did; the booking that it is
    about, None for anything else; and how the other things that it speaks of are called, by kind and id."""

    entry: AuditEntry
    name: str | None
    booking: Booking | None
    called: Mapping[tuple[str, int], str]


class Audit:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def recent(
        self, before: int | None = None, limit: int = 20, wanted: AuditFilter = EVERYTHING
    ) -> list[AuditLine]:
        """The newest entries that are wanted, newest first; `before`, an entry's id, turns the page."""

        def work(tx: Tx) -> list[AuditLine]:
            entries = audit.recent(tx, before, limit, wanted)
            names = people.names(tx, [each.person_id for each in entries if each.person_id is not None])
            ids = {number for each in entries if (number := each.subject.number("booking")) is not None}
            whom = people.names(tx, [number for each in entries if (number := _number(each, "person")) is not None])
            about = {each.subject: each for each in bookings.find_many(tx, ids)}
            known = snapshot(tx)
            return [
                AuditLine(each, names.get(each.person_id or 0), about.get(each.subject), _called(each, known, whom))
                for each in entries
            ]

        return await self._storage.read(work)

    async def any_fits(self, before: int | None, wanted: AuditFilter) -> bool:
        """Whether there are entries that are wanted, be they readable or not."""
        return await self._storage.read(lambda tx: audit.any_fits(tx, before, wanted))

    async def actors(self, skip: int, most: int) -> list[tuple[int, str]]:
        """The ids and names of those who changed anything, who came here first at the top."""

        def work(tx: Tx) -> list[tuple[int, str]]:
            found = audit.actors(tx, skip, most)
            names = people.names(tx, found)
            return [(each, names.get(each, "")) for each in found]

        return await self._storage.read(work)


def _called(entry: AuditEntry, known: Snapshot, persons: Mapping[int, str]) -> dict[tuple[str, int], str]:
    """The names of the coaches, offers, packages and persons that an entry speaks of, by kind and id."""
    found: dict[tuple[str, int], str] = {}
    for kind, number in _spoken_of(entry):
        if kind == "coach" and number in known.coach:
            found[kind, number] = known.coach[number].name
        elif kind == "offer" and number in known.offer:
            found[kind, number] = known.offer[number].name
        elif kind == "person" and number in persons:
            found[kind, number] = persons[number]
        elif kind == "package" and (package := known.package.get(number)) is not None:
            found[kind, number] = package.name
    return found


def _spoken_of(entry: AuditEntry) -> set[tuple[str, int]]:
    """The things that the entry is about or names in its facts."""
    kinds: tuple[Kind, ...] = ("coach", "offer", "package", "person")
    found: set[tuple[str, int]] = {(kind, number) for kind in kinds if (number := _number(entry, kind)) is not None}
    for facts in (entry.before or {}, entry.after or {}):
        for key, value in facts.items():
            if (kind := NAMED_BY.get(key)) is not None:
                numbers = value if isinstance(value, list) else [value]
                found |= {(kind, each) for each in numbers if isinstance(each, int)}
    return found


def _number(entry: AuditEntry, kind: Kind) -> int | None:
    return entry.subject.number(kind)
