"""Tells what a failed call means for the message that it carried."""

import logging

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.request import Flooded, NotSent, ServerFault
from bot.chat.channel import Away, CannotReach, FellOver, NotDelivered, PerhapsDelivered, ShutOut, TooMany
from bot.domain.people.people import Unreachable

log = logging.getLogger(__name__)

AWAY_S = 15.0
BAD_TOKEN_S = 60.0
# Words of the Bot API server's refusals, lower case.
NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "can't initiate conversation")
BAD_LINK = ("button_url_invalid", "button url")
NO_DATES = 'unsupported start tag "tg-time"'
BAD_DATE = (NO_DATES, "entity_date_invalid", "invalid date-time")
NOT_MODIFIED = "message is not modified"


def meaning(error: TelegramError) -> NotDelivered | None:
    """None for a refusal of the call itself: a mistake of ours that no waiting mends."""
    if isinstance(error, Flooded):
        return TooMany(error.seconds)
    if isinstance(error, ServerFault):
        return FellOver(AWAY_S)
    if isinstance(error, NotSent):
        return Away(AWAY_S)
    if isinstance(error, InvalidToken):
        log.error("telegram.token_refused")
        return ShutOut(BAD_TOKEN_S)
    if isinstance(error, ChatMigrated) or _says(error, *NO_CHAT):
        return CannotReach(Unreachable.NOT_FOUND)
    if isinstance(error, Forbidden):
        deactivated = _says(error, "deactivated")
        return CannotReach(Unreachable.DEACTIVATED if deactivated else Unreachable.BLOCKED)
    if isinstance(error, BadRequest):
        return None
    return PerhapsDelivered() if isinstance(error, NetworkError) or type(error) is TelegramError else None


def is_bad_link(error: TelegramError) -> bool:
    """Telegram takes no button to such an address, as `http://localhost`."""
    return isinstance(error, BadRequest) and _says(error, *BAD_LINK)


def is_bad_date(error: TelegramError) -> bool:
    """Telegram takes a moment of this message for no moment."""
    return isinstance(error, BadRequest) and _says(error, *BAD_DATE)


def knows_dates(error: TelegramError) -> bool:
    """Whether the server that refused a moment would take another one: Bot API servers before 9.5 know none."""
    return not _says(error, NO_DATES)


def is_not_modified(error: TelegramError) -> bool:
    return _says(error, NOT_MODIFIED)


def _says(error: TelegramError, *words: str) -> bool:
    message = error.message.lower()
    return any(word in message for word in words)
