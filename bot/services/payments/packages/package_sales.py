"""Sells packages: somebody is asked for the price by an order, and has the credits once it is paid."""

from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.credits.packages import Package, PackageState, as_sold, cheapest, covered_by, expires_at, sold
from bot.domain.credits.rules import NoCredit
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.orders import LineKind, Order, OrderChange, OrderLine, OrderPaid
from bot.domain.practice.practice import Deployment
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits import ledger
from bot.services.credits.ledger import NewGrant
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from bot.services.offers import packages as offered
from bot.services.payments import orders_tx
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.practice import catalogue, packages


class PackageSales:
    def __init__(self, storage: Storage, react: Reaction, deployment: Deployment) -> None:
        self._storage = storage
        self._react = react
        self._deployment = deployment

    async def buy(self, act: Act, package_id: int, version: int, booking_id: int | None = None) -> Done | Refusal:
        """Ask for its price. `{id}` is the order. With the client's own hold, that is booked on it once it is paid.

        CHANGED when it has another version by now; OFFER_CLOSED when nobody can buy it; YOURS, with the booking in
        `missing`, while they hold a time that waits for other money. HOLD_OVER; NO_CREDIT where the held session
        would start after its end.
        """

        def work(tx: Tx) -> int | Refusal:
            package = packages.find(tx, package_id)
            if package is None or package.state is PackageState.ARCHIVED:
                return NOT_FOUND
            if package.version != version:
                return Refusal(Code.CHANGED)
            hold = None if booking_id is None else _hold(tx, act, booking_id, package)
            if isinstance(hold, Refusal):
                return hold
            line = line_of(tx, package, self._deployment, act.now)
            if isinstance(line, Refusal):
                return line
            order = orders_tx.open_order(tx, self._react, act.person.id, [line], act.cause, hold=hold)
            if isinstance(order, Refusal):
                return order
            if hold is not None:  # from now on the messages of the order say until when it is to be paid
                outbox.cancel(tx, subject=hold.subject, kinds=HOLDS, note="package")
            note(tx, act, "package.asked", order.subject, after=_facts(order, package))
            return order.id

        return await once(self._storage, act, work)


def _hold(tx: Tx, act: Act, booking_id: int, package: Package) -> Booking | Refusal:
    coach_id = bookings.coach_of(tx, Subject("booking", booking_id))
    if coach_id is not None:
        tx.lock_coach(coach_id)
    booking = bookings.find(tx, booking_id)
    if booking is None or booking.person_id != act.person.id or booking.offer_id not in package.offer_ids:
        return NOT_FOUND
    ends = expires_at(package, act.now, catalogue.snapshot(tx).practice.zone or "UTC")
    if ends is not None and booking.starts >= ends:
        return Refusal(Code.NO_CREDIT, reason=NoCredit.EXPIRES.value, at=ends)
    return booking if booking.is_held(act.now) else Refusal(Code.HOLD_OVER)


def _facts(order: Order, package: Package) -> dict[str, object]:
    return {"package": package.id, "price": order.amount.amount, "currency": order.amount.currency}


def line_of(tx: Tx, package: Package, deployment: Deployment, now: datetime) -> OrderLine | Refusal:
    """All that is sold, as it is today."""
    seen = catalogue.snapshot(tx)
    if package.state is not PackageState.ACTIVE or offered.obstacle(seen, package, deployment, now) is not None:
        return Refusal(Code.OFFER_CLOSED)
    single = cheapest(covered_by(package, seen.standing), package.price.currency)
    subject, terms = Subject("package", package.id), as_sold(package, single)
    return OrderLine(LineKind.PACKAGE, package.price, subject, package.name, terms=terms)


def grant_packages(tx: Tx, change: OrderChange) -> None:
    """A paid order gives who paid it the credits of each package in it, as that was told before."""
    if not isinstance(change, OrderPaid):
        return
    for line in change.order.of_kind(LineKind.PACKAGE):
        package_id = None if line.subject is None else line.subject.number("package")
        if package_id is not None and line.terms is not None:
            package, single = sold(package_id, line.name or "", line.amount, line.terms)
            zone = catalogue.snapshot(tx).practice.zone or "UTC"
            grant = NewGrant(
                person_id=change.order.person_id,
                name=package.name,
                sessions=package.sessions,
                price=package.price,
                single_price=single,
                offer_ids=package.offer_ids,
                expires_at=expires_at(package, change.cause.now, zone),
                weekly_cap=package.weekly_cap,
                order_id=change.order.id,
                package_id=package_id,
            )
            ledger.give(tx, grant, Cause(change.order.person_id, change.cause.via, change.cause.now))
