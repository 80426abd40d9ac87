"""Gives a client a session for what they paid, in place of the money, which stays where it is: no tax moves, either.

A coach or an owner does so by hand, with words that the client reads.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.local_dates import day_of, end_of_day, months_after
from bot.domain.payments.giving_back import Returnable
from bot.domain.payments.money import Money
from bot.domain.payments.payments import AS_CREDIT, Payment, Refund, with_words
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.pricing.rounding import split
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits import ledger
from bot.services.credits.ledger import NewGrant
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.payments.refunds.giving_back import may_give_back, parts_of, returnable, tell_given
from storage.bookings import bookings, changing, messages
from storage.engine import Storage, Tx
from storage.payments import as_credit, paid_for
from storage.practice import catalogue, offers

MONTHS = 12


@dataclass(frozen=True)
class Instead:
    """`sessions` of `offer_name` in place of `amount`; they must start before `until`. `version`: of the booking, or
    of all of them together."""

    amount: Money
    offer_name: str
    until: datetime
    version: int
    sessions: int = 1

    @property
    def facts(self) -> tuple[object, ...]:
        """What the button that gives it must state."""
        return (self.version, self.amount.amount, int(self.until.timestamp()), self.sessions)


class AsCredit:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def look(self, booking: Booking, now: datetime) -> Instead | Refusal:
        """What the client would have. UNRETURNABLE with `reason`, OFFER_CLOSED where the offer is gone."""

        def work(tx: Tx) -> Instead | Refusal:
            offer = offers.find(tx, booking.offer_id)
            return _instead(tx, booking, returnable(tx, booking, paid_for.every(tx, booking.subject)), offer, now)

        return await self._storage.read(work)

    async def give(self, act: Act, booking_id: int, told: Instead, text: str) -> Done | Refusal:
        """Give it as the page stated. `{id}` is the booking. As `look`; CHANGED when it is something else by now."""

        def work(tx: Tx) -> int | Refusal:
            paid = paid_for.lock(tx, Subject("booking", booking_id))
            booking = bookings.find(tx, booking_id)
            if booking is None or not may_give_back(act.person, booking, act.now):
                return NOT_FOUND
            offer = offers.find(tx, booking.offer_id)
            found = _instead(tx, booking, returnable(tx, booking, paid), offer, act.now)
            if isinstance(found, Refusal):
                return found
            if found != told:
                return Refusal(Code.CHANGED)
            changing.touch(tx, booking)
            message_id = messages.insert(
                tx,
                booking_id=booking.id,
                from_person_id=act.person.id,
                to_person_id=booking.person_id,
                text=text,
                now=act.now,
            )
            parts = parts_of(tx, paid, found.amount)
            made = [_keep(tx, booking, *part, with_words(AS_CREDIT, message_id), act.now) for part in parts]
            grant = ledger.give(tx, grant_of(booking, found, parts[0][0].order_id), act.cause, text)
            as_credit.stand_for(tx, made, grant.id)
            left = booking.paid
            for refund in made:
                left = left - refund.amount
                facts = {"paid": left.amount, "grant": grant.id}
                tell_given(tx, act, booking, refund, "refund.as_credit", facts, tells=refund is made[-1])
            return booking.id

        return await once(self._storage, act, work)


def _instead(tx: Tx, booking: Booking, money: Returnable, offer: Offer | None, now: datetime) -> Instead | Refusal:
    why = money.why_not()
    if why is not None:
        return Refusal(Code.UNRETURNABLE, why)
    if offer is None or offer.state is OfferState.ARCHIVED or not offer.price:
        return Refusal(Code.OFFER_CLOSED)
    return Instead(money.left, offer.name, valid_until(tx, now), booking.version)


def valid_until(tx: Tx, now: datetime) -> datetime:
    """On the practice's calendar."""
    zone = catalogue.snapshot(tx).practice.zone or "UTC"
    return end_of_day(months_after(day_of(now, zone), MONTHS), zone)


def _keep(tx: Tx, booking: Booking, payment: Payment, part: Money, reason: str, now: datetime) -> Refund:
    return as_credit.instead(tx, payment, part, reason, now, booking.subject)


def grant_of(booking: Booking, instead: Instead, order_id: int | None) -> NewGrant:
    """Of the order whose money it stands for."""
    return NewGrant(
        person_id=booking.person_id,
        name=instead.offer_name,
        sessions=instead.sessions,
        price=instead.amount,
        single_price=max(booking.terms.price, split(instead.amount, instead.sessions)[0]),
        offer_ids=[booking.offer_id],
        expires_at=instead.until,
        order_id=order_id,
    )
