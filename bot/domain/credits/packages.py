"""Packages: several sessions bought at once for less, what is proposed to an owner, and which settings cannot stand.

**What is proposed.** From the price of one session: 5 sessions for 10 % less, valid for 6 months; 10 for 15 % less,
valid for 9; 20 for 20 % less, valid for 12. What does not come out even is rounded down to what can be charged, so
that nobody saves less than is said:

    €45.00: 5 for €202.50, 10 for €382.50, 20 for €720.00
    €49.99: 5 for €224.95 (224.955 before)
    ¥4,500: 5 for ¥20,250; KWD 9.999: 5 for KWD 44.990, since cards carry two decimals

**What one session costs** in a package is its price shared out, rounded to the nearest unit: 5 for €202.50 are €40.50
each, 3 for €100.00 are about €33.33. **What somebody saves** is what as many single sessions would cost, less that
price.

**How long it is good.** Until the end of a day: the same day of the month so many months after it was bought, or the
last one of a shorter month, on the practice's calendar (bought on 31 August for 6 months: until the end of
28 February); or one day for everybody; or without an end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.calendar.local_dates import day_of, end_of_day, months_after
from bot.domain.payments.money import MAX_AMOUNT, Money
from bot.domain.payments.provider import ProviderTerms, uncharged

NAME_LENGTH = 60
SESSIONS = range(2, 101)
MONTHS = range(1, 61)
PROPOSED = ((5, 10, 6), (10, 15, 9), (20, 20, 12))
"""Sessions, how many per cent less, and how many months they are valid."""


class PackageState(StrEnum):
    ACTIVE = "active"  # clients can buy it
    PAUSED = "paused"
    ARCHIVED = "archived"


class PackageMistake(StrEnum):
    """Why settings cannot stand; the value is the `reason` of a refusal with the code CONTRADICTION."""

    NAME = "package_name"  # empty or longer than NAME_LENGTH
    SESSIONS = "package_sessions"  # outside of SESSIONS
    PRICE = "package_price"  # nothing, more than any price, or in another currency than the practice's
    CHARGE = "package_charge"  # the payment provider can never charge it
    MONTHS = "package_months"  # outside of MONTHS
    TWO_ENDS = "package_two_ends"  # valid for some months and until one day
    OVER = "package_over"  # valid until a day that is over
    WEEKLY_CAP = "package_weekly_cap"  # below one
    TOO_SLOW = "package_too_slow"  # with so many a week it could not be used up before it ends
    NO_OFFER = "package_no_offer"  # it is for nothing
    FREE_OFFER = "package_free_offer"  # one of its offers costs nothing
    ONCE = "package_once"  # each of its offers can be booked only once
    DEARER = "package_dearer"  # it costs more than as many of its dearest sessions


@dataclass(frozen=True)
class Package:
    """`offer_ids`: what its sessions can be booked for. `weekly_cap`: the most of them that a client has in a week.

    It is valid for `validity_months` after it was bought, or until `valid_until`, at which it is over; with neither
    it has no end.
    """

    id: int
    name: str
    sessions: int
    price: Money
    offer_ids: tuple[int, ...] = ()
    validity_months: int | None = None
    valid_until: datetime | None = None
    weekly_cap: int | None = None
    state: PackageState = PackageState.PAUSED
    version: int = 1

    @property
    def a_session(self) -> Money:
        """What one of its sessions costs; see `comes_out_even`."""
        return Money((2 * self.price.amount + self.sessions) // (2 * self.sessions), self.price.currency)

    @property
    def comes_out_even(self) -> bool:
        return self.price.amount % self.sessions == 0

    def saved(self, single: Money) -> Money:
        """What somebody saves who would pay `single` for each session; nothing where they save nothing."""
        much = single.amount * self.sessions - self.price.amount if single.currency == self.price.currency else 0
        return Money(max(0, much), self.price.currency)

    def saved_percent(self, single: Money) -> int:
        """As `saved`, in whole per cent of what the single sessions would cost."""
        return 100 * self.saved(single).amount // (single.amount * self.sessions) if single.amount else 0


class Covered(Protocol):
    """What a package needs to know of an offer."""

    @property
    def id(self) -> int: ...
    @property
    def price(self) -> Money: ...
    @property
    def limited(self) -> bool: ...


@dataclass(frozen=True)
class PackageProposal:
    sessions: int
    percent: int
    months: int
    price: Money


def proposals(single: Money, provider: ProviderTerms | None) -> tuple[PackageProposal, ...]:
    """The packages that are proposed for sessions of this price; none that could never be charged."""
    limits = None if provider is None else provider.limits(single.currency)
    step = 1 if limits is None else limits.step
    found = []
    for sessions, percent, months in PROPOSED:
        amount = single.amount * sessions * (100 - percent) // 100
        price = Money(amount // step * step, single.currency)
        if price and uncharged(price, provider) is None:
            found.append(PackageProposal(sessions, percent, months, price))
    return tuple(found)


def usual_months(sessions: int) -> int:
    """How long a package of so many sessions is valid unless somebody says otherwise."""
    return next((months for most, _percent, months in PROPOSED if sessions <= most), PROPOSED[-1][2])


def covered_by(package: Package, offers: Iterable[Covered]) -> list[Covered]:
    return [offer for offer in offers if offer.id in package.offer_ids]


def mistake(package: Package, covered: Sequence[Covered], currency: str | None, now: datetime) -> PackageMistake | None:
    """The first reason why the package cannot be kept like this.

    `covered` are its offers, `currency` is the practice's. Whether the price can be charged is for the provider to say.
    """
    price, months, cap = package.price, package.validity_months, package.weekly_cap
    checks = (
        (PackageMistake.NAME, not 0 < len(package.name.strip()) <= NAME_LENGTH),
        (PackageMistake.SESSIONS, package.sessions not in SESSIONS),
        (PackageMistake.PRICE, not 0 < price.amount <= MAX_AMOUNT or price.currency != currency),
        (PackageMistake.MONTHS, months is not None and months not in MONTHS),
        (PackageMistake.TWO_ENDS, months is not None and package.valid_until is not None),
        (PackageMistake.OVER, is_over(package, now)),
        (PackageMistake.WEEKLY_CAP, cap is not None and cap < 1),
        (PackageMistake.TOO_SLOW, _too_slow(package, now)),
        (PackageMistake.NO_OFFER, not covered),
        (PackageMistake.FREE_OFFER, any(not offer.price for offer in covered)),
        (PackageMistake.ONCE, all(offer.limited for offer in covered)),
        (PackageMistake.DEARER, _dearer(package, covered)),
    )
    return next((reason for reason, broken in checks if broken), None)


def cheapest(covered: Iterable[Covered], currency: str) -> Money:
    """What one session costs of that among its offers which costs least: what a session counts as when the package is
    given back."""
    return Money(
        min((offer.price.amount for offer in covered if offer.price.currency == currency), default=0), currency
    )


def as_sold(package: Package, single: Money) -> dict[str, object]:
    """All that somebody buys, to be kept with the order: the package may be changed before the money comes."""
    until = package.valid_until
    return {
        "sessions": package.sessions,
        "offers": list(package.offer_ids),
        "months": package.validity_months,
        "until": None if until is None else int(until.timestamp()),
        "a_week": package.weekly_cap,
        "single": single.amount,
    }


_AT_MOST = ("months", "until", "a_week")


def is_whole(kept: Mapping[str, Any]) -> bool:
    """Whether all that `as_sold` writes is there."""
    offers = kept.get("offers")
    if not isinstance(offers, list) or not kept.keys() >= {*_AT_MOST}:
        return False
    numbers = (kept.get("sessions"), kept.get("single"), *offers, *(kept[name] or 0 for name in _AT_MOST))
    return all(type(each) is int for each in numbers)


def sold(package_id: int, name: str, price: Money, kept: Mapping[str, Any]) -> tuple[Package, Money]:
    """The package, and the price of a single session, as they were when it was sold."""
    until = kept["until"]
    package = Package(
        id=package_id,
        name=name,
        sessions=kept["sessions"],
        price=price,
        offer_ids=tuple(kept["offers"]),
        validity_months=kept["months"],
        valid_until=None if until is None else datetime.fromtimestamp(until, UTC),
        weekly_cap=kept["a_week"],
    )
    return package, Money(kept["single"], price.currency)


def is_over(package: Package, now: datetime) -> bool:
    """Whether the one day until which it is valid for everybody is over."""
    return package.valid_until is not None and package.valid_until <= now


def expires_at(package: Package, bought: datetime, zone: str) -> datetime | None:
    """When what is bought now is over, on the practice's calendar; None without an end."""
    if package.validity_months is None:
        return package.valid_until
    return end_of_day(months_after(day_of(bought, zone), package.validity_months), zone)


def _too_slow(package: Package, now: datetime) -> bool:
    """Whether the weekly cap lets nobody use it up who buys it now. A part of a week counts as one."""
    if package.weekly_cap is None or package.weekly_cap < 1:
        return False
    ends = expires_at(package, now, "UTC")
    weeks = -(-package.sessions // package.weekly_cap)
    return ends is not None and ends - now < timedelta(weeks=weeks - 1)


def _dearer(package: Package, covered: Sequence[Covered]) -> bool:
    singles = [offer.price.amount for offer in covered if offer.price.currency == package.price.currency]
    return bool(singles) and package.price.amount > package.sessions * max(singles)
