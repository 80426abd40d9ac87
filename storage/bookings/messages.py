"""Messages between the two sides of a booking; their words are sealed."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.messages import Message
from storage.identity import surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader
from storage.journal.unreadable import read_if
from storage.oldest import oldest
from storage.sound import check
from storage.tables import messages
from storage.tx import Tx

_TEXT = "messages.text_sealed"


def insert(
    tx: Tx, *, booking_id: int, from_person_id: int, to_person_id: int,
    text: str = "", late_min: int | None = None, now: datetime,
) -> int:  # fmt: skip
    message_id = tx.next_id(messages)
    body = json.dumps({"text": text, "late_min": late_min})
    return tx.insert(
        sa.insert(messages).values(
            id=message_id,
            booking_id=booking_id,
            from_person_id=from_person_id,
            to_person_id=to_person_id,
            text_sealed=tx.sealer.seal(body, _TEXT, message_id),
            created_at=to_epoch(now),
        )
    )


def find(tx: Tx, message_id: int) -> Message | None:
    return read_if(tx, MESSAGES, tx.execute(MESSAGES.select.where(messages.c.id == message_id)).first())


def _read(tx: Tx, row: Any) -> Message:
    check(messages, row)
    body = json.loads(tx.sealer.open(row.text_sealed, _TEXT, row.id))
    return Message(
        id=row.id,
        booking_id=row.booking_id,
        from_person_id=row.sender,
        to_person_id=row.receiver,
        sent_at=from_epoch(row.created_at),
        text=body["text"],
        late_min=body["late_min"],
    )


_SIDES = (surviving(messages.c.from_person_id).label("sender"), surviving(messages.c.to_person_id).label("receiver"))
MESSAGES = Reader(sa.select(messages, *_SIDES), messages.c.id, _read)


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` messages that were written before then; returns how many."""
    return tx.execute(sa.delete(messages).where(messages.c.id.in_(oldest(messages, before, limit)))).rowcount
