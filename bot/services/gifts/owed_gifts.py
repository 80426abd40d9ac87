"""A gift that its giver took back, and whose money could not go back: an owner settles what is owed."""

from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.credits.gifts import Gift, GiftState
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.payments import tell_money
from bot.services.payments.packages import package_worth
from bot.services.payments.refunds import giving_back
from storage.credits import gifts
from storage.engine import Storage, Tx
from storage.payments import payments, refunds
from storage.people import people


@dataclass(frozen=True)
class OwedGift:
    """`owed` to who gave it, and paid for it; 0 where nothing is."""

    gift: Gift
    owed: Money
    giver_name: str


class OwedGifts:
    """`can_pay_out`: there is a payment provider that refunds are made by."""

    def __init__(self, storage: Storage, *, can_pay_out: bool = True) -> None:
        self._storage = storage
        self._can_pay_out = can_pay_out

    async def find(self, gift_id: int) -> OwedGift | None:
        """None for one that was not taken back: what is owed of its credits stands with those."""
        return await self._storage.read(lambda tx: _owed(tx, gifts.find(tx, gift_id)))

    async def of_order(self, order_id: int) -> OwedGift | None:
        """As `find`, by what it was paid with."""
        return await self._storage.read(lambda tx: _owed(tx, gifts.of_order(tx, order_id)))

    async def settle(self, act: Act, gift_id: int, owed: Money, *, another_way: bool) -> Done | Refusal:
        """It goes to the card once more, or was paid past it; its giver is told. `owed`: as the page stated it. CHANGED
        when it is another amount by now, UNRETURNABLE with `reason`."""

        def work(tx: Tx) -> int | Refusal:
            found = _owed(tx, gifts.find(tx, gift_id))
            if found is None or not may(act.person, Permission.KEEP_EVERY_BOOKING):
                return NOT_FOUND
            gift = found.gift
            tx.lock_client(gift.person_id)
            payment = payments.lock_accepted(tx, Subject("order", gift.order_id))
            if payment is None:
                return NOT_FOUND
            can = self._can_pay_out
            refusal = giving_back.cannot_settle(tx, payment, owed, another_way=another_way, can_pay_out=can)
            refund = refusal or giving_back.settle_owed(tx, act, payment, owed, another_way=another_way)
            if isinstance(refund, Refusal):
                return refund
            tell_money.of_refund(tx, payment.subject, refund.id, act.now, failed=False)
            return gift.id

        return await once(self._storage, act, work)


def _owed(tx: Tx, gift: Gift | None) -> OwedGift | None:
    if gift is None or gift.state is not GiftState.RETURNED:
        return None
    payment = payments.accepted_of(tx, Subject("order", gift.order_id))
    if payment is None:
        return None
    owed = package_worth.owed(refunds.of_payment(tx, payment.id), payment)
    return OwedGift(gift, owed, people.names(tx, [gift.person_id])[gift.person_id])
