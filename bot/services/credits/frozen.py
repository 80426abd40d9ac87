"""What an owner decides of credits whose price went back in the provider's dashboard: they are lost, or may be used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.credits.freezes import Freeze, FreezeState, sessions_worth
from bot.domain.credits.grants import Holding
from bot.domain.payments.payments import Refund
from bot.domain.people.permissions import Permission, may
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import freezing
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.credits import freezes, holdings
from storage.engine import Storage, Tx
from storage.payments import refunds
from storage.people import people


@dataclass(frozen=True)
class FrozenPage:
    """`held`: the package. `worth`: how many sessions the refund is the price of; `freeze` has as many as it found."""

    refund: Refund
    held: Holding
    freeze: Freeze
    worth: int
    client_name: str

    @property
    def is_open(self) -> bool:
        return self.freeze.state is FreezeState.FROZEN

    @property
    def booked(self) -> int:
        """Sessions that it paid back as well, and that were booked or used by then."""
        return max(0, self.worth - self.freeze.sessions)


class FrozenCredits:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(self, refund_id: int) -> FrozenPage | None:
        return await self._storage.read(lambda tx: _page(tx, refund_id))

    async def take(self, act: Act, refund_id: int) -> Done | Refusal:
        """They are lost. CHANGED where somebody decided it meanwhile."""
        return await self._decide(act, refund_id, freezing.take)

    async def free(self, act: Act, refund_id: int) -> Done | Refusal:
        """They can be used all the same, for as long as they were kept from it. As `take`."""
        return await self._decide(act, refund_id, _thaw)

    async def _decide(
        self, act: Act, refund_id: int, decide: Callable[[Tx, Iterable[Freeze], Cause], None]
    ) -> Done | Refusal:
        def work(tx: Tx) -> int | Refusal:
            those = freezes.because_of(tx, refund_id=refund_id)
            if not those or not may(act.person, Permission.KEEP_EVERY_BOOKING):
                return NOT_FOUND
            holdings.lock(tx, [each.grant_id for each in those])
            those = freezes.because_of(tx, refund_id=refund_id)
            if any(each.state is not FreezeState.FROZEN for each in those):
                return Refusal(Code.CHANGED)
            decide(tx, those, act.cause)
            return refund_id

        return await once(self._storage, act, work)


def _thaw(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    freezing.thaw(tx, those, cause, longer=True)


def _page(tx: Tx, refund_id: int) -> FrozenPage | None:
    refund, those = refunds.find(tx, refund_id), freezes.because_of(tx, refund_id=refund_id)
    held = holdings.find(tx, those[0].grant_id) if those else None
    if refund is None or held is None:
        return None
    client = people.find(tx, held.grant.person_id)
    worth = sessions_worth(held.grant.price, held.grant.sessions, refund.amount)
    return FrozenPage(refund, held, those[0], worth, "" if client is None else client.name)
