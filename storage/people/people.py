"""Persons and their chat accounts. Names are sealed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.people.conversations import Conversation
from bot.domain.people.people import Account, Person, Platform, Profile, Role, Unreachable
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.workspaces import WorkspaceState
from storage import tables
from storage.columns import literal
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.acts import LED_TO
from storage.people import conversations
from storage.tables import accounts, bookings, catalogue, coaches, persons, roles, workspaces
from storage.tx import Tx

# Whoever was removed stays the coach of what was kept, until the last of it is settled.
_KEPT = (
    sa.exists()
    .where(
        bookings.c.coach_id == coaches.c.id,
        bookings.c.state.in_(literal((BookingState.HELD, BookingState.CONFIRMED))),
        bookings.c.outcome.is_(None),
    )
    .correlate(coaches)
)
_REMOVED = coaches.c.state == literal((CoachState.REMOVED,))[0]
_PEOPLE = persons.outerjoin(
    roles, sa.and_(surviving(roles.c.person_id) == persons.c.id, roles.c.role == literal((Role.OWNER,))[0])
).outerjoin(coaches, sa.and_(coaches.c.person_id == persons.c.id, sa.or_(sa.not_(_REMOVED), _KEPT)))
_KNOWN = (
    _PEOPLE.join(accounts, surviving(accounts.c.person_id) == persons.c.id)
    .outerjoin(tables.conversations, tables.conversations.c.account_id == accounts.c.id)
    .outerjoin(workspaces, workspaces.c.team_ref == accounts.c.workspace)
)
_PERSON = (persons, roles.c.role, coaches.c.id.label("coach_id"))
_ACCOUNT = (
    accounts.c.id.label("account_id"),
    surviving(accounts.c.person_id).label("person_id"),
    accounts.c.platform,
    accounts.c.workspace,
    accounts.c.user_ref,
    accounts.c.chat_ref,
    accounts.c.unreachable,
    accounts.c.platform_zone,
    accounts.c.seen_at,
)


_stored = persons.alias("given")
_BY_ID = (
    sa.select(*_PERSON)
    .select_from(_PEOPLE)
    .where(persons.c.id == surviving(sa.bindparam("person", type_=sa.BigInteger)))
)
_BY_IDS = (
    sa.select(*_PERSON)
    .select_from(_PEOPLE)
    .where(
        persons.c.id.in_(
            sa.select(surviving(_stored.c.id)).where(_stored.c.id.in_(sa.bindparam("people", expanding=True)))
        )
    )
)
_BY_REF = (
    sa.select(
        *_PERSON,
        *_ACCOUNT,
        *conversations.COLUMNS,
        workspaces.c.state.label("workspace_state"),
        sa.select(catalogue.c.generation).scalar_subquery().label("generation"),
        LED_TO.scalar_subquery().label("led_to"),
    )
    .select_from(_KNOWN)
    .where(
        accounts.c.platform == sa.bindparam("platform"),
        accounts.c.workspace == sa.bindparam("workspace"),
        accounts.c.user_ref == sa.bindparam("user"),
    )
)


@dataclass(frozen=True)
class Known:
    """An account with its person. `closed`: its workspace was closed by the owner of the practice.

    `platform_zone` is what the platform said last, `seen_at` when a word from it last brought something new.
    Read at the same moment: `generation` is that of the catalogue, `led_to` as in `acts.led_to`.
    """

    person: Person
    account: Account
    conversation: Conversation
    platform_zone: str | None
    seen_at: datetime
    closed: bool
    generation: int
    led_to: str | None


def find(tx: Tx, person_id: int) -> Person | None:
    row = tx.execute(_BY_ID, {"person": person_id}).first()
    return None if row is None else _person(tx, row)


def find_many(tx: Tx, person_ids: Collection[int]) -> list[Person]:
    rows = tx.execute(_BY_IDS, {"people": list(person_ids)})
    return [_person(tx, row) for row in rows]


def find_account(tx: Tx, account_id: int) -> Account | None:
    row = tx.execute(sa.select(*_ACCOUNT).where(accounts.c.id == account_id)).first()
    return None if row is None else _account(row)


def accounts_of(tx: Tx, person_id: int) -> list[Account]:
    """The person's accounts, those that can be written to first, then the one last heard of."""
    return accounts_by_person(tx, [person_id])[person_id]


