"""Words for a gift: what it is, how it stands, and how its money goes back."""

from bot.chat import tell
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of
from bot.domain.credits.gifts import Gift, GiftState
from bot.handlers.kit import credit_words, endings
from bot.services.gifts.gifts import Left
from bot.services.gifts.owed_gifts import OwedGift


def what(gift: Gift) -> str:
    """`Starter, 5 sessions`."""
    sessions = ngettext("{n} session", "{n} sessions", gift.sessions)
    return _("{name}, {sessions}", name=gift.name, sessions=sessions)


def state(turn: Turn, gift: Gift, zone: str) -> str:
    """To its giver. `zone`: the practice's, on whose calendar it ends."""
    if gift.state is GiftState.TAKEN and gift.taken_at is not None:
        return _("Taken on {day}.", day=tell.day(day_of(gift.taken_at, turn.zone)))
    if gift.state is GiftState.RETURNED:
        return _("You took it back.")
    if gift.expires_at is None:
        return _("Nobody has taken it yet.")
    end = credit_words.last_moment(gift.expires_at, zone)
    if turn.now >= gift.expires_at:
        return _("Nobody took it, and it was over on {end}.", end=end)
    return _("Nobody has taken it yet. It can be taken until {end}.", end=end)


def goes_back(found: Left) -> str:
    return endings.returns(tell.amount(found.back), None)


def stays_yours(found: OwedGift) -> str:
    amount = tell.amount(found.owed)
    return _("{amount} could not go back to the card. It is still yours: we look into it.", amount=amount)
