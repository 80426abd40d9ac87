"""Rounding and splitting of amounts, so that no unit is lost: docs/money.md works through examples."""

from collections.abc import Sequence

from bot.domain.payments.money import Money


def percent_of(money: Money, percent: int) -> Money:
    """`percent` of it, to the nearest unit; an exact half goes up."""
    return Money((money.amount * percent + 50) // 100, money.currency)


def split(money: Money, parts: int) -> tuple[Money, ...]:
    """Equal parts that add up to it: the units left over go to the parts with the lowest numbers, one each."""
    each, left_over = divmod(money.amount, parts)
    return tuple(Money(each + (number < left_over), money.currency) for number in range(parts))


def spread(money: Money, weights: Sequence[Money]) -> tuple[Money, ...]:
    """Parts as large as the weights are to each other, each counted from the beginning, that add up to it."""
    whole, until, parts = sum(weight.amount for weight in weights), 0, []
    for number, weight in enumerate(weights, 1):
        since, until = until, until + weight.amount
        if whole:
            part = money.amount * until // whole - money.amount * since // whole
        else:
            part = money.amount if number == len(weights) else 0
        parts.append(Money(part, money.currency))
    return tuple(parts)


def tax_of_part(tax: Money, whole: Money, before: Money, part: Money) -> Money:
    """The tax in `part` of a payment of `whole`, of which `before` was given back already.

    Counted from the beginning and rounded down each time, so that all parts together have the whole tax, and the last
    cents are in the last of them.
    """
    if not whole.amount:
        return tax
    so_far, then = before.amount, (before + part).amount
    return Money(tax.amount * then // whole.amount - tax.amount * so_far // whole.amount, tax.currency)


def with_tax_on_top(part: Money, price: Money, came: Money, before: Money) -> Money:
    """`part` of a price with its share of the tax that came on top of it; `before` was given back already, tax
    included. Of `price`, `came` was paid."""
    tax = came - price
    return part + tax_of_part(tax, price, without_tax_on_top(before, price, came), part)


def without_tax_on_top(amount: Money, price: Money, came: Money) -> Money:
    """The part of a price that, with its share of the tax on top, comes to `amount`, or to the most below it."""
    part = amount.amount * price.amount // came.amount if came.amount else 0
    more = Money(part + 1, price.currency)
    if more.amount + tax_of_part(came - price, price, price - price, more).amount <= amount.amount:
        return more
    return Money(part, price.currency)
