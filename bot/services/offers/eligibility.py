"""Whether somebody can book an offer: some are limited to new clients or to one booking for each, and nobody can have
more than a number of sessions ahead."""

from datetime import datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.practice.client_limits import full
from bot.domain.practice.offer_rules import closed_to
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Refusal
from storage.bookings import clients, standing
from storage.engine import Tx
from storage.people import people
from storage.practice import practice


def refusal(tx: Tx, offer: Offer, person_id: int, now: datetime, more: int = 1) -> Refusal | None:
    """ONCE_PER_CLIENT, NEW_CLIENTS_ONLY, LIMIT. `more`: how many are planned at once."""
    closed = closed_to(offer, clients.offers_booked(tx, person_id)) if offer.limited else None
    return closed or full(offer, standing.coming(tx, person_id, now), practice.get(tx).limits, more)


def refusal_but(tx: Tx, offer: Offer, booking: Booking, now: datetime) -> Refusal | None:
    """As `refusal`, for its client, as if this booking did not exist. With the others of its plan it counts as one."""
    closed = closed_to(offer, clients.offers_booked(tx, booking.person_id, but=booking.id)) if offer.limited else None
    return closed or _full_but(tx, offer, booking, now)


def refusal_alone(tx: Tx, offer: Offer, booking: Booking, now: datetime, *, again: bool = False) -> Refusal | None:
    """As `refusal_but`. Until the transaction ends nothing else is booked for this client; the coach's lock is taken
    before. `again`: it was let go and comes back, perhaps with others of its plan.
    """
    tx.lock_client(booking.person_id)
    plan_id = booking.plan_id or 0 if again else 0
    closed = closed_alone(tx, offer, booking.person_id, but=booking.id, plan_id=plan_id)
    return closed or _full_but(tx, offer, booking, now)


def _full_but(tx: Tx, offer: Offer, booking: Booking, now: datetime) -> Refusal | None:
    there = standing.coming(tx, booking.person_id, now, but=booking.id, plan_id=booking.plan_id)
    return full(offer, there, practice.get(tx).limits)


def closed_alone(tx: Tx, offer: Offer, person_id: int, *, but: int = 0, plan_id: int = 0) -> Refusal | None:
    """ONCE_PER_CLIENT, NEW_CLIENTS_ONLY, under the client's lock. A process of the version before, which knows no such
    lock, is kept waiting by that of the row. Asks nothing for an offer that anybody can book. `but` and `plan_id`: see
    `clients.offers_booked`.
    """
    if not offer.limited:
        return None
    people.lock(tx, person_id)
    return closed_to(offer, clients.offers_booked(tx, person_id, but=but, plan_id=plan_id))
