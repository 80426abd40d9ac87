"""Owners of the practice are those whom OWNERS names: from their first word on, from each start, and no longer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.people.people import CHATS, Account, Person, Platform, Profile, Role
from bot.domain.practice.workspaces import WorkspaceState
from bot.domain.records import About, AuditFilter
from bot.domain.subjects import Subject
from storage.engine import Tx
from storage.journal import audit, marks
from storage.people import people, roles
from storage.practice import workspaces

OwnerRef = tuple[str, str | None, str]
"""Platform, workspace and user id of an owner by the settings. The workspace is empty on Telegram; None on Slack
means the only workspace that there is."""

GRANTED, WITHDRAWN = "role.granted", "role.withdrawn"
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class OwnerChange:
    """Who became an owner at a start, or is none any more: `named` by OWNERS or not, which would say `refs`."""

    person_id: int
    named: bool
    refs: tuple[str, ...]
    at: datetime | None = None


def is_named(tx: Tx, owners: frozenset[OwnerRef], person: Person, profile: Profile) -> bool:
    """`slack:U0AAA` names somebody of the only workspace there is, who stays owner when others join."""
    platform = profile.platform.value
    if (platform, profile.workspace, profile.user_ref) in owners:
        return True
    if (platform, None, profile.user_ref) not in owners:
        return False
    if Role.OWNER in person.roles:
        return True
    others = [each for each in workspaces.every(tx) if each.team_ref != profile.workspace]
    return all(each.state is WorkspaceState.UNINSTALLED for each in others)


def put(tx: Tx, person_id: int, via: str, now: datetime, *, named: bool) -> bool:
    """Give or take the role; whether that changed anything."""
    changed = roles.grant(tx, person_id, Role.OWNER, now) if named else roles.withdraw(tx, person_id, Role.OWNER)
    if changed:
        audit.write(
            tx,
            person_id=person_id if named else None,
            via=via,
            act=GRANTED if named else WITHDRAWN,
            subject=Subject("person", person_id),
            after={"role": Role.OWNER.value},
            why="named by OWNERS" if named else "no longer named by OWNERS",
            now=now,
        )
    return changed


def compare(tx: Tx, owners: frozenset[OwnerRef], now: datetime) -> list[OwnerChange]:
    """Take the role from whom OWNERS no longer names, and give it to those of them who wrote before. From here on no
    process that started with other OWNERS gives or takes it."""
    marks.put_last(tx, marks.OWNERS, _digest(owners))
    changes = [each for each in unnamed(tx, owners) if put(tx, each.person_id, "cli", now, named=False)]
    new = [each for each in _named_accounts(tx, owners) if put(tx, each.person_id, "cli", now, named=True)]
    return changes + [OwnerChange(each.person_id, True, (_ref(each),)) for each in new]


def differ(tx: Tx, owners: frozenset[OwnerRef]) -> bool:
    """Whether `compare` would change anything."""
    if marks.last(tx, marks.OWNERS) != _digest(owners):
        return True
    having = roles.owner_ids(tx)
    return bool(unnamed(tx, owners)) or any(each.person_id not in having for each in _named_accounts(tx, owners))


def are_todays(tx: Tx, owners: frozenset[OwnerRef]) -> bool:
    """Whether the process that started last did so with these OWNERS. One that was not restarted since they were
    changed must not undo at each tap what they say now."""
    return marks.last(tx, marks.OWNERS) in {None, _digest(owners)}


def _digest(owners: frozenset[OwnerRef]) -> str:
    return hashlib.sha256(repr(sorted(owners, key=str)).encode()).hexdigest()[:16]


def _named_accounts(tx: Tx, owners: frozenset[OwnerRef]) -> list[Account]:
    """Of those who wrote before, and are named with their workspace."""
    refs = [(Platform(platform), workspace, user) for platform, workspace, user in sorted(owners, key=str)]
    found = (people.bare_account(tx, each, space, user, None) for each, space, user in refs if space is not None)
    return [account for account in found if account is not None]


def unnamed(tx: Tx, owners: frozenset[OwnerRef]) -> list[OwnerChange]:
    """Who has the role and is not named, by any account. One that cannot be read may be the one that is."""
    accounts = people.accounts_by_person(tx, roles.owner_ids(tx))
    unread = people.unreadable_accounts(tx, accounts)
    return [
        OwnerChange(person_id, False, tuple(_ref(each) for each in those if each.platform in CHATS))
        for person_id, those in accounts.items()
        if person_id not in unread and not any(_stays(owners, each) for each in those)
    ]


def _stays(owners: frozenset[OwnerRef], account: Account) -> bool:
    platform = account.platform.value
    refs = ((platform, account.workspace, account.user_ref), (platform, None, account.user_ref))
    return not owners.isdisjoint(refs)


def withdrawn_lately(tx: Tx, now: datetime) -> list[OwnerChange]:
    """Who lost the role in the last `LOOK_BACK` and has not got it back, the newest first."""
    trail = audit.recent(tx, limit=100, wanted=AuditFilter(about=About.TEAM, since=now - LOOK_BACK))
    owners, found = roles.owner_ids(tx), dict[int, OwnerChange]()
    for entry in trail:
        person_id = entry.subject.number("person")
        if entry.act == WITHDRAWN and person_id is not None and person_id not in (*owners, *found):
            refs = tuple(map(_ref, people.chats_of(tx, person_id)))
            found[person_id] = OwnerChange(person_id, False, refs, entry.at)
    return list(found.values())


def _ref(account: Account) -> str:
    return ":".join(part for part in (account.platform.value, account.workspace, account.user_ref) if part)
