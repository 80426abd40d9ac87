"""Which settings of an offer contradict one another, and who can book it."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.domain.calendar.schedule import Schedule
from bot.domain.payments.money import MAX_AMOUNT, Money
from bot.domain.practice.offer_settings import DAY_MIN, SETTINGS, Contradiction, Limits, OfferNumbers, Unit
from bot.domain.practice.offers import Offer, OfferState, Place
from bot.domain.refusals import Code, Refusal

NAME_LENGTH = 60
DESCRIPTION_LENGTH = 300


@dataclass(frozen=True)
class OfferDraft(OfferNumbers):
    """A new offer. `place` None: each coach's own. `coach_ids` None: every coach of today."""

    name: str
    price: Money
    place: Place | None = None
    coach_ids: tuple[int, ...] | None = None


def offer_of(draft: OfferDraft, coach_ids: Iterable[int]) -> Offer:
    """The draft as an offer that is not open yet; it has no id before it is kept."""
    return Offer(
        id=0,
        name=draft.name,
        state=OfferState.DRAFT,
        price=draft.price,
        place=draft.place,
        coach_ids=tuple(coach_ids),
        **{name: getattr(draft, name) for name in SETTINGS},
    )


def contradiction(offer: Offer, currency: str | None, schedules: Iterable[Schedule]) -> Contradiction | None:
    """The first reason why the offer cannot be kept like this.

    `currency` is the practice's. `schedules` are those of its coaches; one without any hours says nothing yet.
    Buffers may lie outside of the hours, so only the session itself must fit.
    """
    checks = (
        (Contradiction.NAME, not 0 < len(offer.name.strip()) <= NAME_LENGTH),
        *((limits.otherwise, not _allows(limits, getattr(offer, name))) for name, limits in SETTINGS.items()),
        (Contradiction.DESCRIPTION, len(offer.description or "") > DESCRIPTION_LENGTH),
        (Contradiction.PRICE, not 0 <= offer.price.amount <= MAX_AMOUNT or offer.price.currency != currency),
        (Contradiction.FEE, any(not _is_fee(fee, currency) for fee in offer.fees.each)),
        (Contradiction.FEE_OVER_PRICE, any(_is_over(fee, offer.price) for fee in offer.fees.each)),
        (Contradiction.CAPS, (offer.weekly_cap or 0) < (offer.daily_cap or 0) and offer.weekly_cap is not None),
        *(
            (limits.beyond, getattr(offer, name) >= offer.horizon_days * DAY_MIN)
            for name, limits in SETTINGS.items()
            if limits.beyond is not None
        ),
        (Contradiction.LONGER_THAN_HOURS, _too_long(offer.length_min, schedules)),
    )
    return next((reason for reason, broken in checks if broken), None)


def closed_to(offer: Offer, booked: AbstractSet[int]) -> Refusal | None:
    """Why somebody cannot book it, by the ids of the offers of which they have, or had, a confirmed session.

    What was cancelled, or held and never paid, makes nobody a client.
    """
    if offer.new_clients_only and booked:
        return Refusal(Code.NEW_CLIENTS_ONLY)
    if offer.once_per_client and offer.id in booked:
        return Refusal(Code.ONCE_PER_CLIENT)
    return None


def _allows(limits: Limits, value: int | None) -> bool:
    return limits.unit is Unit.SESSIONS if value is None else value in limits.allowed


def _is_fee(fee: Money, currency: str | None) -> bool:
    return 0 < fee.amount <= MAX_AMOUNT and fee.currency == currency


def _is_over(fee: Money, price: Money) -> bool:
    return bool(price) and fee.currency == price.currency and fee.amount > price.amount


def _too_long(length_min: int, schedules: Iterable[Schedule]) -> bool:
    spans = [span for schedule in schedules for day in (*schedule.weekly, *schedule.days.values()) for span in day]
    return bool(spans) and all(end - start < length_min for start, end in spans)
