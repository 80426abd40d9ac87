"""What notices are about, as people choose where they come; and why some of them come whatever was chosen."""

from enum import StrEnum


class Topic(StrEnum):
    BOOKING = "booking"
    REMINDERS = "reminders"
    MONEY = "money"
    NEWS = "news"


class Always(StrEnum):
    """Why a kind of notice cannot be switched off."""

    RECEIPT = "receipt"  # what was paid, is owed or went back
    SECURITY = "security"
    OTHER_SIDE = "other-side"  # somebody else moved, cancelled, asked or wrote
    ASKED = "asked"  # its reader is in the middle of it
    WORK = "work"  # somebody has to do something about it


TO_THE_LETTER = frozenset({Always.RECEIPT, Always.SECURITY})
"""They go by mail to whoever ended mails about their topic, too."""

CAN_END = frozenset({Topic.BOOKING, Topic.MONEY, Topic.NEWS})
"""Reminders are ended by their leads: see `bot.domain.bookings.reminders`."""
