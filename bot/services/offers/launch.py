"""Opens the practice the moment it can be booked for the first time."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.provider import ProviderTerms, uncharged
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offer_rules import contradiction
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Deployment
from bot.domain.refusals import Code, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from storage.engine import Tx
from storage.notices import outbox
from storage.people import people
from storage.practice import coaches, offers, practice


def is_bookable(team: Iterable[Coach], its_offers: Iterable[Offer]) -> bool:
    """Whether some open offer is done by an active coach with hours, at a place."""
    working = [coach for coach in team if coach.schedule.has_hours()]
    return any(coach.can_do(offer) for offer in its_offers if offer.state is OfferState.OPEN for coach in working)


def broken(tx: Tx, offer: Offer, team: Iterable[Coach], provider: ProviderTerms | None) -> Refusal | None:
    """Why the offer, which this `team` does, cannot be kept as it is, open or not."""
    reason = contradiction(offer, practice.get(tx).currency, [coach.schedule for coach in team])
    if reason is not None:
        return Refusal(Code.CONTRADICTION, reason)
    for amount, which in ((offer.price, Contradiction.CHARGE), *((fee, Contradiction.FEE) for fee in offer.fees.each)):
        charge = uncharged(amount, provider)
        if charge is not None:
            return Refusal(Code.CONTRADICTION, which, charge=charge)
    return None


def obstacle(tx: Tx, offer: Offer, deployment: Deployment) -> Refusal | None:
    """Why the offer cannot be open as it is; None when it can. Hours are not asked for."""
    team = coaches.find_many(tx, offer.coach_ids)
    if refused := broken(tx, offer, team, deployment.provider):
        return refused
    if not any(coach.state is not CoachState.REMOVED for coach in team):
        return Refusal(Code.CONTRADICTION, Contradiction.NO_COACH)
    if offer.place is None and not any(coach.place for coach in team):
        return Refusal(Code.NO_PLACE)
    if offer.price and not deployment.payments_on:
        return Refusal(Code.PAYMENTS_OFF)
    return None


def open_if_ready(tx: Tx, act: Act, deployment: Deployment) -> bool:
    """Open the practice if it was not and can be; True when this act did it.

    Until then every draft opens by itself as soon as it can, since the answers of `/setup` come in any order.
    Whoever wrote before and was told to wait is told now.
    """
    # Held until the end: of two acts that each bring half of what is needed, the second sees both halves.
    if practice.lock(tx).opened_at is not None:
        return False
    for draft in offers.everything(tx):
        if draft.state is OfferState.DRAFT and obstacle(tx, draft, deployment) is None:
            offers.save(tx, replace(draft, state=OfferState.OPEN))
            note(tx, act, "offer.opened", Subject("offer", draft.id))
    if not is_bookable(coaches.active(tx), offers.open_for(tx)) or not practice.open_at(tx, act.now):
        return False
    note(tx, act, "practice.opened", Subject("practice"))
    for person_id in people.those_who_wait(tx):
        address = address_of(NoticeKind.OPENED)
        outbox.put(tx, Notice(f"opened:{person_id}", person_id, NoticeKind.OPENED, address, act.now), act.now)
    return True
