"""Whether somebody can book an offer: some are limited to new clients or to one booking for each, and nobody can have
more than a number of sessions ahead."""

from datetime import datetime

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


def refusal_but(tx: Tx, offer: Offer, person_id: int, now: datetime, *, but: int) -> Refusal | None:
    """As `refusal`, as if the booking `but` did not exist."""
    closed = closed_to(offer, clients.offers_booked(tx, person_id, but=but)) if offer.limited else None
    return closed or full(offer, standing.coming(tx, person_id, now, but=but), practice.get(tx).limits)


def refusal_alone(tx: Tx, offer: Offer, person_id: int, now: datetime, *, but: int) -> Refusal | None:
    """As `refusal`, as if the booking `but` did not exist. Until the transaction ends nothing else is booked for this
    person; the coach's lock is taken before.
    """
    tx.lock_client(person_id)
    closed = closed_alone(tx, offer, person_id, but=but)
    return closed or full(offer, standing.coming(tx, person_id, now, but=but), practice.get(tx).limits)


def closed_alone(tx: Tx, offer: Offer, person_id: int, *, but: int | None = None) -> Refusal | None:
    """ONCE_PER_CLIENT, NEW_CLIENTS_ONLY, under the client's lock. A process of the version before, which knows no such
    lock, is kept waiting by that of the row. Asks nothing for an offer that anybody can book.
    """
    if not offer.limited:
        return None
    people.lock(tx, person_id)
    return closed_to(offer, clients.offers_booked(tx, person_id, but=but))
