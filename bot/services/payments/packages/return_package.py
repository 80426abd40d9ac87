"""Gives packages back, and settles what could not go back to the card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Ending
from bot.domain.credits.grants import Entry, EntryKind, Grant, Holding
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.payments import PACKAGE, Refund, RefundState
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.credits import ledger
from bot.services.credits.corrections import parts_of
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from bot.services.payments.packages import package_worth
from bot.services.payments.packages.package_worth import Worth
from bot.services.payments.refunds import giving_back
from storage.bookings import bookings, on_grant, on_order
from storage.credits import entries, holdings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import orders, payments, refunds
from storage.people import people, roles

MOST = 200
"""Entries of one grant that are looked through for what ended with it."""


@dataclass(frozen=True)
class MoneyBack:
    """What went back for a grant, the newest last, and what of it is still owed to who paid for it. `is_owners`: who
    has the credits paid for them."""

    refunds: Sequence[Refund]
    owed: Money | None
    payer_name: str = ""
    is_owners: bool = True


@dataclass(frozen=True)
class Returned:
    """One act of giving back, as it is told: the sessions that ended with it, and the owner's reason, if one gave it
    back. `client_name`: whose package it was, and `payer_name` whose money."""

    grant: Grant
    refund: Refund
    ended: Sequence[Booking]
    why: str | None
    client_name: str
    by_client: bool
    payer_id: int
    payer_name: str


class PackageReturns:
    """`can_pay_out`: there is a payment provider that refunds are made by."""

    def __init__(self, storage: Storage, react: Reaction, *, can_pay_out: bool = True) -> None:
        self._storage = storage
        self._react = react
        self._can_pay_out = can_pay_out

    async def look(self, grant_id: int, now: datetime) -> Worth | Unreturnable | None:
        """See `package_worth.look`; also OFF where no refund can be made."""
        found = await self._storage.read(lambda tx: package_worth.look(tx, grant_id, now))
        return Unreturnable.OFF if isinstance(found, Worth) and not self._can_pay_out else found

    async def money(self, grant_id: int) -> MoneyBack:
        def work(tx: Tx) -> MoneyBack:
            held = holdings.find(tx, grant_id)
            paid = None if held is None else package_worth.paid_for(tx, held.grant)
            if held is None or paid is None:
                return MoneyBack((), None)
            payment, _price, payer_id = paid
            those, name = refunds.of_payment(tx, payment.id), people.names(tx, [payer_id])[payer_id]
            owed = package_worth.owed(those, payment) or None
            return MoneyBack(those, owed, name, is_owners=payer_id == held.grant.person_id)

        return await self._storage.read(work)

    async def told(self, person: Person, grant_id: int, refund_id: int, since: int) -> Returned | None:
        """One act of giving back, to its owner, to who paid, and to owners of the practice. `since`: the number of the
        last entry before it."""

        def work(tx: Tx) -> Returned | None:
            held, refund = holdings.find(tx, grant_id), refunds.find(tx, refund_id)
            if held is None or refund is None or refund.order_id != held.grant.order_id:
                return None
            grant = held.grant
            payer = None if refund.order_id is None else orders.payer(tx, refund.order_id)
            if person.id not in (grant.person_id, payer) and not _may(person):
                return None
            own = [each for each in entries.of_grant(tx, grant_id, None, MOST) if each.number > since]
            taken = [each for each in own if each.kind is EntryKind.ADJUSTED and each.order_id is not None]
            ids = {each.booking_id for each in own if each.booking_id is not None}
            ended = [each for each in bookings.find_many(tx, ids) if each.state is BookingState.CANCELLED]
            why = next((each.why for each in taken if each.why is not None), None)
            by_client = any(each.person_id == grant.person_id for each in taken)
            whose = grant.person_id if payer is None else payer
            names = people.names(tx, [grant.person_id, whose])
            giver = person.id != grant.person_id and not _may(person)  # who sees no bookings
            told = () if giver else ended
            return Returned(grant, refund, told, why, names[grant.person_id], by_client, whose, names[whose])

        return await self._storage.read(work)

    async def give_back(
        self, act: Act, grant_id: int, stated: Sequence[object], why: str | None = None
    ) -> Done | Refusal:
        """Give it back as the page stated: `stated` is `Worth.facts`. `why` is given by an owner of the practice, and
        by nobody else. `{id}` is the grant.

        CHANGED when another outcome holds by now, UNRETURNABLE with `reason`.
        """

        def work(tx: Tx) -> int | Refusal:
            locked = _lock(tx, grant_id, act.now)
            found = package_worth.look(tx, grant_id, act.now)
            if found is None or not (_may(act.person) if why is not None else _is_own(tx, act, grant_id)):
                return NOT_FOUND
            if isinstance(found, Unreturnable):
                return Refusal(Code.UNRETURNABLE, found)
            if why is None and not found.alone:
                return NOT_FOUND
            if not self._can_pay_out:
                return Refusal(Code.UNRETURNABLE, Unreturnable.OFF)
            coaches = {booking.coach_id for booking, _outcome in found.ends}
            if not coaches <= locked or found.facts != tuple(stated):
                return Refusal(Code.CHANGED)
            return self._give_back(tx, act, found, why)

        return await once(self._storage, act, work)

    def _give_back(self, tx: Tx, act: Act, worth: Worth, why: str | None) -> int | Refusal:
        grant, since = worth.held.grant, worth.held.credits.number
        for booking, outcome in worth.ends:
            told = {booking.person_id, booking.coach_person_id} - {act.person.id, grant.person_id}
            by = "client" if why is None else "coach" if act.person.id == booking.coach_person_id else "owner"
            signed = None if why is None else act.person
            ending = Ending(
                BookingState.CANCELLED, by, act.cause, signed=signed, outcome=outcome, told=tuple(sorted(told))
            )
            booking_changes.end(tx, self._react, booking, ending)
        _take(tx, grant, [booking.id for booking, outcome in worth.ends], act, why)
        refunds.intend(tx, worth.payment, worth.back, PACKAGE, act.now)
        made = refunds.of_payment(tx, worth.payment.id)[-1:]
        if not made or made[0].amount != worth.back or made[0].state is not RefundState.INTENDED:
            return Refusal(Code.CHANGED)
        after = {"amount": worth.back.amount, "currency": worth.back.currency, "payment": worth.payment.id}
        giving_back.write_down(tx, act, "refund.intended", worth.payment, after, PACKAGE)
        outbox.ask_correction(tx, worth.payment.subject, act.now)
        for person_id in dict.fromkeys((grant.person_id, worth.payer_id, *roles.owner_ids(tx))):
            if person_id != act.person.id:
                _tell(tx, grant, person_id, made[0].id, since, act.now)
        return grant.id

    async def settle_owed(self, act: Act, grant_id: int, owed: Money, *, another_way: bool, why: str) -> Done | Refusal:
        """What could not go back goes to the card once more, or was paid past it. `owed`: as the page stated it."""

        def work(tx: Tx) -> int | Refusal:
            _lock(tx, grant_id, act.now)
            held = holdings.find(tx, grant_id)
            paid = None if held is None else package_worth.paid_for(tx, held.grant)
            if held is None or paid is None or not _may(act.person):
                return NOT_FOUND
            payment = paid[0]
            can = self._can_pay_out
            refusal = giving_back.cannot_settle(tx, payment, owed, another_way=another_way, can_pay_out=can)
            if refusal is not None:
                return refusal
            since = held.credits.number
            ledger.enter(tx, held, _reason(held.grant, act, why), act.cause)
            refund = giving_back.settle_owed(tx, act, payment, owed, another_way=another_way)
            if isinstance(refund, Refusal):
                return refund
            for person_id in dict.fromkeys((held.grant.person_id, paid[2], *roles.owner_ids(tx))):
                if person_id != act.person.id:
                    _tell(tx, held.grant, person_id, refund.id, since, act.now)
            return grant_id

        return await once(self._storage, act, work)


def _lock(tx: Tx, grant_id: int, now: datetime) -> set[int]:
    """The coaches of the sessions ahead, who paid, the payment, then the grant; the coaches that are held."""
    held = holdings.find(tx, grant_id)
    order_id = None if held is None else held.grant.order_id
    coaches = on_grant.coaches_ahead(tx, grant_id, now)
    if order_id is not None:
        coaches.update(on_order.coaches_of(tx, order_id))
    for each in sorted(coaches):
        tx.lock_coach(each)
    payer = None if order_id is None else orders.payer(tx, order_id)
    if payer is not None:
        tx.lock_client(payer)
    if order_id is not None:
        payments.lock_accepted(tx, Subject("order", order_id))
    holdings.lock(tx, [grant_id])
    return coaches


def _take(tx: Tx, grant: Grant, ended: Sequence[int], act: Act, why: str | None) -> None:
    """All credits that are left, those of the sessions that have just ended by themselves: their pages say so."""
    held = holdings.find(tx, grant.id)
    assert held is not None
    for booking_id in ended:
        last = [each for each in entries.of_booking(tx, booking_id) if each.grant_id == grant.id][-1]
        if last.kind is EntryKind.RETURNED:
            held = ledger.enter(tx, held, _taken(held, act, -1, last.until, booking_id), act.cause)
    parts = parts_of(held, -held.credits.available) if held.credits.available else [(None, 0)]
    for until, amount in parts:
        held = ledger.enter(tx, held, _taken(held, act, amount, until, why=why), act.cause)


def _taken(
    held: Holding, act: Act, amount: int, until: datetime | None, booking_id: int | None = None, why: str | None = None
) -> Entry:
    return Entry(
        held.grant.id, 0, EntryKind.ADJUSTED, amount, 0, 0, act.now,
        booking_id=booking_id, order_id=held.grant.order_id, why=why, until=until,
    )  # fmt: skip


def _reason(grant: Grant, act: Act, why: str) -> Entry:
    """An owner's words about money stand where all others about the grant do."""
    return Entry(grant.id, 0, EntryKind.ADJUSTED, 0, 0, 0, act.now, order_id=grant.order_id, why=why)


def _tell(tx: Tx, grant: Grant, person_id: int, refund_id: int, since: int, now: datetime) -> None:
    kind = NoticeKind.PACKAGE_RETURNED
    address = address_of(kind, grant.id, refund_id, since)
    outbox.put(
        tx,
        Notice(f"grant:{grant.id}:back:{refund_id}:{person_id}", person_id, kind, address, now, subject=grant.subject),
        now,
    )


def _is_own(tx: Tx, act: Act, grant_id: int) -> bool:
    held = holdings.find(tx, grant_id)
    return held is not None and held.grant.person_id == act.person.id


def _may(person: Person) -> bool:
    return may(person, Permission.KEEP_EVERY_BOOKING)
