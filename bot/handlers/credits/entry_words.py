"""What an entry of the ledger of credits is called, for the client and for the owners."""

from bot.chat.words import _
from bot.domain.credits.grants import Entry, EntryKind


def what(entry: Entry) -> str:
    if entry.kind is EntryKind.GRANTED:
        given = entry.order_id is None or entry.why is not None
        return _("given by the practice") if given else _("bought")
    if entry.kind is EntryKind.ADJUSTED:
        return _adjusted(entry)
    return {
        EntryKind.RESERVED: _("booked"),
        EntryKind.SPENT: _("used"),
        EntryKind.RETURNED: _("came back"),
        EntryKind.EXPIRED: _("expired"),
        EntryKind.FROZEN: _("on hold, since its payment is in doubt"),
        EntryKind.THAWED: _("no longer on hold"),
        EntryKind.LOST: _("lost, since the money for it is gone"),
    }[entry.kind]


def _adjusted(entry: Entry) -> str:
    """By an owner; or for money, which names its order."""
    if entry.order_id is not None:
        return _("given back") if entry.amount else _("the money for it was settled")
    return _("{n} added", n=entry.amount) if entry.amount > 0 else _("{n} taken away", n=-entry.amount)
