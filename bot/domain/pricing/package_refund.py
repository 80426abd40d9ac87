"""What giving a package back is worth: its price less the sessions that were used."""

from dataclasses import dataclass

from bot.domain.payments.money import Money
from bot.domain.pricing.effects import CreditChange, Effect
from bot.domain.pricing.rounding import split

WITHDRAWAL = 14 * 24 * 60 * 60
"""Seconds after the purchase in which sessions that were used count at the package's own price."""


@dataclass(frozen=True, slots=True)
class BoughtPackage:
    """A package as it stands: `paid` after a coupon, `given_back` of it earlier, `single_price` of the purchase day.

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
class PackageRefund:
    """`effect`: what goes back and how many credits end. `ends` names the bookings that end in the same act.

    `counted` sessions were taken off, at `each`, or at the package's own price where that is None. `undo`: nothing was
    used, so the purchase is undone whole. `changes_at`: the epoch second from which it is worth something else.
    """

    effect: Effect
    counted: int
    each: Money | None
    ends: tuple[int, ...]
    undo: bool
    changes_at: int | None


def package_refund(package: BoughtPackage, now: int) -> PackageRefund:
    """A reserved session whose free cancelling has ended counts as used: giving a package back is no way round that."""
    counted = min(package.used + len(package.late), package.sessions)
    withdraws = now < package.bought_at + WITHDRAWAL
    at_package_price = withdraws or package.is_over or not counted
    worth = _used_at_package_price(package, counted)
    if not at_package_price:
        worth = max(worth, Money(package.single_price.amount * counted, package.paid.currency))
    over = package.paid - package.given_back - worth
    back = over if over.amount > 0 else over - over
    kept = package.paid - package.given_back - back
    return PackageRefund(
        Effect(back=back, kept=kept, change=CreditChange.ADJUSTED, credits=package.sessions - counted, left=0),
        counted,
        None if at_package_price else package.single_price,
        (*package.reserved, *package.late),
        not counted,
        package.bought_at + WITHDRAWAL if withdraws and counted and not package.is_over else None,
    )


def _used_at_package_price(package: BoughtPackage, counted: int) -> Money:
    return Money(sum(part.amount for part in split(package.paid, package.sessions)[:counted]), package.paid.currency)
