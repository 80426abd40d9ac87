"""Reads persons and accounts, with what each may do, by the id that survives a merge."""

from typing import Any, TypeVar

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Preferences, Way, Where
from bot.domain.people.people import CHATS, Account, Person, Platform, Role, Unreachable
from bot.domain.practice.coaches import CoachState
from storage.columns import literal
from storage.identity import surviving
from storage.journal.set_aside import Reader, known
from storage.journal.unreadable import name_of
from storage.schema.people import NAME
from storage.sound import Senseless, check
from storage.tables import accounts, bookings, coaches, persons, roles
from storage.tx import Tx

T = TypeVar("T")

# Whoever was removed has what was kept, until the last of it is settled; it is no coach's right any more.
_KEPT = (
    sa.exists()
    .where(
        bookings.c.coach_id == coaches.c.id,
        bookings.c.state.in_(literal((BookingState.HELD, BookingState.CONFIRMED))),
        bookings.c.outcome.is_(None),
    )
    .correlate(coaches)
)
REMOVED = coaches.c.state == literal((CoachState.REMOVED,))[0]
PEOPLE = persons.outerjoin(
    roles, sa.and_(surviving(roles.c.person_id) == persons.c.id, roles.c.role == literal((Role.OWNER,))[0])
).outerjoin(coaches, sa.and_(coaches.c.person_id == persons.c.id, sa.or_(sa.not_(REMOVED), _KEPT)))
PERSON = (persons, roles.c.role, coaches.c.id.label("coach_id"), coaches.c.state.label("coach_state"))
ACCOUNT = (
    accounts.c.id.label("account_id"),
    surviving(accounts.c.person_id).label("person_id"),
    accounts.c.platform,
    accounts.c.workspace,
    accounts.c.user_ref,
    accounts.c.chat_ref,
    accounts.c.unreachable,
    accounts.c.platform_zone,
    accounts.c.seen_at,
    accounts.c.address_sealed,
    accounts.c.verified_at,
)
ADDRESS = "accounts.address_sealed"


def read_person(tx: Tx, row: Any) -> Person:
    check(persons, row)
    roles_of = {Role.CLIENT}
    if row.role is not None:
        roles_of.add(Role.OWNER)
    leaving = row.coach_state == CoachState.REMOVED.value
    if row.coach_id is not None:
        roles_of.add(Role.LEAVING if leaving else Role.COACH)
    return Person(
        id=row.id,
        name=name_of(tx, row.id, row.name_sealed),
        zone=row.zone,
        language=row.language,
        roles=frozenset(roles_of),
        coach_id=None if leaving else row.coach_id,
        leaving_id=row.coach_id if leaving else None,
        leads=None if row.leads is None else _list(row.leads, int),
        reminders=bool(row.reminders),
        stopped=_list(row.stopped or [], str),
        zone_from=row.zone_from,
        language_from=row.language_from,
        version=row.version,
    )


def _list(value: object, of: type[T]) -> tuple[T, ...]:
    if not isinstance(value, list) or not all(isinstance(each, of) for each in value):
        raise Senseless(f"no list of {of.__name__}")
    return tuple(value)


def read_account(tx: Tx, row: Any) -> Account:
    check(accounts, row)
    platform, sealed = known(Platform, row.platform), row.address_sealed
    return Account(
        id=row.account_id,
        person_id=row.person_id,
        platform=platform,
        workspace=row.workspace,
        user_ref=row.user_ref,
        chat_ref=row.chat_ref,
        unreachable=None if row.unreachable is None else known(Unreachable, row.unreachable),
        address=None if sealed is None else tx.sealer.open(sealed, ADDRESS, row.account_id),
        verified=platform in CHATS or row.verified_at is not None,
    )


def read_preferences(chosen: Any) -> Preferences:
    """As `storage.people.preferences` keeps them. Raises AttributeError, KeyError, TypeError or ValueError."""
    return Preferences({known(Topic, topic): _way(way) for topic, way in chosen.items()})


def _way(way: Any) -> Way:
    return Way(known(Where, way["where"]), frozenset(known(Platform, each) for each in way["without"]))


PERSONS = Reader(sa.select(*PERSON).select_from(PEOPLE), persons.c.id, read_person)


def _judged(tx: Tx, row: Any) -> None:
    tx.sealer.open(row.name_sealed, NAME, row.id)
    read_person(tx, row)
    if row.preferences is not None:
        read_preferences(row.preferences)
    survivor = sa.select(persons.c.id).where(persons.c.id == row.merged_into)
    if row.merged_into is not None and tx.execute(survivor).first() is None:
        raise Senseless("persons.merged_into")


WITH_NAME = Reader(PERSONS.select, persons.c.id, _judged)
"""As somebody looks again: elsewhere a person whose name no key opens is read all the same."""
