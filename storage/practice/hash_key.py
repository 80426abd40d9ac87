"""A key of the practice's own for hashes by which something is found again. It is drawn once, kept sealed, and outlives
every change of SECRET_KEYS: see docs/decisions/0049.
"""

import hashlib
import hmac
import secrets

import sqlalchemy as sa

from bot.domain.records import Why
from storage.journal.set_aside import why_of
from storage.practice.catalogue_rows import HASH_KEY
from storage.practice.practice import lock
from storage.sealing import Unreadable
from storage.tables import practice
from storage.tx import BadRow, CannotRead, Tx

_ID = 1
_BYTES = 32
_LETTERS = 40  # 160 bits


def find(tx: Tx) -> bytes | None:
    """None where nobody needed it yet. Raises `CannotRead`: a new one in its place would find nothing any more."""
    sealed = tx.execute(sa.select(practice.c.hash_key_sealed).where(practice.c.id == _ID)).scalar()
    if sealed is None:
        return None
    try:
        return bytes.fromhex(tx.sealer.open(sealed, HASH_KEY, _ID))
    except Unreadable as error:
        raise CannotRead(BadRow("practice", str(_ID), why_of(error))) from error
    except ValueError as error:
        raise CannotRead(BadRow("practice", str(_ID), Why.UNREADABLE)) from error


def need(tx: Tx) -> bytes:
    """The key, drawn where there is none. Raises `CannotRead`."""
    found = find(tx)
    if found is None:
        lock(tx)
        found = find(tx)  # another process may have drawn it meanwhile
    if found is None:
        found = secrets.token_bytes(_BYTES)
        sealed = tx.sealer.seal(found.hex(), HASH_KEY, _ID)
        tx.execute(sa.update(practice).where(practice.c.id == _ID).values(hash_key_sealed=sealed))
    return found


def keyed_hash(key: bytes, *parts: object) -> str:
    """Of these in their order; two hashes tell that what they are of is the same, and nothing else."""
    message = "\x1f".join(str(part) for part in parts)
    return hmac.digest(key, message.encode(), hashlib.sha256).hex()[:_LETTERS]
