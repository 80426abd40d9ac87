"""Freezes credits whose money is disputed, or went back past us: nobody can use them until it is known whose they are.

A dispute freezes all that is available, and all that comes back meanwhile; a refund freezes as many credits as it paid
for. Thawed they can be used again; taken, they are lost with the money. What a session has used stays used.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.bookings.changes import Change, Ended
from bot.domain.credits import rules
from bot.domain.credits.freezes import Freeze, FreezeState, Parts, bound, sessions_worth
from bot.domain.credits.grants import Entry, EntryKind, Holding
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.services.credits import came_for, corrections, gift_freezing, ledger
from storage.credits import freezes, grants, holdings, paid_by
from storage.engine import Tx
from storage.payments import as_credit


def freeze_disputed(tx: Tx, payment: Payment, dispute_id: int, cause: Cause) -> None:
    """All that is available of what this payment stands behind."""
    as_credit.carry_over(tx, payment)
    those = paid_by.grants_of(tx, payment)
    holdings.lock(tx, those)
    there = {each.grant_id for each in freezes.because_of(tx, dispute_id=dispute_id)}
    for held in holdings.find_many(tx, [each for each in those if each not in there]):
        freezes.put(
            tx, held.grant.id, _freeze(tx, held, held.credits.available, cause), cause.now, dispute_id=dispute_id
        )


def freeze_refunded(tx: Tx, payment: Payment, refund_id: int, amount: Money, cause: Cause) -> list[Freeze]:
    """As many of the credits that this payment stands behind as `amount`, tax included, is the whole price of: the last
    ones to end. Of several grants, as of a gift that was handed back and taken again, the newest is asked first."""
    if (gift := gift_freezing.unclaimed(tx, payment)) is not None:
        gift_freezing.freeze(tx, gift, came_for.price(tx, payment, gift.price), refund_id, amount, cause)
        return freezes.because_of(tx, refund_id=refund_id)
    as_credit.carry_over(tx, payment)
    those = paid_by.grants_of(tx, payment)
    holdings.lock(tx, those)
    left = amount.amount
    for held in sorted(holdings.find_many(tx, those), key=lambda each: each.grant.id, reverse=True):
        came = came_for.grant(tx, payment, held.grant)
        worth = sessions_worth(came, held.grant.sessions, Money(left, amount.currency))
        number = min(worth, held.credits.available)
        left -= worth * came.amount // held.grant.sessions
        if worth:
            freezes.put(tx, held.grant.id, _freeze(tx, held, number, cause), cause.now, refund_id=refund_id)
    return freezes.because_of(tx, refund_id=refund_id)


def thaw(tx: Tx, those: Iterable[Freeze], cause: Cause, *, longer: bool) -> None:
    """They can be used again, and for the days in which they could not (`longer`) later too."""
    for each in _locked(tx, those):
        span = cause.now - each.frozen_at if longer else timedelta()
        if each.grant_id is None:
            gift_freezing.settle(tx, each, FreezeState.THAWED, span, cause)
            continue
        held = holdings.find(tx, each.grant_id)
        assert held is not None
        if span and held.grant.expires_at is not None:
            grants.prolong(tx, each.grant_id, held.grant.expires_at + span)
            corrections.write_down_end(tx, held.grant, held.grant.expires_at + span, cause)
        for until, number in each.parts:
            held = _enter(tx, held, EntryKind.THAWED, number, None if until is None else until + span, cause)
        freezes.change(tx, each, each.parts, FreezeState.THAWED)
        _freeze_with_others(tx, each.grant_id, cause)


def take(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    """They are lost: the money that paid for them is gone."""
    for each in _locked(tx, those):
        if each.grant_id is None:
            gift_freezing.settle(tx, each, FreezeState.TAKEN, timedelta(), cause)
            continue
        held = holdings.find(tx, each.grant_id)
        assert held is not None
        _take(tx, held, each.parts, cause)
        freezes.change(tx, each, each.parts, FreezeState.TAKEN)


def give_again(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    """What was taken is there after all: an appeal was won."""
    for each in those:
        held = None if each.grant_id is None else holdings.locked(tx, each.grant_id)
        if held is not None and each.state is FreezeState.TAKEN:
            for until, number in each.parts:
                held = _enter(tx, held, EntryKind.THAWED, number, until, cause)
            freezes.change(tx, each, each.parts, FreezeState.THAWED)
            _freeze_with_others(tx, held.grant.id, cause)


def follow_gift(tx: Tx, gift_id: int, grant_id: int, cause: Cause) -> None:
    """Somebody took the gift: what was kept back of it is frozen, or lost, in their grant."""
    for each in freezes.of_gift(tx, gift_id):
        held = holdings.find(tx, grant_id)
        if held is None or each.state is FreezeState.THAWED:
            continue
        for until, number in each.parts:
            held = _enter(tx, held, EntryKind.FROZEN, -number, until, cause)
        if each.state is FreezeState.TAKEN:
            _take(tx, held, each.parts, cause)
        freezes.pass_on(tx, each, grant_id)


def freeze_returned(tx: Tx, change: Change) -> None:
    """A credit that a booking gives back is frozen with the others of its grant, or lost with them."""
    if isinstance(change, Ended) and change.before.credit is not None:
        _freeze_with_others(tx, change.before.credit.grant_id, change.ending.cause)


def _freeze_with_others(tx: Tx, grant_id: int, cause: Cause) -> None:
    """While a dispute of its money is open, or once one is lost, nothing of a grant is available, whatever gave it
    back."""
    shared = bound(freezes.of_grant(tx, grant_id))
    held = None if shared is None else holdings.locked(tx, grant_id)
    if shared is None or held is None or not held.credits.available:
        return
    back = _freeze(tx, held, held.credits.available, cause)
    freezes.change(tx, shared, (*shared.parts, *back), shared.state)
    if shared.state is FreezeState.TAKEN:
        _take(tx, holdings.find(tx, grant_id) or held, back, cause)


def _locked(tx: Tx, those: Iterable[Freeze]) -> list[Freeze]:
    frozen = [each for each in those if each.state is FreezeState.FROZEN]
    holdings.lock(tx, [each.grant_id for each in frozen if each.grant_id is not None])
    return frozen


def _freeze(tx: Tx, held: Holding, number: int, cause: Cause) -> Parts:
    last_first = [each.until for each in reversed(rules.soonest_first(held))][:number]
    parts = tuple((until, last_first.count(until)) for until in dict.fromkeys(last_first))
    for until, some in parts:
        held = _enter(tx, held, EntryKind.FROZEN, -some, until, cause)
    return parts


def _take(tx: Tx, held: Holding, parts: Parts, cause: Cause) -> None:
    """In two entries each: they are frozen no more, and lost."""
    for until, number in parts:
        held = _enter(tx, held, EntryKind.THAWED, number, until, cause)
        held = _enter(tx, held, EntryKind.LOST, -number, until, cause)


def _enter(tx: Tx, held: Holding, kind: EntryKind, number: int, until: datetime | None, cause: Cause) -> Holding:
    return ledger.enter(tx, held, Entry(held.grant.id, 0, kind, number, 0, 0, cause.now, until=until), cause)
