"""What an owner decides of credits whose price went back in the provider's dashboard: they are lost, or may be used."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.credits.freezes import Freeze, FreezeState, sessions_worth
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment, Refund
from bot.domain.people.permissions import Permission, may
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import came_for, freezing
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.credits import freezes, gifts, holdings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import orders, payments, refunds
from storage.people import people


@dataclass(frozen=True)
class FrozenPage:
    """`name`: what the package is called, or the gift that nobody has taken yet, and `paid` what was paid for it, with
    tax that came on top.
    `worth`: how many sessions the refund is the price of; `freeze` has as many as it found. `owner_id`: whose they are,
    with a gift its giver's. `payer_name`: whose money it was.
    """

    refund: Refund
    name: str
    paid: Money
    freeze: Freeze
    worth: int
    owner_id: int
    payer_name: str

    @property
    def is_open(self) -> bool:
        return self.freeze.state is FreezeState.FROZEN

    @property
    def is_gift(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.freeze.grant_id is None

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
            _lock(tx, those)
            those = freezes.because_of(tx, refund_id=refund_id)
            if any(each.state is not FreezeState.FROZEN for each in those):
                return Refusal(Code.CHANGED)
            decide(tx, those, act.cause)
            refund = refunds.find(tx, refund_id)
            if refund is not None:  # who was told of the money reads what it means for the sessions
                outbox.ask_correction(tx, refund.subject, act.now)
            return refund_id

        return await once(self._storage, act, work)


def _thaw(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    freezing.thaw(tx, those, cause, longer=True)


def _lock(tx: Tx, those: Sequence[Freeze]) -> None:
    """What they are of: grants, or a gift that nobody has taken yet."""
    holdings.lock(tx, [each.grant_id for each in those if each.grant_id is not None])
    for each in those:
        if each.grant_id is None and each.gift_id is not None:
            gifts.locked(tx, each.gift_id)


def _page(tx: Tx, refund_id: int) -> FrozenPage | None:
    refund, those = refunds.find(tx, refund_id), freezes.because_of(tx, refund_id=refund_id)
    payment = None if refund is None else payments.find(tx, refund.payment_id)
    sold = _sold(tx, those[0], payment) if those and payment is not None else None
    if refund is None or sold is None:
        return None
    name, paid, sessions, owner_id = sold
    payer_id = None if refund.order_id is None else orders.payer(tx, refund.order_id)
    payer = people.find(tx, owner_id if payer_id is None else payer_id)
    worth = sessions_worth(paid, sessions, refund.amount)
    return FrozenPage(refund, name, paid, those[0], worth, owner_id, "" if payer is None else payer.name)


def _sold(tx: Tx, freeze: Freeze, payment: Payment) -> tuple[str, Money, int, int] | None:
    """The name of what it is of, what was paid for it, how many sessions it has, and whose it is."""
    held = None if freeze.grant_id is None else holdings.find(tx, freeze.grant_id)
    if held is not None:
        grant = held.grant
        return grant.name, came_for.grant(tx, payment, grant), grant.sessions, grant.person_id
    gift = None if freeze.gift_id is None else gifts.find(tx, freeze.gift_id)
    if gift is None:
        return None
    return gift.name, came_for.price(tx, payment, gift.price), gift.sessions, gift.person_id
