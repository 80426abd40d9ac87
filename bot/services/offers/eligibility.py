"""Whether somebody can book an offer that is limited to new clients, or to one booking for each."""

from bot.domain.practice.offer_rules import closed_to
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Refusal
from storage.bookings import clients
from storage.engine import Tx
from storage.people import people


def refusal(tx: Tx, offer: Offer, person_id: int) -> Refusal | None:
    """ONCE_PER_CLIENT, NEW_CLIENTS_ONLY. Asks nothing for an offer that anybody can book."""
    return closed_to(offer, clients.offers_booked(tx, person_id)) if offer.limited else None


def refusal_alone(tx: Tx, offer: Offer, person_id: int, *, but: int | None = None) -> Refusal | None:
    """As `refusal`, as if the booking `but` did not exist. Until the transaction ends nothing else is booked for this
    person; the coach's lock is taken before.
    """
    if not offer.limited:
        return None
    people.lock(tx, person_id)
    return closed_to(offer, clients.offers_booked(tx, person_id, but=but))
