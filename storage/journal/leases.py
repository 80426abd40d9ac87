"""Leases: the right of one process to do something alone for a while, such as polling or refreshing a token.

The epoch grows with every change of hands: what was begun under an older one must not be written. Time is that of the
database.
"""

from typing import NamedTuple

import sqlalchemy as sa

from storage.leased import held, lasting, real_now
from storage.ready import Ready
from storage.tables import leases
from storage.tx import Tx, upsert

_NAME = sa.bindparam("which", type_=sa.Text)
_OWNER = sa.bindparam("who", type_=sa.Text)
_EPOCH = sa.bindparam("since", type_=sa.BigInteger)


def _acquire(postgres: bool) -> sa.Executable:
    until = lasting(sa.bindparam("seconds", type_=sa.BigInteger))
    made = upsert(leases, postgres=postgres).values(name=_NAME, owner=_OWNER, epoch=1, until=until)
    mine = sa.and_(leases.c.owner == _OWNER, held(leases.c.until))
    epoch = sa.case((mine, leases.c.epoch), else_=leases.c.epoch + 1)
    return made.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": _OWNER, "until": until, "epoch": epoch},
        where=sa.or_(leases.c.owner == _OWNER, ~held(leases.c.until)),
    ).returning(leases.c.epoch)


_ACQUIRE = Ready(_acquire)
_TAKEN = sa.select(leases.c.epoch).where(leases.c.name == _NAME, held(leases.c.until))
_BY_ANYBODY, _BY_ANOTHER = Ready(_TAKEN), Ready(_TAKEN.where(leases.c.owner != _OWNER))


def acquire(tx: Tx, name: str, owner: str, seconds: int) -> int | None:
    """Take or prolong the lease; its epoch, or None while another holds it. Prolonging keeps the epoch."""
    return tx.execute(_ACQUIRE, {"which": name, "who": owner, "seconds": seconds}).scalar_one_or_none()


def speak_up(tx: Tx, seconds: int) -> None:
    """On Postgres the server ends this transaction when its process falls silent for so long between two statements:
    one that was stopped must not keep a lock that all the others wait for."""
    if tx.postgres:
        tx.execute(sa.text(f"SET LOCAL idle_in_transaction_session_timeout = '{int(seconds)}s'"))


def holds(tx: Tx, name: str, owner: str, epoch: int) -> bool:
    """Whether the lease is still held; on Postgres it then cannot change hands before this transaction ends."""
    return tx.execute(_HOLDS, {"which": name, "who": owner, "since": epoch}).first() is not None


_KEPT = (
    sa.select(leases.c.epoch)
    .where(leases.c.name == _NAME, leases.c.owner == _OWNER, leases.c.epoch == _EPOCH, held(leases.c.until))
    .with_for_update(read=True)
)
_HOLDS = Ready(_KEPT)
STILL = sa.exists(_KEPT)
"""As `holds`, as a condition of a statement that must not run without the lease: its parameters are those of a
`Lease`."""


class Lease(NamedTuple):
    """A lease that somebody has had since this epoch."""

    which: str
    who: str
    since: int


def taken(tx: Tx, name: str, *, but: str | None = None) -> bool:
    """Whether anybody has it, other than the owner `but`."""
    if but is None:
        return tx.execute(_BY_ANYBODY, {"which": name}).first() is not None
    return tx.execute(_BY_ANOTHER, {"which": name, "who": but}).first() is not None


def seconds_left(tx: Tx, name: str) -> int:
    """How long it is held still unless it is prolonged; 0 when nobody has it."""
    left = sa.select(leases.c.until - real_now()).where(leases.c.name == name, held(leases.c.until))
    return max(0, tx.execute(left).scalar_one_or_none() or 0)


def cursor(tx: Tx, name: str) -> str | None:
    """What the last holder kept for the next one."""
    return tx.execute(sa.select(leases.c.cursor).where(leases.c.name == name)).scalar_one_or_none()


def set_cursor(tx: Tx, name: str, owner: str, epoch: int, cursor: str) -> bool:
    """Keep what the next holder must know; False when the lease was lost, and nothing is kept."""
    return tx.execute(sa.update(leases).where(*_held(name, owner, epoch)).values(cursor=cursor)).rowcount == 1


def release(tx: Tx, name: str, owner: str, epoch: int) -> None:
    """Let others take it at once; nothing happens when it was lost already."""
    tx.execute(sa.update(leases).where(*_held(name, owner, epoch)).values(until=0))


def _held(name: str, owner: str, epoch: int) -> tuple[sa.ColumnElement[bool], ...]:
    return leases.c.name == name, leases.c.owner == owner, leases.c.epoch == epoch
