"""Freezes credits whose money is disputed, or went back past us: nobody can use them until it is known whose they are.

A dispute freezes all that is available, and all that comes back meanwhile; a refund freezes as many credits as it paid
for. Thawed they can be used again; taken, they are lost with the money. What a session has used stays used.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.bookings.changes import Change, Ended
from bot.domain.credits import rules
from bot.domain.credits.freezes import Freeze, FreezeState, Parts, sessions_worth
from bot.domain.credits.grants import Entry, EntryKind, Holding
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import corrections, ledger
from storage.credits import freezes, grants, holdings
from storage.engine import Tx


def freeze_disputed(tx: Tx, order_id: int, dispute_id: int, cause: Cause) -> None:
    """All that is available of what this order paid for."""
    those = grants.of_order(tx, order_id)
    holdings.lock(tx, those)
    there = {each.grant_id for each in freezes.because_of(tx, dispute_id=dispute_id)}
    for held in holdings.find_many(tx, [each for each in those if each not in there]):
        freezes.put(
            tx, held.grant.id, _freeze(tx, held, held.credits.available, cause), cause.now, dispute_id=dispute_id
        )


def freeze_refunded(tx: Tx, order_id: int, refund_id: int, amount: Money, cause: Cause) -> list[Freeze]:
    """As many of the credits that this order paid for as the refund gives back the price of: the last ones to end."""
    those = grants.of_order(tx, order_id)
    holdings.lock(tx, those)
    left = amount.amount
    for held in holdings.find_many(tx, those):
        worth = sessions_worth(held.grant.price, held.grant.sessions, Money(left, amount.currency))
        number = min(worth, held.credits.available)
        left -= worth * held.grant.price.amount // held.grant.sessions
        if worth:
            freezes.put(tx, held.grant.id, _freeze(tx, held, number, cause), cause.now, refund_id=refund_id)
    return freezes.because_of(tx, refund_id=refund_id)


def thaw(tx: Tx, those: Iterable[Freeze], cause: Cause, *, longer: bool) -> None:
    """They can be used again, and for the days in which they could not (`longer`) later too."""
    for each in _locked(tx, those):
        held = holdings.find(tx, each.grant_id)
        assert held is not None
        span = cause.now - each.frozen_at if longer else timedelta()
        if span and held.grant.expires_at is not None:
            grants.prolong(tx, each.grant_id, held.grant.expires_at + span)
            corrections.write_down_end(tx, held.grant, held.grant.expires_at + span, cause)
        for until, number in each.parts:
            held = _enter(tx, held, EntryKind.THAWED, number, None if until is None else until + span, cause)
        freezes.change(tx, each, each.parts, FreezeState.THAWED)


def take(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    """They are lost: the money that paid for them is gone."""
    for each in _locked(tx, those):
        held = holdings.find(tx, each.grant_id)
        assert held is not None
        _take(tx, held, each.parts, cause)
        freezes.change(tx, each, each.parts, FreezeState.TAKEN)


def give_again(tx: Tx, those: Iterable[Freeze], cause: Cause) -> None:
    """What was taken is there after all: an appeal was won."""
    for each in those:
        held = holdings.locked(tx, each.grant_id)
        if held is not None and each.state is FreezeState.TAKEN:
            for until, number in each.parts:
                held = _enter(tx, held, EntryKind.THAWED, number, until, cause)
            freezes.change(tx, each, each.parts, FreezeState.THAWED)


def freeze_returned(tx: Tx, change: Change) -> None:
    """A credit that a booking gives back is frozen with the others of its grant, or lost with them."""
    if not isinstance(change, Ended) or change.before.credit is None:
        return
    grant_id, cause = change.before.credit.grant_id, change.ending.cause
    disputed = [each for each in freezes.of_grant(tx, grant_id) if each.dispute_id is not None]
    bound = next((each for each in disputed if each.state is not FreezeState.THAWED), None)
    held = None if bound is None else holdings.locked(tx, grant_id)
    if bound is None or held is None or not held.credits.available:
        return
    back = _freeze(tx, held, held.credits.available, cause)
    freezes.change(tx, bound, (*bound.parts, *back), bound.state)
    if bound.state is FreezeState.TAKEN:
        _take(tx, holdings.find(tx, grant_id) or held, back, cause)


def _locked(tx: Tx, those: Iterable[Freeze]) -> list[Freeze]:
    frozen = [each for each in those if each.state is FreezeState.FROZEN]
    holdings.lock(tx, [each.grant_id for each in frozen])
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
