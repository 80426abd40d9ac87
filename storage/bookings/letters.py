"""What people write to the practice without a session, and its answers; their words are sealed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.messages import Letter
from storage.identity import surviving
from storage.instants import to_epoch
from storage.journal.set_aside import Reader
from storage.journal.unreadable import read_if
from storage.oldest import oldest
from storage.tables import letters
from storage.tx import Tx

_TEXT = "letters.text_sealed"


def insert(tx: Tx, from_person_id: int, to_person_id: int, text: str, now: datetime, *, from_practice: bool) -> int:
    letter_id = tx.next_id(letters)
    sealed = {"text_sealed": tx.sealer.seal(text, _TEXT, letter_id), "created_at": to_epoch(now)}
    sides = {"from_person_id": from_person_id, "to_person_id": to_person_id, "from_practice": int(from_practice)}
    return tx.insert(sa.insert(letters).values(id=letter_id, **sides, **sealed))


def find(tx: Tx, letter_id: int) -> Letter | None:
    return read_if(tx, LETTERS, tx.execute(LETTERS.select.where(letters.c.id == letter_id)).first())


def _read(tx: Tx, row: Any) -> Letter:
    by_practice = None if row.from_practice is None else bool(row.from_practice)
    text = tx.sealer.open(row.text_sealed, _TEXT, row.id)
    return Letter(row.id, row.sender, row.receiver, text, by_practice)


_SIDES = (surviving(letters.c.from_person_id).label("sender"), surviving(letters.c.to_person_id).label("receiver"))
LETTERS = Reader(sa.select(letters, *_SIDES), letters.c.id, _read)


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` letters that were written before then; returns how many."""
    return tx.execute(sa.delete(letters).where(letters.c.id.in_(oldest(letters, before, limit)))).rowcount
