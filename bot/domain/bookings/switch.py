"""A session that becomes one of another offer: what it is then, what that costs or gives back, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.bookings.bookings import Booking, Terms, moved
from bot.domain.bookings.cover import Cover
from bot.domain.bookings.policy import MoveOutcome, Policy
from bot.domain.payments.money import Money
from bot.domain.pricing.discounts import PriceDifference


@dataclass(frozen=True)
class Switch:
    """`before` is the booking as it is, `after` as the move leaves it. `difference` is None on a credit, which costs
    and gives back nothing."""

    before: Booking
    after: Booking
    move: MoveOutcome
    difference: PriceDifference | None = None

    @property
    def pay(self) -> Money | None:
        """What is paid before it moves."""
        return None if self.difference is None else self.difference.effect.pay

    @property
    def back(self) -> Money | None:
        """What goes back as it moves."""
        back = None if self.difference is None else self.difference.effect.back
        return back or None

    @property
    def waived(self) -> Money | None:
        return self.difference.waived or None if self.difference is not None else None

    @property
    def facts(self) -> tuple[object, ...]:
        """What the button must state."""
        terms, policy = self.after.terms, self.after.terms.policy
        money = [each.amount if each else 0 for each in (self.pay, self.back, self.waived)]
        return (
            self.before.version, self.move.left, self.move.free_until is None, self.move.cancel_late,
            terms.length_min, terms.price.amount, terms.price.currency, terms.place.kind.value,
            policy.cancel_cutoff_min, policy.move_cutoff_min, policy.max_moves, *money,
        )  # fmt: skip


def switched(booking: Booking, offer_id: int, terms: Terms, starts: datetime, outcome: MoveOutcome) -> Booking:
    """The booking as a move to this offer leaves it, with the tax that came on top so far. It keeps how often, and how
    late, it was moved."""
    cover = booking.cover
    if cover is not Cover.CREDIT:
        cover = Cover.ORDER if terms.price or booking.order_id is not None else Cover.FREE
    paid = booking.paid if cover is Cover.CREDIT else terms.price + Money(booking.tax_on_top, terms.price.currency)
    return replace(moved(booking, starts, outcome), offer_id=offer_id, terms=terms, cover=cover, paid=paid)


def with_less_tax(after: Booking, before: Booking, back: Money | None) -> Booking:
    """As a move leaves it for which nothing is paid: what is left of the money beyond the new price is tax."""
    paid = before.paid if back is None else before.paid - back
    return replace(after, paid=paid, tax_on_top=(paid - after.terms.price).amount)


def agreed(price: Money, difference: PriceDifference | None) -> Money:
    """What the session costs then: what is too little to be charged is no part of it."""
    return price if difference is None else price - difference.waived


def as_told(switch: Switch, held: Sequence[int]) -> dict[str, object]:
    """All that is agreed, to be kept with the order for the difference. `held`: ids of sessions that keep the time
    until that is paid. The place is that of the day on which it moves: it may be somebody's number."""
    after, policy = switch.after, switch.after.terms.policy
    return {
        "version": switch.before.version,
        "offer": after.offer_id,
        "starts": int(after.starts.timestamp()),
        "length": after.terms.length_min,
        "price": after.terms.price.amount,
        "cancel": policy.cancel_cutoff_min,
        "move": policy.move_cutoff_min,
        "moves": policy.max_moves,
        "counts": switch.move.free_until is not None,
        "late": switch.move.cancel_late,
        "held": list(held),
    }


_NUMBERS = ("version", "offer", "starts", "length", "price", "cancel", "move", "moves")


def is_whole(kept: Mapping[str, Any]) -> bool:
    """Whether all that `as_told` writes is there."""
    held = kept.get("held")
    numbers = [kept.get(name) for name in _NUMBERS] + (held if isinstance(held, list) else [None])
    return all(type(each) is int for each in numbers) and {"counts", "late"} <= kept.keys()


def starts_of(kept: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(kept["starts"], UTC)


def held_by(kept: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(kept["held"])


def promised(booking: Booking, name: str, kept: Mapping[str, Any]) -> Switch:
    """The move as it was told before the difference was paid."""
    policy = Policy(kept["cancel"], kept["move"], kept["moves"])
    terms = Terms(name, kept["length"], Money(kept["price"], booking.terms.price.currency), booking.terms.place, policy)
    outcome = MoveOutcome(None, 0 if kept["counts"] else None, 0, cancel_late=kept["late"])
    after = switched(booking, kept["offer"], terms, starts_of(kept), outcome)
    return Switch(booking, replace(after, cover=Cover.ORDER), outcome)


def is_as_told(booking: Booking | None, kept: Mapping[str, Any], now: datetime) -> bool:
    """Whether the session still stands as it did when the move was told, with its coach, and has not begun."""
    if booking is None or booking.coach_gone:
        return False
    return booking.version == kept["version"] and now < min(booking.starts, starts_of(kept))


def outside(old: tuple[datetime, datetime], new: tuple[datetime, datetime]) -> list[tuple[datetime, datetime]]:
    """The parts of the new time that the old one does not keep for the session anyway."""
    if new[1] <= old[0] or old[1] <= new[0]:
        return [new]
    parts = [(new[0], min(new[1], old[0])), (max(new[0], old[1]), new[1])]
    return [(since, until) for since, until in parts if until - since > timedelta()]
