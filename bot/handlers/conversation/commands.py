"""Slash commands: the same words on both platforms, looked up in the routes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.chat.router import Router
from bot.chat.words import _
from bot.domain.people.people import Role
from bot.domain.people.permissions import Permission

UMBRELLA = "/rapport"


@dataclass(frozen=True)
class Command:
    """`words` is what followed the command; `form_at` the form whose first field they fill, if any."""

    name: str
    permission: Permission
    address: str
    words: str
    form_at: str | None


def find(router: Router[Any], command: str, text: str) -> Command | None:
    """The route of `/coach join ABC`: the longest command that fits, and the words left over.

    `/rapport book` is `/book`, for workspaces where another app owns that name; `/start` and help words fit too.
    """
    words = [command.lower(), *text.split()]
    if words[0] == UMBRELLA:
        words = ["/" + words[1].lstrip("/").lower(), *words[2:]] if len(words) > 1 else ["/help"]
    if len(words) > 1 and words[1].lower() in {"help", "?"} and " ".join(words[:2]) not in router.commands:
        words = ["/help"]
    for length in (2, 1):
        name = " ".join([words[0], *(word.lower() for word in words[1:length])])
        route = router.commands.get(name)
        if route is not None and len(words) >= length:
            return Command(name, route.permission, route.pattern.text, " ".join(words[length:]), route.words)
    return None


def described(role: Role) -> list[tuple[str, str]]:
    """Commands of one role with what they do, for menus and for `/help`."""
    if role is Role.CLIENT:
        return [
            ("/book", _("Book a session")),
            ("/sessions", _("Your sessions: move, cancel, book again")),
            ("/packages", _("Several sessions at once: buy, and what is left")),
            ("/gifts", _("Give sessions to somebody, or open a gift")),
            ("/calendar", _("Your sessions in your own calendar")),
            ("/settings", _("Time zone, language, reminders")),
            ("/help", _("What you can do here")),
        ]
    if role is Role.COACH:
        return [
            ("/today", _("Your day, and what is still open")),
            ("/availability", _("Your hours, other days and days off")),
            ("/clients", _("Your clients")),
            ("/coach", _("Your place, pause, share link")),
        ]
    return [
        ("/setup", _("The practice: offers, packages, coaches, sharing")),
        ("/today", _("The day of all coaches")),
        ("/clients", _("All clients")),
        ("/report", _("What came in and went back")),
        ("/audit", _("Who changed what")),
    ]


def by_role(roles: Collection[str]) -> list[tuple[Role, list[tuple[str, str]]]]:
    """The commands of somebody with these roles, clients' first; one that two roles share stands with the first."""
    found: list[tuple[Role, list[tuple[str, str]]]] = []
    named: set[str] = set()
    for role in (Role.CLIENT, Role.COACH, Role.OWNER):
        if role.value in roles:
            found.append((role, [entry for entry in described(role) if entry[0] not in named]))
            named |= {name for name, _what in found[-1][1]}
    return found


def menu(roles: Collection[str]) -> list[tuple[str, str]]:
    """All commands of somebody with these roles."""
    return [entry for _role, entries in by_role(roles) for entry in entries]
