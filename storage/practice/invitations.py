"""Single-use tokens, kept as their SHA-256 only."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.practice.invitations import Invitation
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import read_if
from storage.sealing import digest
from storage.sound import check
from storage.tables import invitations
from storage.tx import Tx

_INSTANTS = ("created_at", "expires_at", "used_at", "revoked_at")


def create(
    tx: Tx,
    token: str,
    *,
    made_by: int,
    now: datetime,
    expires_at: datetime,
    account_id: int | None = None,
    purpose: str = "coach",
    code: str | None = None,
) -> int:
    """Keep a token, and a short code that does the same; for one account or whoever has either. Returns the id."""
    return tx.insert(
        sa.insert(invitations).values(
            token_hash=digest(token),
            code_hash=None if code is None else digest(code),
            purpose=purpose,
            made_by=made_by,
            account_id=account_id,
            created_at=to_epoch(now),
            expires_at=to_epoch(expires_at),
        )
    )


def find(tx: Tx, id: int) -> Invitation | None:  # noqa: A002
    """An invitation in any state."""
    return _one(tx, invitations.c.id == id)


def of_token(tx: Tx, token: str) -> Invitation | None:
    """The invitation that `token`, or the code beside it, belongs to; in any state."""
    hashed = digest(token)
    return _one(tx, sa.or_(invitations.c.token_hash == hashed, invitations.c.code_hash == hashed))


def use(tx: Tx, id: int, person_id: int, now: datetime) -> bool:  # noqa: A002
    """Use it up; False when it was used, revoked or has expired. Whose account it is for is checked before."""
    unused = sa.update(invitations).where(
        invitations.c.id == id,
        invitations.c.used_at.is_(None),
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > to_epoch(now),
    )
    return tx.execute(unused.values(used_at=to_epoch(now), used_by=person_id)).rowcount == 1


def revoke(tx: Tx, id: int, now: datetime) -> bool:  # noqa: A002
    """Make it useless; False when it was used or revoked already."""
    unused = sa.update(invitations).where(
        invitations.c.id == id, invitations.c.used_at.is_(None), invitations.c.revoked_at.is_(None)
    )
    return tx.execute(unused.values(revoked_at=to_epoch(now))).rowcount == 1


def still_open(tx: Tx, now: datetime, purpose: str = "coach") -> list[Invitation]:
    """Those that can still be used, oldest first."""
    unused = sa.select(invitations).where(
        invitations.c.purpose == purpose,
        invitations.c.used_at.is_(None),
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > to_epoch(now),
    )
    return read_each(tx, INVITATIONS, tx.execute(unused.order_by(invitations.c.id)))


def _one(tx: Tx, which: sa.ColumnElement[bool]) -> Invitation | None:
    row = tx.execute(sa.select(invitations).where(which)).first()
    return read_if(tx, INVITATIONS, row)


def _invitation(_tx: Tx, row: sa.Row[*tuple[object, ...]]) -> Invitation:
    check(invitations, row)
    values = dict(row._mapping)
    del values["token_hash"], values["code_hash"]
    return Invitation(**{**values, **{name: from_epoch(values[name]) for name in _INSTANTS}})


INVITATIONS = Reader(sa.select(invitations), invitations.c.id, _invitation)
