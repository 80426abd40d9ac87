"""What giving a bundle back is worth: its price less the sessions that were used."""

from dataclasses import dataclass

from bot.domain.payments.money import Money
from bot.domain.pricing.effects import CreditChange, Effect
from bot.domain.pricing.rounding import split

WITHDRAWAL = 14 * 24 * 60 * 60
"""Seconds after the purchase in which sessions that were used count at the bundle's own price."""


@dataclass(frozen=True, slots=True)
class BoughtBundle:
    """A bundle as it stands: `paid` after a coupon, `given_back` of it earlier, `single_price` of the purchase day.

    `used` counts sessions that took place, or were cancelled late or missed, and those that cannot be used any more.
    Of the bookings ahead, `reserved` names those that can still be cancelled free of charge, and `late` those that
    cannot. `is_over`: its end has come, and what is left of it has days of grace.
    """

    paid: Money
    given_back: Money
    sessions: int
    single_price: Money
    bought_at: int
    used: int = 0
    reserved: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class BundleRefund:
    """`effect`: what goes back and how many credits end. `ends` names the bookings that end in the same act.

    `counted` sessions were taken off, at `each`, or at the bundle's own price where that is None. `undo`: nothing was
    used, so the purchase is undone whole. `changes_at`: the epoch second from which it is worth something else.
    """

    effect: Effect
    counted: int
    each: Money | None
    ends: tuple[int, ...]
    undo: bool
    changes_at: int | None


def bundle_refund(bundle: BoughtBundle, now: int) -> BundleRefund:
    """A reserved session whose free cancelling has ended counts as used: giving a bundle back is no way round that."""
    counted = min(bundle.used + len(bundle.late), bundle.sessions)
    withdraws = now < bundle.bought_at + WITHDRAWAL
    at_bundle_price = withdraws or bundle.is_over or not counted
    worth = _used_at_bundle_price(bundle, counted)
    if not at_bundle_price:
        worth = max(worth, Money(bundle.single_price.amount * counted, bundle.paid.currency))
    over = bundle.paid - bundle.given_back - worth
    back = over if over.amount > 0 else over - over
    kept = bundle.paid - bundle.given_back - back
    return BundleRefund(
        Effect(back=back, kept=kept, change=CreditChange.ADJUSTED, credits=bundle.sessions - counted, left=0),
        counted,
        None if at_bundle_price else bundle.single_price,
        (*bundle.reserved, *bundle.late),
        not counted,
        bundle.bought_at + WITHDRAWAL if withdraws and counted and not bundle.is_over else None,
    )


def _used_at_bundle_price(bundle: BoughtBundle, counted: int) -> Money:
    return Money(sum(part.amount for part in split(bundle.paid, bundle.sessions)[:counted]), bundle.paid.currency)
