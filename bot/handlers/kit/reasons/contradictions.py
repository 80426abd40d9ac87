"""Words for settings that are refused: what is wrong, and what to change."""

from bot.chat import tell
from bot.chat.words import _
from bot.domain.payments.provider import ChargeMistake, Uncharged
from bot.domain.practice.offer_rules import DESCRIPTION_LENGTH, NAME_LENGTH
from bot.domain.practice.offer_settings import BUFFERS, HORIZONS, LENGTHS, MOVES, Contradiction
from bot.handlers.kit import package_words
from bot.handlers.kit.reasons import coupon_reasons


def words(reason: str) -> str:
    """A `Contradiction`, a `PackageMistake`, or the name of a single value that was refused: name, place, zone,
    currency, contact, leads.

    Nothing was saved in any of these cases.
    """
    found = _of_one(reason) or _of_a_limit(reason) or _of_a_pair(reason) or _of_a_value(reason)
    found = found or package_words.mistake(reason) or coupon_reasons.mistake(reason)
    return found or _("These settings contradict each other; nothing was saved.")


def uncharged(charge: Uncharged) -> str:
    """Which limit of the payment provider a price breaks; of an offer whose price it would become, that first."""
    why = _limit(charge)
    if charge.offer is None:
        return why
    price = tell.amount(charge.price)
    words = _("“{offer}” would cost {price}. {why} Change its price first, or choose another currency.")
    return words.format(offer=charge.offer, price=price, why=why)


def _limit(charge: Uncharged) -> str:
    provider, currency = charge.provider, charge.price.currency
    limit = "" if charge.limit is None else tell.amount(charge.limit)
    match charge.mistake:
        case ChargeMistake.LEAST:
            return _("{provider} takes {limit} at least; 0 is free.", provider=provider, limit=limit)
        case ChargeMistake.MOST:
            return _("{provider} takes {limit} at most.", provider=provider, limit=limit)
        case ChargeMistake.STEP:
            words = _("{provider} takes {currency} in steps of {limit}.")
            return words.format(provider=provider, currency=currency, limit=limit)
        case ChargeMistake.CURRENCY:
            return _("{provider} takes no payments in {currency}.", provider=provider, currency=currency)


def _of_one(reason: str) -> str | None:
    match reason:
        case Contradiction.NAME:
            return _("The name is empty or too long. Use at most {n} characters.", n=NAME_LENGTH)
        case Contradiction.LENGTH:
            return _("A session lasts between {least} and {most} minutes.", least=LENGTHS[0], most=LENGTHS[-1])
        case Contradiction.STEP:
            return _("Starting times are between {least} and {most} minutes apart.", least=LENGTHS[0], most=LENGTHS[-1])
        case Contradiction.PRICE | Contradiction.CHARGE:
            return _("That price cannot be charged. Use 0 or more, in the currency of the practice.")
        case Contradiction.FEE:
            return _("That fee cannot be charged. Write an amount in the currency of the practice, or none.")
        case Contradiction.DESCRIPTION:
            return _("That description is too long. Use at most {n} characters.", n=DESCRIPTION_LENGTH)
        case Contradiction.YES_NO:
            return _("Answer with yes or no.")
        case Contradiction.BUFFER:
            return _("A buffer is at most {length}.", length=tell.minutes(BUFFERS[-1]))
    return None


def _of_a_limit(reason: str) -> str | None:
    match reason:
        case Contradiction.HORIZON:
            return _("Booking opens between 1 and {n} days ahead.", n=HORIZONS[-1])
        case Contradiction.MOVES:
            return _("A session can be moved between 0 and {n} times.", n=MOVES[-1])
        case Contradiction.NOTICE | Contradiction.CANCEL_CUTOFF | Contradiction.MOVE_CUTOFF:
            return _("A notice or a limit cannot be less than 0 hours.")
        case Contradiction.DAILY_CAP | Contradiction.WEEKLY_CAP:
            return _("With fewer than one session nothing could be booked. Use 1 or more, or no limit.")
    return None


def _of_a_pair(reason: str) -> str | None:
    match reason:
        case Contradiction.NOTICE_BEYOND_HORIZON:
            return _(
                "The notice is longer than booking is open ahead, so no time could ever be booked. "
                "Shorten the notice or open further ahead."
            )
        case Contradiction.CANCEL_BEYOND_HORIZON:
            return _(
                "The limit for cancelling is longer than booking is open ahead, so nobody could ever cancel in time. "
                "Shorten it or open further ahead."
            )
        case Contradiction.MOVE_BEYOND_HORIZON:
            return _(
                "The limit for moving is longer than booking is open ahead, so nobody could ever move a session. "
                "Shorten it or open further ahead."
            )
        case Contradiction.CAPS:
            return _("The limit for a week is lower than the one for a day. Raise it, or lower the other.")
        case Contradiction.LONGER_THAN_HOURS:
            return _("No stretch of the hours is long enough for one session. Shorten the session or extend the hours.")
        case Contradiction.FEE_OVER_PRICE:
            return _("A fee cannot be more than the price of the session. Lower the fee, or raise the price.")
        case Contradiction.NO_COACH:
            return _("Nobody does this offer. Choose at least one coach.")
    return None


def _of_a_value(reason: str) -> str | None:
    match reason:
        case "place":
            return _("Say where it takes place in at most 500 characters.")
        case "zone":
            return _("That time zone is not known. Choose a larger city nearby.")
        case "currency":
            return _("That is no currency. Use three letters such as EUR.")
        case "contact":
            return _("That is too long for a contact. Use at most 200 characters.")
        case "address":
            return _("That is too long for an address. Use at most 400 characters.")
        case "tax_number":
            return _("That is too long for a tax number. Use at most 40 characters.")
        case "leads":
            return _("Choose between one and five reminders, none earlier than 30 days before.")
    return None
