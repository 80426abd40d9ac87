"""Persons and their chat accounts. Names are sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.people.conversations import Conversation
from bot.domain.people.people import ADDRESSES, CHATS, Account, Person, Platform, Profile, Unreachable
from bot.domain.practice.workspaces import WorkspaceState
from bot.domain.records import Why
from storage import tables
from storage.columns import literal
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.acts import LED_TO
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import name_of, read_if, read_one
from storage.people import conversations
from storage.people.person_rows import ACCOUNT, PEOPLE, PERSON, PERSONS, REMOVED, read_account, read_person
from storage.practice import catalogue
from storage.ready import Ready
from storage.schema.people import NAME
from storage.tables import accounts, coaches, persons, roles, workspaces
from storage.tx import BadRow, CannotRead, Tx, Violation

_KNOWN = (
    PEOPLE.join(accounts, surviving(accounts.c.person_id) == persons.c.id)
    .outerjoin(tables.conversations, tables.conversations.c.account_id == accounts.c.id)
    .outerjoin(workspaces, workspaces.c.team_ref == accounts.c.workspace)
)
_IN_A_CHAT = accounts.c.platform.not_in(literal(sorted(ADDRESSES)))  # so that no index begins with it
_given = persons.alias("given")
_SURVIVOR = surviving(sa.bindparam("person", type_=sa.BigInteger))
_SURVIVORS = sa.select(surviving(_given.c.id)).where(_given.c.id.in_(sa.bindparam("people", expanding=True)))
_BY_ID = Ready(sa.select(*PERSON).select_from(PEOPLE).where(persons.c.id == _SURVIVOR))
_BY_IDS = Ready(sa.select(*PERSON).select_from(PEOPLE).where(persons.c.id.in_(_SURVIVORS)))
_BY_REF = Ready(
    sa.select(
        *PERSON,
        *ACCOUNT,
        *conversations.COLUMNS,
        workspaces.c.state.label("workspace_state"),
        catalogue.ALONG,
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


ORDER = (accounts.c.unreachable.is_not(None), accounts.c.seen_at.desc(), accounts.c.id)
"""Those that can be written to first, then the one last heard of."""

ACCOUNTS = Reader(sa.select(*ACCOUNT), accounts.c.id, read_account, "account_id")


def _pair(tx: Tx, row: Any) -> tuple[Account, Person]:
    return read_account(tx, row), read_person(tx, row)


_PAIRS = Reader(ACCOUNTS.select, accounts.c.id, _pair, "account_id")


def find(tx: Tx, person_id: int) -> Person | None:
    row = tx.execute(_BY_ID, {"person": person_id}).first()
    return read_if(tx, PERSONS, row)


def lock(tx: Tx, person_id: int) -> None:
    """Hold the person until the transaction ends; a statement of its own, before what it guards."""
    tx.execute(sa.select(persons.c.id).where(persons.c.id == person_id).with_for_update())


def find_many(tx: Tx, person_ids: Collection[int]) -> list[Person]:
    rows = tx.execute(_BY_IDS, {"people": list(person_ids)})
    return read_each(tx, PERSONS, rows)


def find_account(tx: Tx, account_id: int) -> Account | None:
    row = tx.execute(sa.select(*ACCOUNT).where(accounts.c.id == account_id)).first()
    return read_if(tx, ACCOUNTS, row)


def bare_account(tx: Tx, platform: Platform, workspace: str, user_ref: str, chat_ref: str | None) -> Account | None:
    """The account by what its platform calls it; of what is kept only the keys are read."""
    mine = (accounts.c.platform == platform.value, accounts.c.workspace == workspace, accounts.c.user_ref == user_ref)
    row = tx.execute(sa.select(accounts.c.id, surviving(accounts.c.person_id).label("person_id")).where(*mine)).first()
    return None if row is None else Account(row.id, row.person_id, platform, workspace, user_ref, chat_ref)


def accounts_of(tx: Tx, person_id: int) -> list[Account]:
    """The person's accounts, those that can be written to first, then the one last heard of. Addresses that are not
    verified are among them."""
    return accounts_by_person(tx, [person_id])[person_id]


def chats_of(tx: Tx, person_id: int) -> list[Account]:
    """As `accounts_of`, without addresses."""
    return [account for account in accounts_of(tx, person_id) if account.platform in CHATS]


def accounts_by_person(tx: Tx, person_ids: Collection[int]) -> dict[int, list[Account]]:
    """As `accounts_of`, of many at once."""
    rows = tx.execute(sa.select(*ACCOUNT).where(stands_for(accounts.c.person_id, *person_ids)).order_by(*ORDER))
    found: dict[int, list[Account]] = {person_id: [] for person_id in person_ids}
    for account in read_each(tx, ACCOUNTS, rows):
        found[account.person_id].append(account)
    return found


def unreadable_accounts(tx: Tx, person_ids: Collection[int]) -> set[int]:
    """Which of these persons have an account that cannot be read."""
    rows = tx.execute(sa.select(*ACCOUNT).where(stands_for(accounts.c.person_id, *person_ids))).all()
    readable = {account.id for account in read_each(tx, ACCOUNTS, rows)}
    return {row.person_id for row in rows if row.account_id not in readable}


def no_coaches(tx: Tx, *, but: int, skip: int, most: int) -> list[tuple[Account, Person]]:
    """Chats that can be written to, of persons who do not coach; who was heard of last first.

    Those of the person `but` are left out. At most `most`, after the first `skip`.
    """
    coaching = sa.exists().where(coaches.c.person_id == surviving(accounts.c.person_id), sa.not_(REMOVED))
    latest = (
        sa.select(*ACCOUNT)
        .where(accounts.c.unreachable.is_(None), surviving(accounts.c.person_id) != but, ~coaching, _IN_A_CHAT)
        .order_by(accounts.c.seen_at.desc(), accounts.c.id)
        .limit(most)
        .offset(skip)
        .subquery()
    )
    rows = tx.execute(
        sa.select(*PERSON, *latest.c)
        .select_from(PEOPLE.join(latest, latest.c.person_id == persons.c.id))
        .order_by(latest.c.seen_at.desc(), latest.c.account_id)
    )
    return read_each(tx, _PAIRS, rows)


def names_by_account(tx: Tx, account_ids: Collection[int]) -> dict[int, str]:
    """What the persons of these accounts are called."""
    theirs = accounts.join(persons, surviving(accounts.c.person_id) == persons.c.id)
    named = sa.select(accounts.c.id, persons.c.id.label("person_id"), persons.c.name_sealed).select_from(theirs)
    rows = tx.execute(named.where(accounts.c.id.in_(account_ids)))
    return {row.id: name_of(tx, row.person_id, row.name_sealed) for row in rows}


def known(tx: Tx, platform: Platform, workspace: str, user_ref: str, now: datetime, key: str = "") -> Known | None:
    """Who this account of a platform is, for the update of this key: one statement, since every turn asks it."""
    asked = {"platform": platform.value, "workspace": workspace, "user": user_ref, "act": key}
    row = tx.execute(_BY_REF, asked).first()
    if row is None:
        return None
    return Known(
        person=read_one(tx, PERSONS, row),
        account=read_one(tx, ACCOUNTS, row),
        conversation=conversations.read(tx, row, row.account_id, now),
        platform_zone=row.platform_zone,
        seen_at=from_epoch(row.seen_at),
        closed=row.workspace_state == WorkspaceState.CLOSED.value,
        generation=row.generation,
        led_to=row.led_to,
    )


def create(tx: Tx, profile: Profile, now: datetime, key: str = "") -> Known:
    """The person of this profile, made unless another transaction made it meanwhile. `key` as for `known`.

    Raises `CannotRead` where the account is of somebody who is said to be one with nobody.
    """
    try:
        with tx.savepoint():
            _insert(tx, profile, now)
    except Violation:
        pass
    made = known(tx, profile.platform, profile.workspace, profile.user_ref, now, key)
    if made is None:
        raise CannotRead(BadRow("persons", str(_stored_person(tx, profile)), Why.UNREADABLE))
    return made


def _stored_person(tx: Tx, profile: Profile) -> int:
    its = {"platform": profile.platform.value, "workspace": profile.workspace, "user_ref": profile.user_ref}
    query = sa.select(accounts.c.person_id).where(*(accounts.c[name] == value for name, value in its.items()))
    return int(tx.execute(query).scalar_one())


def _insert(tx: Tx, profile: Profile, now: datetime) -> None:
    person_id = tx.next_id(persons)
    tx.execute(
        sa.insert(persons).values(
            id=person_id,
            name_sealed=tx.sealer.seal(profile.name, NAME, person_id),
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
        .select_from(PEOPLE)
        .where(roles.c.role.is_(None), coaches.c.id.is_(None))
        .order_by(persons.c.id)
    )
    return list(rows.scalars())


def names(tx: Tx, person_ids: Sequence[int]) -> dict[int, str]:
    """What these persons are called, by the ids that were asked for."""
    theirs = _given.join(persons, persons.c.id == surviving(_given.c.id))
    named = sa.select(_given.c.id, persons.c.id.label("person_id"), persons.c.name_sealed).select_from(theirs)
    rows = tx.execute(named.where(_given.c.id.in_(set(person_ids))))
    return {row.id: name_of(tx, row.person_id, row.name_sealed) for row in rows}
