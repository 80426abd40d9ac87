"""What a coupon makes of a price, and what a move to another price costs."""

from dataclasses import dataclass

from bot.domain.payments.money import CurrencyMismatch, Money
from bot.domain.payments.provider import ChargeLimits
from bot.domain.pricing.effects import Effect
from bot.domain.pricing.rounding import percent_of


@dataclass(frozen=True, slots=True)
class Discount:
    """`percent` (1 to 100) or `amount` off: exactly one of them."""

    percent: int | None = None
    amount: Money | None = None


def reduced(price: Money, discount: Discount, limits: ChargeLimits) -> Money:
    """The price after the discount: one that can be charged, or 0."""
    if discount.amount is not None:
        if discount.amount.currency != price.currency:
            raise CurrencyMismatch(f"{discount.amount.currency} off {price.currency}")
        off = discount.amount.amount
    else:
        off = percent_of(price, discount.percent or 0).amount
    remainder = max(0, price.amount - off)
    remainder -= remainder % limits.step
    return Money(remainder if remainder >= limits.least else 0, price.currency)


@dataclass(frozen=True, slots=True)
class PriceDifference:
    """What a move to another offer costs or gives back; `waived` is too little, or too fine, to be charged, so nobody
    pays it."""

    effect: Effect
    waived: Money


def difference(paid: Money, price: Money, limits: ChargeLimits, *, can_refund: bool = True) -> PriceDifference:
    """From a session for which `paid` was paid to one that costs `price`. The caller refuses two currencies."""
    nothing = paid - paid
    if paid < price:
        more = price - paid
        pay = Money(more.amount - more.amount % limits.step, more.currency)
        if pay.amount < limits.least:
            return PriceDifference(Effect(back=nothing, kept=paid), more)
        return PriceDifference(Effect(pay=pay, back=nothing, kept=paid), more - pay)
    less = paid - price
    if not less or can_refund:
        return PriceDifference(Effect(back=less, kept=price), nothing)
    return PriceDifference(Effect(back=nothing, kept=price, credited=less), nothing)
