"""Addresses of mail and SMS: accounts that are proved by a code before anything else is sent there.

Until then `user_ref` says nothing of the address, so that nobody keeps it from whom it belongs to. Afterwards it is a
hash of the address with the practice's own key, and one person's alone. Of a code only its salt is kept: it is made
again, with the same key, for the message that carries it and for what was typed. A row whose address was removed stays,
since messages name it.
"""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.people.addresses import CODE_DIGITS, FORGOTTEN, Unproved, code_of, same_for
from bot.domain.people.people import ADDRESSES, Account, Platform, Unreachable
from storage.columns import literal
from storage.identity import stands_for
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import read_each
from storage.journal.unreadable import read_if
from storage.people.people import ACCOUNTS
from storage.people.person_rows import ACCOUNT, ADDRESS
from storage.practice import hash_key
from storage.practice.hash_key import keyed_hash
from storage.tables import accounts
from storage.tx import Tx, Violation

_OF_ADDRESSES = accounts.c.platform.in_(literal(sorted(ADDRESSES)))
_THERE = sa.and_(_OF_ADDRESSES, accounts.c.address_sealed.is_not(None))
_CODED = (*ACCOUNT, accounts.c.code_salt, accounts.c.code_at, accounts.c.code_tries)


def find(tx: Tx, platform: Platform, address: str) -> Account | None:
    """The account that was proved to have this address, whoever it is of. Raises `CannotRead`."""
    key = hash_key.find(tx)
    if key is None:
        return None
    named = (accounts.c.platform == platform.value, accounts.c.workspace == "")
    mine = (*named, accounts.c.user_ref == _ref(key, platform, address))
    row = tx.execute(sa.select(*ACCOUNT).where(*mine, _THERE)).first()
    return read_if(tx, ACCOUNTS, row)


def of_person(tx: Tx, person_id: int) -> list[Account]:
    """Proved or not, the oldest first."""
    theirs = sa.select(*ACCOUNT).where(stands_for(accounts.c.person_id, person_id), _THERE)
    return read_each(tx, ACCOUNTS, tx.execute(theirs.order_by(accounts.c.id)))


def unproved(tx: Tx, person_id: int, account_id: int) -> Unproved | None:
    """An address of this person that waits for its code."""
    mine = (accounts.c.id == account_id, stands_for(accounts.c.person_id, person_id), accounts.c.verified_at.is_(None))
    row = tx.execute(sa.select(*_CODED).where(*mine, _THERE, accounts.c.code_at.is_not(None))).first()
    account = read_if(tx, ACCOUNTS, row)
    if row is None or account is None:
        return None
    sent_at = from_epoch(row.code_at)
    return None if sent_at is None else Unproved(account, sent_at, row.code_tries)


def add(tx: Tx, person_id: int, platform: Platform, address: str, now: datetime) -> int:
    """Keep an address that is yet to be proved; the id of its account."""
    account_id = tx.next_id(accounts)
    tx.execute(
        sa.insert(accounts).values(
            id=account_id,
            person_id=person_id,
            platform=platform.value,
            workspace="",
            user_ref=f"new:{account_id}",
            address_sealed=tx.sealer.seal(address, ADDRESS, account_id),
            seen_at=to_epoch(now),
        )
    )
    return account_id


def new_code(tx: Tx, account_id: int, now: datetime) -> str:
    """Begin anew with a code of this moment, in the place of the one before; its salt, which may be read by anybody."""
    hash_key.need(tx)
    salt = secrets.token_hex(8)
    values = {"code_salt": salt, "code_at": to_epoch(now), "code_tries": 0, "seen_at": to_epoch(now)}
    tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))
    return salt


def code(tx: Tx, account_id: int) -> str | None:
    """The code that proves this address; None where none is wanted. Raises `CannotRead`."""
    row = tx.execute(sa.select(accounts.c.code_salt).where(accounts.c.id == account_id, _THERE)).first()
    key = hash_key.find(tx)
    if row is None or row.code_salt is None or key is None:
        return None
    found = code_of(keyed_hash(key, "code", account_id, row.code_salt))
    assert len(found) == CODE_DIGITS
    return found


def count_try(tx: Tx, account_id: int) -> None:
    """A code was typed for it."""
    change = sa.update(accounts).where(accounts.c.id == account_id)
    tx.execute(change.values(code_tries=accounts.c.code_tries + 1))


def verify(tx: Tx, account: Account, now: datetime) -> bool:
    """It is proved to be its person's; False where somebody else proved the same address before."""
    assert account.address is not None
    values = {
        "user_ref": _ref(hash_key.need(tx), account.platform, account.address),
        "verified_at": to_epoch(now),
        "seen_at": to_epoch(now),
        "code_salt": None,
        "code_at": None,
    }
    try:
        with tx.savepoint():
            tx.execute(sa.update(accounts).where(accounts.c.id == account.id).values(**values))
    except Violation:
        return False
    return True


def number_of(tx: Tx, platform: Platform, address: str) -> int:
    """One number for an address, whoever writes it down, which tells nothing of it: to count by."""
    return int(_ref(hash_key.need(tx), platform, address)[:15], 16)


def remove(tx: Tx, account_id: int) -> None:
    """Forget the address. Its row stays, and takes nothing any more."""
    tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**_removed()))


def forget_unproved(tx: Tx, now: datetime, limit: int) -> int:
    """Forget addresses that nobody proved to be theirs for a day, at most so many; how many there were."""
    waiting = sa.select(accounts.c.id).where(_THERE, accounts.c.verified_at.is_(None))
    old = waiting.where(accounts.c.seen_at < to_epoch(now - FORGOTTEN)).limit(limit)
    return tx.execute(sa.update(accounts).where(accounts.c.id.in_(old)).values(**_removed())).rowcount


def _removed() -> dict[str, Any]:
    return {
        "user_ref": sa.literal("gone:", sa.Text) + sa.cast(accounts.c.id, sa.Text),
        "address_sealed": None,
        "verified_at": None,
        "code_salt": None,
        "code_at": None,
        "unreachable": Unreachable.OPTED_OUT.value,
    }


def _ref(key: bytes, platform: Platform, address: str) -> str:
    return keyed_hash(key, "address", platform.value, same_for(platform, address))
