"""Who is who. A person may have several chat accounts; for now each account is a person of its own."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    CLIENT = "client"
    COACH = "coach"
    LEAVING = "leaving"  # was removed as a coach, and sessions of theirs were kept
    OWNER = "owner"


class Platform(StrEnum):
    """Where somebody can be reached. `email` and `sms` are addresses, at which nobody chats with us."""

    TELEGRAM = "telegram"
    SLACK = "slack"
    EMAIL = "email"
    SMS = "sms"


ADDRESSES = frozenset({Platform.EMAIL, Platform.SMS})
CHATS = frozenset(Platform) - ADDRESSES
"""Where people write with us and tap."""


class Unreachable(StrEnum):
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNINSTALLED = "uninstalled"
    NOT_FOUND = "not_found"
    BOUNCED = "bounced"  # the address takes no mail, or the number no message, for good
    COMPLAINED = "complained"  # its reader called a mail unwanted
    OPTED_OUT = "opted_out"  # its reader ended it, by STOP or a link


@dataclass(frozen=True)
class Person:
    """`zone` is an IANA name or None while unknown; `leads` are reminder leads in minutes, None for the usual ones.

    `leaving_id` is the coach that somebody was who was removed, as long as a session that was kept is not settled.
    `stopped` are kinds of reminders (see `ReminderKind`) that the person does not want of these.
    """

    id: int
    name: str
    zone: str | None
    language: str
    roles: frozenset[Role] = field(default_factory=lambda: frozenset({Role.CLIENT}))
    coach_id: int | None = None
    leaving_id: int | None = None
    leads: tuple[int, ...] | None = None
    reminders: bool = True
    stopped: tuple[str, ...] = ()
    zone_from: str | None = None
    language_from: str = "platform"
    version: int = 1

    @property
    def gives_sessions_of(self) -> int | None:
        """The coach whose sessions to come are this person's to give."""
        return self.coach_id or self.leaving_id


@dataclass(frozen=True)
class Account:
    """A private chat with one person, or an address of theirs.

    In a chat `user_ref` and `chat_ref` are the platform's own ids. Of an address (`email`, `sms`) `user_ref` is a
    keyed hash by which it is found again, and `address` is the address itself: `ana@example.org`, `+4930123456`; None
    once it was removed. Until its person has proved that it is theirs it is not `verified`, and takes nothing but that.
    """

    id: int
    person_id: int
    platform: Platform
    workspace: str
    user_ref: str
    chat_ref: str | None
    unreachable: Unreachable | None = None
    address: str | None = field(default=None, repr=False)
    verified: bool = True


@dataclass(frozen=True)
class Profile:
    """What a platform tells about somebody who writes: makes their account, and keeps it up to date later."""

    platform: Platform
    workspace: str
    user_ref: str
    chat_ref: str | None
    name: str
    language: str | None = None
    zone: str | None = None
