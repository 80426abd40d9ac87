"""What an owner sees and changes of the credits of one client: gives some, adjusts them, extends a grant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.credits.grants import Entry, Grant, Holding
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import corrections, ledger
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.bookings import bookings
from storage.credits import entries, grants, holdings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import people
from storage.practice import offers

SESSIONS = range(1, 101)
"""How many are given at once."""

EXTENDED = 0
"""In the place of an entry's number: the grant was extended."""


@dataclass(frozen=True)
class GrantPage:
    """A grant with its newest entries, newest first, and the bookings that they name, by id.

    `extended_why`: the reason for its extension. `client_name`: whose it is.
    """

    held: Holding
    entries: Sequence[Entry]
    bookings: Mapping[int, Booking]
    client_name: str
    extended_why: str | None


class ClientCredits:
    """Every change says why; its reason stands sealed with the entry, and the trail says who made it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of(self, person_id: int) -> tuple[str, list[Holding]] | None:
        """The person's name and what they own, the newest first; None where nobody has this number."""

        def work(tx: Tx) -> tuple[str, list[Holding]] | None:
            person = next(iter(people.find_many(tx, [person_id])), None)
            if person is None:
                return None
            own = [each for each in holdings.of_person(tx, person.id) if each.grant.person_id == person.id]
            return person.name, own[::-1]

        return await self._storage.read(work)

    async def page(self, grant_id: int, before: int | None, most: int) -> GrantPage | None:
        """`before` turns the page of its entries."""

        def work(tx: Tx) -> GrantPage | None:
            held = holdings.find(tx, grant_id)
            person = None if held is None else next(iter(people.find_many(tx, [held.grant.person_id])), None)
            if held is None or person is None:
                return None
            found = entries.of_grant(tx, grant_id, before, most)
            named = bookings.find_many(tx, {each.booking_id for each in found if each.booking_id is not None})
            why = grants.why_extended(tx, grant_id)
            return GrantPage(held, found, {each.id: each for each in named}, person.name, why)

        return await self._storage.read(work)

    async def give(
        self, act: Act, person_id: int, offer_id: int, sessions: int, expires_at: datetime | None, why: str
    ) -> Done | Refusal:
        """Credits for sessions of an offer that nobody pays for. `{id}` is the grant."""

        def work(tx: Tx) -> int | Refusal:
            person, offer = next(iter(people.find_many(tx, [person_id])), None), offers.find(tx, offer_id)
            if not _may(act) or person is None or offer is None or not offer.price:
                return NOT_FOUND
            if sessions not in SESSIONS or (expires_at is not None and expires_at <= act.now):
                return Refusal(Code.CONTRADICTION, reason="expires_at")
            free = Money(0, offer.price.currency)
            new = ledger.NewGrant(
                person.id, f"{offer.name} × {sessions}", sessions, free, offer.price, [offer_id], expires_at
            )
            grant = ledger.give(tx, new, act.cause, why)
            _tell(tx, act, grant, 1)
            return grant.id

        return await once(self._storage, act, work)

    async def adjust(self, act: Act, grant_id: int, number: int, by: int, why: str) -> Done | Refusal:
        """See `corrections.adjust`. `number`: of the newest entry that was seen; CHANGED where there is a newer one."""
        return await self._correct(
            act, grant_id, lambda tx: corrections.adjust(tx, grant_id, by, why, act.cause), number
        )

    async def extend(self, act: Act, grant_id: int, expires_at: datetime, why: str) -> Done | Refusal:
        """See `corrections.extend`."""
        return await self._correct(
            act, grant_id, lambda tx: corrections.extend(tx, grant_id, expires_at, why, act.cause)
        )

    async def _correct(
        self, act: Act, grant_id: int, change: Callable[[Tx], Holding | Refusal], number: int | None = None
    ) -> Done | Refusal:
        def work(tx: Tx) -> int | Refusal:
            held = holdings.locked(tx, grant_id)
            if not _may(act) or held is None:
                return NOT_FOUND
            if number is not None and held.credits.number != number:
                return Refusal(Code.CHANGED)
            changed = change(tx)
            if isinstance(changed, Refusal):
                return changed
            _tell(tx, act, changed.grant, EXTENDED if number is None else changed.credits.number)
            return grant_id

        return await once(self._storage, act, work)


def _tell(tx: Tx, act: Act, grant: Grant, number: int) -> None:
    """Its owner reads of it: `number` is that of the entry, or `EXTENDED`."""
    if grant.person_id == act.person.id:
        return
    address = address_of(NoticeKind.CREDITS_CHANGED, grant.id, number)
    key = f"grant:{grant.id}:{number}"
    notice = Notice(key, grant.person_id, NoticeKind.CREDITS_CHANGED, address, act.now, subject=grant.subject)
    outbox.put(tx, notice, act.now)


def _may(act: Act) -> bool:
    return may(act.person, Permission.KEEP_EVERY_BOOKING)
