"""Freezes sessions of a gift that nobody has taken yet, whose money went back past us; who takes it has the rest."""

from datetime import timedelta

from bot.domain.credits.freezes import Freeze, FreezeState, sessions_worth
from bot.domain.credits.gifts import Gift, GiftState
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.records import Cause
from storage.credits import freezes, gifts
from storage.engine import Tx
from storage.journal import audit


def unclaimed(tx: Tx, payment: Payment) -> Gift | None:
    """The gift that this payment paid for, locked, while nobody has it."""
    if payment.order_id is None or payment.state is not PaymentState.ACCEPTED:
        return None
    found = gifts.of_order(tx, payment.order_id)
    gift = None if found is None else gifts.locked(tx, found.id)
    return gift if gift is not None and gift.state is GiftState.OPEN else None


def freeze(tx: Tx, gift: Gift, paid: Money, refund_id: int, amount: Money, cause: Cause) -> None:
    """As many of its sessions, for which `paid` was paid, as the refund gives back the price of."""
    worth = sessions_worth(paid, gift.sessions, amount)
    number = min(worth, left_of(tx, gift)[0])
    if worth:
        freezes.put(tx, None, ((None, number),), cause.now, refund_id=refund_id, gift_id=gift.id)
        gifts.touch(tx, gift, gift.expires_at)
        _say(tx, gift, "gift.frozen", number, cause)


def settle(tx: Tx, each: Freeze, state: FreezeState, longer: timedelta, cause: Cause) -> None:
    """They are lost, or whoever takes the gift has them after all, and for so much longer."""
    gift = None if each.gift_id is None else gifts.locked(tx, each.gift_id)
    if gift is None:
        return
    freezes.change(tx, each, each.parts, state)
    gifts.touch(tx, gift, None if gift.expires_at is None else gift.expires_at + longer)
    _say(tx, gift, "gift.thawed" if state is FreezeState.THAWED else "gift.reduced", each.sessions, cause)


def left_of(tx: Tx, gift: Gift) -> tuple[int, int]:
    """How many of its sessions whoever takes it can use at once, and how many are on hold."""
    there = freezes.of_gift(tx, gift.id)
    on_hold = sum(each.sessions for each in there if each.state is FreezeState.FROZEN)
    lost = sum(each.sessions for each in there if each.state is FreezeState.TAKEN)
    return gift.sessions - on_hold - lost, on_hold


def _say(tx: Tx, gift: Gift, act: str, sessions: int, cause: Cause) -> None:
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=act, subject=gift.subject, after={"sessions": sessions},
        now=cause.now,
    )  # fmt: skip
