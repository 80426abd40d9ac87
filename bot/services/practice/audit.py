"""Who changed what, for the owner's eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.domain.bookings.bookings import Booking
from bot.domain.records import EVERYTHING, AuditEntry, AuditFilter
from storage.bookings import bookings
from storage.credits import grants
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.payments.coupons import coupons
from storage.people import people
from storage.practice.catalogue import snapshot

Kind = Literal["coach", "coupon", "grant", "offer", "package", "person"]
NAMED_BY: Mapping[str, Kind] = {
    "coach": "coach", "coaches": "coach", "offer": "offer", "offers": "offer", "packages": "package",
}  # fmt: skip
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
            about = {each.subject: each for each in bookings.find_many(tx, ids)}
            known = _known(tx, entries)
            return [
                AuditLine(each, names.get(each.person_id or 0), about.get(each.subject), _called(each, known))
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


def _known(tx: Tx, entries: Sequence[AuditEntry]) -> dict[tuple[Kind, int], str]:
    """How everything is called that these entries can speak of, by kind and id; a grant with whose it is."""
    seen = snapshot(tx)
    held = grants.names(tx, _ids(entries, "grant"))
    persons = people.names(tx, [*_ids(entries, "person"), *(owner for _name, owner in held.values())])
    return {
        **{("coach", each.id): each.name for each in seen.coaches},
        **{("offer", each.id): each.name for each in seen.offers},
        **{("package", each.id): each.name for each in seen.packages},
        **{("coupon", coupon_id): code for coupon_id, code in coupons.codes(tx, _ids(entries, "coupon")).items()},
        **{("person", person_id): name for person_id, name in persons.items()},
        **{("grant", grant_id): f"{name} ({persons.get(owner, owner)})" for grant_id, (name, owner) in held.items()},
    }


def _ids(entries: Sequence[AuditEntry], kind: Kind) -> list[int]:
    """Of the things of this kind that entries are about."""
    return [number for each in entries if (number := each.subject.number(kind)) is not None]


def _called(entry: AuditEntry, known: Mapping[tuple[Kind, int], str]) -> dict[tuple[str, int], str]:
    return {each: known[each] for each in _spoken_of(entry) if each in known}


def _spoken_of(entry: AuditEntry) -> set[tuple[Kind, int]]:
    """The things that the entry is about or names in its facts."""
    found: set[tuple[Kind, int]] = {
        (kind, number) for kind in get_args(Kind) if (number := entry.subject.number(kind)) is not None
    }
    for facts in (entry.before or {}, entry.after or {}):
        for key, value in facts.items():
            if (kind := NAMED_BY.get(key)) is not None:
                numbers = value if isinstance(value, list) else [value]
                found |= {(kind, each) for each in numbers if isinstance(each, int)}
    return found
