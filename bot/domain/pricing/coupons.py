"""Coupons: what an owner can set, and whether one counts for what a client is about to buy."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeLimits
from bot.domain.pricing.discounts import Discount, reduced

CODE = re.compile(r"[A-Z][A-Z0-9-]{2,19}")
PERCENT = range(1, 101)
USES = range(1, 10_000)


class CouponState(StrEnum):
    ACTIVE = "active"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """`offer_ids` and `package_ids` are those that it is for; None: every one.

    It counts before `until` (None: for ever), `most_uses` times in all and `most_per_client` times for each client
    (None: any number of times). `first_purchase_only`: for clients who have bought nothing yet.
    """

    code: str
    discount: Discount
    most_uses: int | None = None
    most_per_client: int | None = 1
    first_purchase_only: bool = False
    until: datetime | None = None
    offer_ids: tuple[int, ...] | None = None
    package_ids: tuple[int, ...] | None = ()
    state: CouponState = CouponState.ACTIVE
    id: int = 0
    version: int = 1


class CouponMistake(StrEnum):
    """Settings that cannot stand, alone or together."""

    CODE = "coupon_code"  # not 3 to 20 letters, digits and hyphens, a letter first
    TAKEN = "coupon_taken"  # another coupon has the code
    PERCENT = "coupon_percent"  # outside of PERCENT
    AMOUNT = "coupon_amount"  # nothing off, or in another currency than the practice's
    USES = "coupon_uses"  # outside of USES
    PER_CLIENT = "coupon_per_client"  # a client could use it more often than everybody together
    FIRST_ONCE = "coupon_first_once"  # a first purchase happens once
    UNTIL = "coupon_until"  # over already
    NOTHING = "coupon_nothing"  # it is for nothing


class NotCounted(StrEnum):
    """Why a coupon does not count for this client and this purchase now."""

    UNKNOWN = "coupon_unknown"  # there is none of this code, or none any more
    OVER = "coupon_over"
    USED_UP = "coupon_used_up"
    USED = "coupon_used"  # by this client, as often as they may
    NOT_FIRST = "coupon_not_first"
    NOT_FOR_THIS = "coupon_not_for_this"
    CURRENCY = "coupon_currency"  # an amount in another currency than the price
    FREE = "coupon_free"  # there is nothing to pay
    ANOTHER = "coupon_another"  # one counts already


@dataclass(frozen=True)
class Uses:
    """How often it counts or is reserved: in all and for this client; `bought`: whether they bought anything before."""

    in_all: int
    by_client: int
    bought: bool


def as_code(typed: str) -> str:
    """A code as it is kept: letters count the same, large or small, and spaces do not."""
    return re.sub(r"\s", "", typed).upper()


def mistake(coupon: Coupon, currency: str | None, now: datetime) -> CouponMistake | None:
    """What is wrong with its settings, in a practice of this currency."""
    off, uses = coupon.discount, (coupon.most_uses, coupon.most_per_client)
    once = coupon.first_purchase_only and coupon.most_per_client != 1
    more = coupon.most_uses is not None and coupon.most_per_client is not None and (
        coupon.most_per_client > coupon.most_uses
    )  # fmt: skip
    broken = (
        (CouponMistake.CODE, CODE.fullmatch(coupon.code) is None),
        (CouponMistake.PERCENT, (off.percent is None) == (off.amount is None)),
        (CouponMistake.PERCENT, off.percent is not None and off.percent not in PERCENT),
        (CouponMistake.AMOUNT, off.amount is not None and (off.amount.amount <= 0 or off.amount.currency != currency)),
        (CouponMistake.USES, any(most is not None and most not in USES for most in uses)),
        (CouponMistake.PER_CLIENT, more),
        (CouponMistake.FIRST_ONCE, once),
        (CouponMistake.UNTIL, coupon.until is not None and coupon.until <= now),
        (CouponMistake.NOTHING, coupon.offer_ids == () and coupon.package_ids == ()),
    )
    return next((each for each, breaks in broken if breaks), None)


def is_for(those: Collection[int] | None, wanted: int) -> bool:
    """Whether it is for this offer or package; `those` are the coupon's."""
    return those is None or wanted in those


def not_counted(coupon: Coupon, price: Money, uses: Uses, now: datetime, *, covered: bool) -> NotCounted | None:
    """Why it does not count for a purchase at this price; `covered`: whether it is for what is bought."""
    off = coupon.discount.amount
    reasons = (
        (NotCounted.UNKNOWN, coupon.state is CouponState.STOPPED),
        (NotCounted.OVER, coupon.until is not None and now >= coupon.until),
        (NotCounted.NOT_FOR_THIS, not covered),
        (NotCounted.FREE, not price),
        (NotCounted.CURRENCY, off is not None and off.currency != price.currency),
        (NotCounted.USED, coupon.most_per_client is not None and uses.by_client >= coupon.most_per_client),
        (NotCounted.NOT_FIRST, coupon.first_purchase_only and uses.bought),
        (NotCounted.USED_UP, coupon.most_uses is not None and uses.in_all >= coupon.most_uses),
    )
    return next((each for each, speaks in reasons if speaks), None)


def price_after(coupon: Coupon, price: Money, limits: ChargeLimits | None) -> Money:
    """What is to be paid with it. `limits` of the currency; None while nobody charges anything."""
    return reduced(price, coupon.discount, limits or ChargeLimits(1, price.amount))


@dataclass(frozen=True)
class Redemption:
    """One use of a coupon, for one order, of which `reduced` was asked for instead of `price`.

    It counts while the order is open and once it is paid, unless the practice cancelled what was bought (`freed`).
    """

    id: int
    coupon_id: int
    order_id: int
    price: Money
    reduced: Money
    freed: bool = False
