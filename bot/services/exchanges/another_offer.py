"""A client moves a session to another offer, with the same coach: the difference is paid first, or goes back.

Until it is paid the new time is kept beside the old one, which stays as it is; whoever does not pay loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.acts import Act
from bot.domain.bookings import switch
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, CancelOutcome
from bot.domain.bookings.switch import Switch
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LIFE, LineKind, OrderChange, OrderClosed, OrderLine
from bot.domain.payments.provider import ChargeLimits, ProviderTerms
from bot.domain.people.people import Person
from bot.domain.practice.offers import Offer
from bot.domain.pricing.discounts import PriceDifference
from bot.domain.pricing.rounding import tax_of_part
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes, switch_tx
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, sales
from storage.bookings import bookings, taxed
from storage.engine import Storage, Tx
from storage.journal.unreadable import each_alone
from storage.payments import orders, paid_for

GRACE, PART = timedelta(minutes=2), 50
MOVED_CHEAPER = "move"
"""The reason of what goes back since a session moved to an offer that costs less."""


@dataclass(frozen=True)
class SwitchQuote:
    """A move before it is made; `cancel_then` is what cancelling it would come to at once."""

    switch: Switch
    cancel_then: CancelOutcome


class OfferMoves:
    """`provider`: which amounts can be charged; None while nobody charges anything."""

    def __init__(self, storage: Storage, react: Reaction, provider: ProviderTerms | None) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider

    async def choices(
        self, booking: Booking, offers: Sequence[Offer], now: datetime
    ) -> list[tuple[Offer, PriceDifference | None]]:
        """Of these offers those that it could move to, each with what it costs more or less."""
        limits = self._limits(booking)

        def work(tx: Tx) -> list[tuple[Offer, PriceDifference | None]]:
            those = [each for each in offers if switch_tx.can_be(tx, booking, each, now)]
            found = [(each, switch_tx.difference_of(booking, each, limits)) for each in those]
            return [(offer, costs) for offer, costs in found if self._can_be_settled(costs)]

        return await self._storage.read(work)

    async def quote(
        self, person: Person, booking_id: int, offer_id: int, at: datetime, now: datetime
    ) -> SwitchQuote | Refusal:
        """As its client: see `switch_tx.look`."""

        def work(tx: Tx) -> SwitchQuote | Refusal:
            booking = bookings.find(tx, booking_id)
            if booking is None or booking.person_id != person.id:
                return Refusal(Code.NOT_FOUND)
            found = self._look(tx, booking, offer_id, at, now)
            if isinstance(found, Refusal):
                return found
            return SwitchQuote(found, booking_changes.outcome_of(found.after, Actor.CLIENT, now))

        return await self._storage.read(work)

    async def move(
        self, act: Act, booking_id: int, offer_id: int, at: datetime, stated: Sequence[object]
    ) -> Done | Refusal:
        """As its client. Where nothing is to be paid it moves at once, and `{id}` is the booking; else `{id}` is the
        order for the difference, and the new time is kept until that is paid.

        `stated` are `Switch.facts`: CHANGED when it comes to something else by now. YOURS, with the booking in
        `missing`, while they hold a time that waits for other money.
        """

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find_locked(tx, booking_id)
            if booking is None or booking.person_id != act.person.id:
                return Refusal(Code.NOT_FOUND)
            found = self._look(tx, booking, offer_id, at, act.now, lock=True)
            if isinstance(found, Refusal):
                return found
            if found.facts != tuple(stated):
                return Refusal(Code.CHANGED)
            return self._ask(tx, act, found) if found.pay else self._move(tx, act, found)

        return await once(self._storage, act, work)

    def _look(
        self, tx: Tx, booking: Booking, offer_id: int, at: datetime, now: datetime, *, lock: bool = False
    ) -> Switch | Refusal:
        found = switch_tx.look(tx, booking, offer_id, at, now, self._limits(booking), lock=lock)
        if isinstance(found, Switch) and not self._can_be_settled(found.difference):
            return Refusal(Code.OFFER_CLOSED)
        return found

    def _move(self, tx: Tx, act: Act, found: Switch) -> int:
        switch_tx.apply(tx, self._react, found, act.cause)
        if found.back:
            paid_for.give_back(tx, found.before.subject, found.back, MOVED_CHEAPER, act.now)
            facts = {"refund": found.back.amount, "currency": found.back.currency}
            note(tx, act, "refund.intended", found.before.subject, {"paid": found.before.paid.amount}, facts)
            _less_tax(tx, found.before, found.after, found.back)
        return found.before.id

    def _ask(self, tx: Tx, act: Act, found: Switch) -> int | Refusal:
        assert found.pay is not None
        held = switch_tx.keep_time(tx, self._react, found, act.now)
        name, terms = found.after.terms.offer_name, switch.as_told(found, held)
        line = OrderLine(LineKind.MOVE, found.pay, found.before.subject, name, terms=terms)
        order = orders_tx.open_order(tx, self._react, act.person.id, [line], act.cause)
        if isinstance(order, Refusal):
            return order
        after = {"offer": found.after.offer_id, "price": found.pay.amount, "currency": found.pay.currency}
        note(tx, act, "move.asked", order.subject, after=after)
        return order.id

    def _limits(self, booking: Booking) -> ChargeLimits | None:
        return None if self._provider is None else self._provider.limits(booking.terms.price.currency)

    def _can_be_settled(self, costs: PriceDifference | None) -> bool:
        """Without a provider nothing can be charged, or go back."""
        return self._provider is not None or costs is None or not (costs.effect.pay or costs.effect.back)


def _less_tax(tx: Tx, before: Booking, after: Booking, back: Money) -> None:
    """The tax in what goes back is no tax of the session any more."""
    kept = taxed.of(tx, before.id)
    if kept is None:
        return
    less = before.tax_on_top - after.tax_on_top
    if not before.tax_on_top:
        tax = Money(kept.amount, back.currency)
        less = tax_of_part(tax, before.charged, before.charged - before.paid, back).amount
    taxed.keep(tx, before.id, replace(kept, amount=kept.amount - less))


async def end_over(storage: Storage, react: Reaction, now: datetime) -> int:
    """End the orders that nobody paid in time, also those that no page was made for, and let go what is kept for no
    order that can be read; how many of both. A page that is still there is closed, and its time is free once the
    provider had two minutes to say that it was paid."""
    cause = Cause(None, "worker", now)

    def end(tx: Tx, order_id: int) -> bool:
        if not sales.lock(tx, Subject("order", order_id)):
            return False
        closed = orders_tx.give_up(tx, order_id, cause)
        if closed is not None:
            react(tx, closed)
        return closed is not None

    def work(tx: Tx) -> int:
        over = orders.moves_over(tx, now - LIFE - GRACE, PART)
        return sum(bool(each_alone(tx, partial(end, tx, each))) for each in over)

    ended = await storage.write(work)
    return ended + await storage.write(lambda tx: switch_tx.let_left_go(tx, now - GRACE, PART))


def let_time_go(tx: Tx, change: OrderChange) -> None:
    """Nobody pays the difference any more: the new time is free again."""
    move = change.order.move
    if isinstance(change, OrderClosed) and move is not None and move.terms is not None:
        switch_tx.let_time_go(tx, switch.held_by(move.terms))
