"""What the practice sells: kept only when its settings can stand together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.acts import Act
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.offer_rules import OfferDraft, closed_to, offer_of
from bot.domain.practice.offer_settings import SETTINGS, Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Deployment, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.offers import eligibility, launch
from storage.bookings import clients, of_offer
from storage.credits import unused
from storage.engine import Storage, Tx
from storage.practice import catalogue, coaches, offers, practice

CHANGEABLE = frozenset({"name", "description", "price", "place", "late_cancel_fee", "no_show_fee", *SETTINGS})


@dataclass(frozen=True)
class Standing:
    """What stays as it is when an offer changes: sessions ahead, times that are held now, and credits that cover it."""

    ahead: int
    held: int
    credits: int


class Offers:
    """Bookings are never touched: they keep the terms that they were made under.

    `generation` is that of the catalogue, where the turn knows it: see `catalogue.current`.
    """

    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._deployment = deployment

    async def open_for(self, coach_id: int | None = None, generation: int | None = None) -> list[Offer]:
        """What clients can book with this coach, or with any: open, and done by an active coach at a place."""
        return (await catalogue.current(self._storage, generation)).open_for(coach_id)

    async def open_to(self, person_id: int, coach_id: int | None = None, generation: int | None = None) -> list[Offer]:
        """As `open_for`, without what this client can never book again. What they can book once they have fewer
        sessions ahead stays: its page says so.
        """
        found = await self.open_for(coach_id, generation)
        if not any(offer.limited for offer in found):
            return found
        booked = await self._storage.read_one(lambda tx: clients.offers_booked(tx, person_id))
        return [offer for offer in found if closed_to(offer, booked) is None]

    async def closed_to(self, person_id: int, offer: Offer, now: datetime) -> Refusal | None:
        """Why this client cannot book the offer now: ONCE_PER_CLIENT, NEW_CLIENTS_ONLY, LIMIT."""
        return await self._storage.read(lambda tx: eligibility.refusal(tx, offer, person_id, now))

    async def all(self, generation: int | None = None) -> list[Offer]:
        """Drafts, open and paused ones, in the owner's order."""
        return (await catalogue.current(self._storage, generation)).standing

    async def find(self, offer_id: int, generation: int | None = None) -> Offer | None:
        """The offer in any state; None when there is none."""
        return (await catalogue.current(self._storage, generation)).the_offer(offer_id)

    async def standing(self, offer_id: int, now: datetime) -> Standing:
        """What a change of its price or its rules would leave alone."""

        def work(tx: Tx) -> Standing:
            return Standing(*of_offer.ahead(tx, offer_id, now), unused.of_offer(tx, offer_id))

        return await self._storage.read(work)

    async def create(self, act: Act, draft: OfferDraft) -> Done | Refusal:
        """Keep a draft. `{id}` is the offer. It opens by itself as long as the practice is not open yet.

        CONTRADICTION with `reason`, a `Contradiction`, and with `charge` where the price can never be charged.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.KEEP_OFFERS):
                return NOT_FOUND
            everyone = [coach.id for coach in coaches.everyone(tx)]
            wanted = everyone if draft.coach_ids is None else [each for each in everyone if each in draft.coach_ids]
            offer = offer_of(draft, wanted)
            if broken := self._broken(tx, offer):
                return broken
            offer_id = offers.create(tx, offer, act.now)
            note(tx, act, "offer.created", Subject("offer", offer_id), after=_facts(offer))
            practice.answered(tx, Question.OFFER)
            if draft.place is not None:
                practice.answered(tx, Question.PLACE)
            launch.open_if_ready(tx, act, self._deployment)
            return offer_id

        return await once(self._storage, act, work)

    async def change(self, act: Act, offer_id: int, version: int, **fields: Any) -> Done | Refusal:
        """Set some of the fields named in CHANGEABLE. `{id}` is the offer.

        CHANGED when it has another version by now, CONTRADICTION with `reason`; of an open offer also NO_PLACE
        and PAYMENTS_OFF, when it could not stay open. TypeError for another field: a mistake of ours.
        """
        if unknown := set(fields) - CHANGEABLE:
            raise TypeError(f"an offer has no {', '.join(sorted(unknown))} to change")

        def changed(tx: Tx, before: Offer) -> Offer | Refusal:
            after = replace(before, **fields)
            if after.fees and after.fees != before.fees and not self._deployment.payments_on:
                return Refusal(Code.PAYMENTS_OFF)
            if before.state is OfferState.OPEN:
                return launch.obstacle(tx, after, self._deployment) or after
            return self._broken(tx, after) or after

        return await self._save(act, offer_id, version, "offer.changed", changed)

    async def open(self, act: Act, offer_id: int, version: int) -> Done | Refusal:
        """Let clients book it. PAYMENTS_OFF, NO_PLACE, CONTRADICTION with `reason`."""

        def opened(tx: Tx, before: Offer) -> Offer | Refusal:
            refused = launch.obstacle(tx, before, self._deployment)
            return refused or replace(before, state=OfferState.OPEN)

        return await self._save(act, offer_id, version, "offer.opened", opened)

    async def pause(self, act: Act, offer_id: int, version: int) -> Done | Refusal:
        """Take no new bookings until it is opened again."""
        return await self._save(
            act, offer_id, version, "offer.paused", lambda _tx, before: replace(before, state=OfferState.PAUSED)
        )

    async def archive(self, act: Act, offer_id: int, version: int) -> Done | Refusal:
        """Take no new bookings and leave the list, for good."""
        return await self._save(
            act, offer_id, version, "offer.archived", lambda _tx, before: replace(before, state=OfferState.ARCHIVED)
        )

    async def set_coaches(self, act: Act, offer_id: int, coach_ids: Sequence[int]) -> Done | Refusal:
        """Exactly these coaches do it. NOT_FOUND for somebody else's id; an open offer needs one (NO_COACH)."""

        def work(tx: Tx) -> int | Refusal:
            before = offers.find(tx, offer_id)
            known = {coach.id for coach in coaches.everyone(tx)}
            if not may(act.person, Permission.KEEP_OFFERS) or before is None or not set(coach_ids) <= known:
                return NOT_FOUND
            if before.state is OfferState.OPEN and not coach_ids:
                return Refusal(Code.CONTRADICTION, Contradiction.NO_COACH)
            offers.set_coaches(tx, offer_id, coach_ids)
            was, after = list(before.coach_ids), sorted(set(coach_ids))
            note(tx, act, "offer.coaches", Subject("offer", offer_id), {"coaches": was}, {"coaches": after})
            launch.open_if_ready(tx, act, self._deployment)
            return offer_id

        return await once(self._storage, act, work)

    async def _save(
        self, act: Act, offer_id: int, version: int, what: str, change: Callable[[Tx, Offer], Offer | Refusal]
    ) -> Done | Refusal:
        def work(tx: Tx) -> int | Refusal:
            before = offers.find(tx, offer_id)
            if not may(act.person, Permission.KEEP_OFFERS) or before is None or before.state is OfferState.ARCHIVED:
                return NOT_FOUND
            if before.version != version:
                return Refusal(Code.CHANGED)
            after = change(tx, before)
            if isinstance(after, Refusal):
                return after
            if not offers.save(tx, after):
                return Refusal(Code.CHANGED)
            note(tx, act, what, Subject("offer", offer_id), _facts(before), _facts(after))
            if after.place is not None:
                practice.answered(tx, Question.PLACE)
            launch.open_if_ready(tx, act, self._deployment)
            return offer_id

        return await once(self._storage, act, work)

    def _broken(self, tx: Tx, offer: Offer) -> Refusal | None:
        return launch.broken(tx, offer, coaches.find_many(tx, offer.coach_ids), self._deployment.provider)


def _facts(offer: Offer) -> dict[str, object]:
    """What the audit keeps of an offer: everything but the details of its place, which may be somebody's number."""
    numbers = {name: getattr(offer, name) for name in SETTINGS}
    place = None if offer.place is None else offer.place.kind.value
    state = offer.state.value
    late, missed = (None if fee is None else fee.amount for fee in (offer.late_cancel_fee, offer.no_show_fee))
    return {
        "state": state, "price": offer.price.amount, "currency": offer.price.currency, "place": place,
        "late_cancel_fee": late, "no_show_fee": missed, **numbers,
    }  # fmt: skip
