"""What somebody has of sessions paid ahead: how many are left, reserved and used, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.bookings.bookings import Booking
from bot.domain.credits.grants import Entry, Holding
from storage.bookings import bookings
from storage.credits import entries, freezes, grants, holdings
from storage.engine import Storage, Tx


@dataclass(frozen=True)
class Balance:
    """`used`: sessions that took place on it, were missed, or were cancelled too late. `frozen`: nobody can use them
    now, since their payment is in doubt."""

    holding: Holding
    used: int
    frozen: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can be booked, and no session on it is yet to come."""
        return not self.holding.credits.available and not self.holding.credits.reserved and not self.frozen


@dataclass(frozen=True)
class History:
    """The newest entries of a grant, newest first, and the bookings that they name, by id."""

    balance: Balance
    entries: Sequence[Entry]
    bookings: Mapping[int, Booking]


class Balances:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of_person(self, person_id: int) -> list[Balance]:
        """All that this person owns, or may use, with the newest first; what can still be used before the others."""

        def work(tx: Tx) -> list[Balance]:
            found = _with_used(tx, holdings.of_person(tx, person_id))
            return sorted(found, key=lambda each: (each.is_over, -each.holding.grant.id))

        return await self._storage.read(work)

    async def of_order(self, order_id: int) -> list[Balance]:
        """What this order paid for."""
        return await self._storage.read(
            lambda tx: _with_used(tx, holdings.find_many(tx, grants.of_order(tx, order_id)))
        )

    async def history(self, person_id: int, grant_id: int, before: int | None, most: int) -> History | None:
        """Of a grant that is this person's own; None for anybody else's. `before`: the number of the entry after."""

        def work(tx: Tx) -> History | None:
            mine = [each for each in holdings.of_person(tx, person_id) if each.grant.id == grant_id]
            if not mine or mine[0].grant.person_id != person_id:
                return None
            found = entries.of_grant(tx, grant_id, before, most)
            ids = {each.booking_id for each in found if each.booking_id is not None}
            named = {each.id: each for each in bookings.find_many(tx, ids)}
            return History(_with_used(tx, mine)[0], found, named)

        return await self._storage.read(work)


def _with_used(tx: Tx, found: Sequence[Holding]) -> list[Balance]:
    those = [each.grant.id for each in found]
    given, frozen = entries.given(tx, those), freezes.frozen(tx, those)
    return [
        Balance(
            each,
            given.get(each.grant.id, 0) - each.credits.available - each.credits.reserved,
            frozen.get(each.grant.id, 0),
        )
        for each in found
    ]