def accounts_by_person(tx: Tx, person_ids: Collection[int]) -> dict[int, list[Account]]:
    """As `accounts_of`, of many at once."""
    rows = tx.execute(
        sa.select(*_ACCOUNT)
        .where(stands_for(accounts.c.person_id, *person_ids))
        .order_by(accounts.c.unreachable.is_not(None), accounts.c.seen_at.desc(), accounts.c.id)
    )
    found: dict[int, list[Account]] = {person_id: [] for person_id in person_ids}
    for account in map(_account, rows):
        found[account.person_id].append(account)
    return found


def no_coaches(tx: Tx, *, but: int, skip: int, most: int) -> list[tuple[Account, Person]]:
    """Accounts that can be written to, of persons who do not coach; who was heard of last first.

    Those of the person `but` are left out. At most `most`, after the first `skip`.
    """
    coaching = sa.exists().where(coaches.c.person_id == surviving(accounts.c.person_id), sa.not_(_REMOVED))
    latest = (
        sa.select(*_ACCOUNT)
        .where(accounts.c.unreachable.is_(None), surviving(accounts.c.person_id) != but, ~coaching)
        .order_by(accounts.c.seen_at.desc(), accounts.c.id)
        .limit(most)
        .offset(skip)
        .subquery()
    )
    rows = tx.execute(
        sa.select(*_PERSON, *latest.c)
        .select_from(_PEOPLE.join(latest, latest.c.person_id == persons.c.id))
        .order_by(latest.c.seen_at.desc(), latest.c.account_id)
    )
    return [(_account(row), _person(tx, row)) for row in rows]


def names_by_account(tx: Tx, account_ids: Collection[int]) -> dict[int, str]:
    """What the persons of these accounts are called."""
    theirs = accounts.join(persons, surviving(accounts.c.person_id) == persons.c.id)
    named = sa.select(accounts.c.id, persons.c.name_sealed).select_from(theirs)
    rows = tx.execute(named.where(accounts.c.id.in_(account_ids)))
    return {row.id: tx.sealer.open(row.name_sealed) for row in rows}


def known(
    tx: Tx, platform: Platform, workspace: str, user_ref: str, now: datetime, key: str = ""
) -> Known | None:
    """Who this account of a platform is, for the update of this key: one statement, since every turn asks it."""
    asked = {"platform": platform.value, "workspace": workspace, "user": user_ref, "act": key}
    row = tx.execute(_BY_REF, asked).first()
    if row is None:
        return None
    return Known(
        person=_person(tx, row),
        account=_account(row),
        conversation=conversations.read(tx, row, row.account_id, now),
        platform_zone=row.platform_zone,
        seen_at=from_epoch(row.seen_at),
        closed=row.workspace_state == WorkspaceState.CLOSED.value,
        generation=row.generation,
        led_to=row.led_to,
    )


def create(tx: Tx, profile: Profile, now: datetime) -> Known:
    """The person of this profile, made unless another transaction made it meanwhile."""
    try:
        with tx.savepoint():
            _insert(tx, profile, now)
    except sa.exc.IntegrityError:
        pass
    made = known(tx, profile.platform, profile.workspace, profile.user_ref, now)
    assert made is not None
    return made


def _insert(tx: Tx, profile: Profile, now: datetime) -> None:
    person_id = tx.insert(
        sa.insert(persons).values(
            name_sealed=tx.sealer.seal(profile.name),
            zone=profile.zone,
            zone_from=None if profile.zone is None else profile.platform.value,
            language=profile.language or "en",
            created_at=to_epoch(now),
        )
    )
    tx.execute(
        sa.insert(accounts).values(
            person_id=person_id,
            platform=profile.platform.value,
            workspace=profile.workspace,
            user_ref=profile.user_ref,
            chat_ref=profile.chat_ref,
            platform_zone=profile.zone,
            seen_at=to_epoch(now),
        )
    )


