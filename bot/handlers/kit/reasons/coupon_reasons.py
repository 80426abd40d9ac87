"""Words for a coupon whose settings cannot stand, and for one that does not count for somebody."""

from bot.chat.words import _
from bot.domain.pricing.coupons import PERCENT, USES, CouponMistake, NotCounted


def mistake(reason: str) -> str | None:  # noqa: PLR0911 - one line for each
    """What is wrong with the settings, if the reason is a `CouponMistake`."""
    match reason:
        case CouponMistake.CODE:
            return _("A code has 3 to 20 letters, digits and hyphens, and begins with a letter.")
        case CouponMistake.TAKEN:
            return _("Another coupon has this code. Choose another, or change that one.")
        case CouponMistake.PERCENT:
            return _("A percentage is a whole number from {least} to {most}.", least=PERCENT[0], most=PERCENT[-1])
        case CouponMistake.AMOUNT:
            return _("The amount is more than 0, in the currency of the practice.")
        case CouponMistake.USES:
            return _("Use a number from {least} to {most}.", least=USES[0], most=USES[-1])
        case CouponMistake.PER_CLIENT:
            return _("One client cannot use it more often than all clients together.")
        case CouponMistake.FIRST_ONCE:
            return _("A client's first purchase happens once: with that rule, each client can use it once.")
        case CouponMistake.UNTIL:
            return _("Its last day is past. Choose a later one, or none.")
        case CouponMistake.NOTHING:
            return _("It would be for nothing. Leave one offer in, or stop the coupon.")
    return None


def not_counted(reason: str) -> str:
    """Why it does not count, to who wanted to use it: the price stays as it was told."""
    match reason:
        case NotCounted.OVER:
            return _("The last day of this code is past. The price stays as it is.")
        case NotCounted.USED_UP:
            return _("This code was used as often as it can be. The price stays as it is.")
        case NotCounted.USED:
            return _("You have used this code as often as you can. The price stays as it is.")
        case NotCounted.NOT_FIRST:
            return _("This code is for a first purchase, and you have bought before. The price stays as it is.")
        case NotCounted.NOT_FOR_THIS:
            return _("This code is for something else, not for this. The price stays as it is.")
        case NotCounted.CURRENCY:
            return _("This code is in another currency than the price. The price stays as it is.")
        case NotCounted.FREE:
            return _("There is nothing to pay, so no code is needed.")
        case NotCounted.ANOTHER:
            return _("A code counts already, and only one can. The price stays as it is.")
        case _:
            return _("I do not know this code. Look at how it is written; the price stays as it is.")
