"""What covers the price of a booking."""

from enum import StrEnum

from bot.domain.payments.money import Money


class Cover(StrEnum):
    FREE = "free"  # it has no price
    ORDER = "order"  # money, asked for by an order
    CREDIT = "credit"  # a session of a package that was bought before
    SPONSOR = "sponsor"  # somebody else's money


def of_price(price: Money) -> Cover:
    """What covers a booking that is paid for with nothing but money."""
    return Cover.ORDER if price else Cover.FREE
