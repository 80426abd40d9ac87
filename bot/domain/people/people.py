"""Who is who. A person may have several chat accounts; for now each account is a person of its own."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    CLIENT = "client"
    COACH = "coach"
    LEAVING = "leaving"  # was removed as a coach, and sessions of theirs were kept
    OWNER = "owner"


class Platform(StrEnum):
    TELEGRAM = "telegram"
    SLACK = "slack"


class Unreachable(StrEnum):
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNINSTALLED = "uninstalled"
    NOT_FOUND = "not_found"


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
    """A private chat with one person. `user_ref` and `chat_ref` are the platform's own ids."""

    id: int
    person_id: int
    platform: Platform
    workspace: str
    user_ref: str
    chat_ref: str | None
    unreachable: Unreachable | None = None


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
