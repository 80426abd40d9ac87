"""Who may do what: routes, handlers and use cases name a permission, and one table says which roles have it."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.people.people import Person, Role


class Permission(StrEnum):
    """OWN is what belongs to the coach that the person is, EVERY what belongs to anybody in the practice."""

    BOOK = "book"  # also one's own sessions and settings, and help
    WORK_HERE = "work-here"  # reads what is meant for staff, and sees the practice before it is open
    POST_CARD = "post-card"
    SEE_DAY = "see-day"  # one's own, or the practice's
    SEE_CLIENTS = "see-clients"  # one's own, or the practice's
    GIVE_BACK = "give-back"  # money, by hand: for one's own sessions, or the practice's
    SEE_TODAY = "see-today"  # what /today leads to: a day, or the sessions that were kept for who was removed
    SEE_COMING = "see-coming"  # one's own sessions to come
    SEE_OWN_DAY = "see-own-day"
    KEEP_OWN_HOURS = "keep-own-hours"
    KEEP_OWN_PAGE = "keep-own-page"
    SEE_EVERY_DAY = "see-every-day"  # each coach's hours and sessions
    SEE_EVERY_CLIENT = "see-every-client"
    KEEP_EVERY_BOOKING = "keep-every-booking"  # as its coach would
    KEEP_OFFERS = "keep-offers"
    KEEP_TEAM = "keep-team"
    KEEP_WORKSPACES = "keep-workspaces"
    SET_UP = "set-up"
    SHARE = "share"
    READ_AUDIT = "read-audit"
    SEE_MONEY = "see-money"  # what came in and went back, of all coaches


_STAFF = frozenset(
    {
        Permission.WORK_HERE,
        Permission.POST_CARD,
        Permission.SEE_TODAY,
        Permission.SEE_DAY,
        Permission.SEE_CLIENTS,
        Permission.GIVE_BACK,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CLIENT: frozenset({Permission.BOOK}),
    Role.COACH: _STAFF
    | {
        Permission.SEE_COMING,
        Permission.SEE_OWN_DAY,
        Permission.KEEP_OWN_HOURS,
        Permission.KEEP_OWN_PAGE,
    },
    Role.LEAVING: frozenset({Permission.SEE_TODAY, Permission.SEE_COMING}),
    Role.OWNER: _STAFF
    | {
        Permission.SEE_EVERY_DAY,
        Permission.SEE_EVERY_CLIENT,
        Permission.KEEP_EVERY_BOOKING,
        Permission.KEEP_OFFERS,
        Permission.KEEP_TEAM,
        Permission.KEEP_WORKSPACES,
        Permission.SET_UP,
        Permission.SHARE,
        Permission.READ_AUDIT,
        Permission.SEE_MONEY,
    },
}


def may(person: Person, permission: Permission) -> bool:
    """Whether one of the person's roles has this permission."""
    return any(permission in PERMISSIONS[role] for role in person.roles)


def roles_with(permission: Permission) -> frozenset[Role]:
    return frozenset(role for role, granted in PERMISSIONS.items() if permission in granted)
