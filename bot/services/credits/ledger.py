"""Writes the ledger of credits inside a transaction: what is given, taken by a booking, spent, returned and over.

Whoever changes a grant holds its lock, which is taken after the coach's: coaches, coupon, grants by id, counter of
receipts. Every entry has a row in the audit trail.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.credits import rules
from bot.domain.credits.grants import Credit, Credits, Entry, EntryKind, Grant, Holding
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.services.credits import session_tax
from storage.credits import entries, grants, holdings
from storage.engine import Tx
from storage.journal import audit

TAKEN = (EntryKind.RESERVED, EntryKind.SPENT)


@dataclass(frozen=True)
class NewGrant:
    """As `Grant`. `member_ids`: who may use it beside its owner. `bought_at`: where that was not just now."""

    person_id: int
    name: str
    sessions: int
    price: Money
    single_price: Money
    offer_ids: Collection[int]
    expires_at: datetime | None = None
    weekly_cap: int | None = None
    order_id: int | None = None
    package_id: int | None = None
    member_ids: Collection[int] = ()
    bought_at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """The credit that a booking has, and the grant that it is of. `spent`: it is used up, not only reserved."""

    credit: Credit
    held: Holding
    spent: bool


def give(tx: Tx, new: NewGrant, cause: Cause, why: str | None = None) -> Grant:
    """A new grant with all its credits. `why`: the owner's reason, where nobody paid for it."""
    grant = Grant(
        id=grants.draw(tx),
        person_id=new.person_id,
        name=new.name,
        sessions=new.sessions,
        price=new.price,
        single_price=new.single_price,
        bought_at=new.bought_at or cause.now,
        expires_at=new.expires_at,
        offer_ids=frozenset(new.offer_ids),
        weekly_cap=new.weekly_cap,
        order_id=new.order_id,
        package_id=new.package_id,
    )
    grants.insert(tx, grant)
    grants.add_members(tx, grant.id, new.member_ids)
    change = Entry(grant.id, 0, EntryKind.GRANTED, new.sessions, 0, 0, cause.now, order_id=new.order_id, why=why)
    enter(tx, Holding(grant, Credits()), change, cause)
    return grant


def reserve(tx: Tx, choice: rules.ChosenCredit, booking_id: int, cause: Cause) -> Holding:
    """Take the chosen credit for a booking; the grant, which is locked, with what it holds then."""
    change = _of_booking(choice.credit, EntryKind.RESERVED, -1, +1, booking_id, cause)
    return enter(tx, choice.held, change, cause)


def spend(tx: Tx, grant_id: int, booking_id: int, cause: Cause) -> Taken | None:
    """The credit that a booking took is used up; None where it has none, or is used up already."""
    taken = taken_by(tx, grant_id, booking_id)
    if taken is None or taken.spent:
        return None
    return _follow(tx, taken, _of_booking(taken.credit, EntryKind.SPENT, 0, -1, booking_id, cause), cause)


def take_again(tx: Tx, grant_id: int, booking_id: int, cause: Cause) -> Taken | None:
    """The credit of a booking is reserved as before it was used up; None where it is not used up."""
    taken = taken_by(tx, grant_id, booking_id)
    if taken is None or not taken.spent:
        return None
    return _follow(tx, taken, _of_booking(taken.credit, EntryKind.RESERVED, 0, +1, booking_id, cause), cause)


def give_back(tx: Tx, grant_id: int, booking_id: int, cause: Cause, *, by_practice: bool) -> Taken | None:
    """A booking gives its credit back, be it reserved or used up; None where it has none."""
    taken = taken_by(tx, grant_id, booking_id)
    if taken is None:
        return None
    credit = rules.comes_back(taken.credit, cause.now, by_practice=by_practice)
    freed = 0 if taken.spent else -1
    change = _of_booking(credit, EntryKind.RETURNED, +1, freed, booking_id, cause)
    return _follow(tx, replace(taken, credit=credit), change, cause)


def taken_by(tx: Tx, grant_id: int, booking_id: int) -> Taken | None:
    """The credit that a booking has of this grant, which is held until the transaction ends."""
    held = holdings.locked(tx, grant_id)
    mine = [each for each in entries.of_booking(tx, booking_id) if each.grant_id == grant_id]
    last = mine[-1] if mine else None
    if held is None or last is None or last.kind not in TAKEN:
        return None
    return Taken(Credit(held.grant, last.until), held, last.kind is EntryKind.SPENT)


def expire(tx: Tx, grant_id: int, cause: Cause) -> int:
    """Take from a grant what no session to come can use any more; how many credits."""
    held = holdings.locked(tx, grant_id)
    ended = [] if held is None else rules.over(held, cause.now)
    for until in sorted({each.until for each in ended}, key=lambda each: (each is not None, each)):
        assert held is not None
        number = sum(each.until == until for each in ended)
        change = Entry(grant_id, 0, EntryKind.EXPIRED, -number, 0, 0, cause.now, until=until)
        held = enter(tx, held, change, cause)
    return len(ended)


def enter(tx: Tx, held: Holding, change: Entry, cause: Cause) -> Holding:
    """Write the next entry of a grant and its row in the audit trail; the grant with what it holds then.

    `change` says what is added to the credits available and, in `reserved`, to those taken by bookings; number and
    balances follow from what the grant holds.
    """
    before = held.credits
    after = Credits(
        available=before.available + change.amount,
        reserved=before.reserved + change.reserved,
        number=before.number + 1,
        grace=_grace(before, change),
    )
    entry = replace(
        change, number=after.number, balance=after.available, reserved=after.reserved, person_id=cause.person_id
    )
    entries.write(tx, entry)
    booking = {} if entry.booking_id is None else {"booking": entry.booking_id}
    audit.write(
        tx,
        person_id=cause.person_id,
        via=cause.via,
        act=f"credit.{entry.kind.value}",
        subject=held.grant.subject,
        before={"available": before.available, "reserved": before.reserved},
        after={"available": after.available, "reserved": after.reserved, **booking},
        now=cause.now,
    )
    return replace(held, credits=after)


def _of_booking(credit: Credit, kind: EntryKind, amount: int, reserved: int, booking_id: int, cause: Cause) -> Entry:
    return Entry(credit.grant.id, 0, kind, amount, 0, reserved, cause.now, booking_id=booking_id, until=credit.until)


def _follow(tx: Tx, taken: Taken, change: Entry, cause: Cause) -> Taken:
    after = Taken(taken.credit, enter(tx, taken.held, change, cause), change.kind is EntryKind.SPENT)
    assert change.booking_id is not None
    if after.spent:
        session_tax.share(tx, taken.held.grant, change.booking_id)
    elif taken.spent:
        session_tax.take_back(tx, taken.held.grant, change.booking_id)
    return after


def _grace(before: Credits, change: Entry) -> tuple[datetime, ...]:
    if change.until is None or not change.amount:
        return before.grace
    if change.amount > 0:
        return tuple(sorted((*before.grace, *[change.until] * change.amount)))
    left = list(before.grace)
    for _each in range(-change.amount):
        left.remove(change.until)
    return tuple(left)
