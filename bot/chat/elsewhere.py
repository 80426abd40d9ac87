"""The short text that a message is edited to when a newer one has taken its place."""

from bot.chat.screen import Kept, Screen
from bot.chat.words import _
from bot.domain.notices.notices import NoticeKind


def elsewhere(kept: Kept, *, below: bool) -> Screen | None:
    """The screen that the earlier message becomes; None when that one stays true as it is.

    `below`: the message that took its place stands further down in the chat.
    """
    match kept.kind:
        case NoticeKind.HOLD:
            return Screen(_("This hold continues below.") if below else _("This hold continues above."))
        case NoticeKind.ORDER:
            return Screen(_("This order continues below.") if below else _("This order continues above."))
        case _:
            return None