def platform_zones(tx: Tx, person_id: int) -> list[str]:
    """The zones that the person's platforms report, of the account last heard of first."""
    rows = tx.execute(
        sa.select(accounts.c.platform_zone)
        .where(stands_for(accounts.c.person_id, person_id), accounts.c.platform_zone.is_not(None))
        .order_by(accounts.c.seen_at.desc(), accounts.c.id)
    )
    return list(rows.scalars())


def change(tx: Tx, person_id: int, **values: Any) -> None:
    """Set columns of a person: `name`, `zone`, `zone_from`, `language`, `language_from`, `leads`, `reminders`."""
    columns: dict[str, Any] = dict(values)
    if "name" in columns:
        columns["name_sealed"] = tx.sealer.seal(columns.pop("name"))
    survivor = persons.c.id == surviving(sa.literal(person_id, sa.BigInteger))
    tx.execute(sa.update(persons).where(survivor).values(**columns, version=persons.c.version + 1))


def change_account(tx: Tx, account_id: int, values: Mapping[str, str | int | None]) -> None:
    """Set columns of an account: `chat_ref`, `unreachable`, `platform_zone`, `seen_at`."""
    tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))


def mark_workspace(
    tx: Tx, platform: Platform, workspace: str, was: Unreachable | None, becomes: Unreachable | None
) -> list[int]:
    """Change why a workspace's accounts cannot be reached, of those in state `was`; the persons touched."""
    rows = tx.execute(
        sa.update(accounts)
        .where(
            accounts.c.platform == platform.value,
            accounts.c.workspace == workspace,
            accounts.c.unreachable.is_(None) if was is None else accounts.c.unreachable == was.value,
        )
        .values(unreachable=None if becomes is None else becomes.value)
        .returning(surviving(accounts.c.person_id))
    )
    return sorted(set(rows.scalars()))


def those_who_wait(tx: Tx) -> list[int]:
    """Persons who are neither owner nor coach: whoever wrote before the practice opened."""
    rows = tx.execute(
        sa.select(persons.c.id)
        .select_from(_PEOPLE)
        .where(roles.c.role.is_(None), coaches.c.id.is_(None))
        .order_by(persons.c.id)
    )
    return list(rows.scalars())


def names(tx: Tx, person_ids: Sequence[int]) -> dict[int, str]:
    """What these persons are called, by the ids that were asked for."""
    them = _stored.join(persons, persons.c.id == surviving(_stored.c.id))
    named = sa.select(_stored.c.id, persons.c.name_sealed).select_from(them)
    rows = tx.execute(named.where(_stored.c.id.in_(set(person_ids))))
    return {row.id: tx.sealer.open(row.name_sealed) for row in rows}


def _person(tx: Tx, row: Any) -> Person:
    roles_of = {Role.CLIENT}
    if row.role is not None:
        roles_of.add(Role.OWNER)
    if row.coach_id is not None:
        roles_of.add(Role.COACH)
    return Person(
        id=row.id,
        name=tx.sealer.open(row.name_sealed),
        zone=row.zone,
        language=row.language,
        roles=frozenset(roles_of),
        coach_id=row.coach_id,
        leads=None if row.leads is None else tuple(row.leads),
        reminders=bool(row.reminders),
        zone_from=row.zone_from,
        language_from=row.language_from,
        version=row.version,
    )


def _account(row: Any) -> Account:
    return Account(
        id=row.account_id,
        person_id=row.person_id,
        platform=Platform(row.platform),
        workspace=row.workspace,
        user_ref=row.user_ref,
        chat_ref=row.chat_ref,
        unreachable=None if row.unreachable is None else Unreachable(row.unreachable),
    )
