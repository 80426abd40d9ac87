"""Reads the rows of the outbox."""

from typing import Any

import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery, OutboxRow
from storage import subjects
from storage.columns import literal
from storage.identity import surviving
from storage.instants import from_epoch
from storage.journal.set_aside import Reader, known
from storage.tables import outbox
from storage.tx import Tx

COLUMNS = (outbox, surviving(outbox.c.person_id).label("recipient"))
_OPEN = (Delivery.PENDING.value, Delivery.SENDING.value)


def is_open(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a row is yet to go out, or may be out already."""
    return table.c.state.in_(literal(_OPEN))


def read(_tx: Tx, row: Any) -> OutboxRow:
    values = row._asdict()
    state = known(Delivery, values["state"])
    return OutboxRow(
        id=values["id"],
        notice=Notice(
            key=values["key"],
            person_id=values["recipient"],
            kind=known(NoticeKind, values["kind"]),
            address=values["address"],
            due=from_epoch(values["due"]),
            expires=from_epoch(values["expires"]),
            subject=subjects.read(row),
        ),
        state=state,
        attempts=values["attempts"],
        failures=values["failures"],
        perhaps=values["perhaps"],
        again=state is Delivery.SENDING,
        note=values["note"],
        account_id=values["account_id"],
        chat_ref=values["chat_ref"],
        message_ref=values["message_ref"],
        digest=values["digest"],
        correct_at=from_epoch(values["correct_at"]),
        sent_at=from_epoch(values["sent_at"]),
    )


_CORRECTED = sa.and_(outbox.c.state == Delivery.SENT.value, outbox.c.correct_at.is_not(None))
ROWS = Reader(sa.select(*COLUMNS), outbox.c.id, read, due=outbox.c.due, waits=sa.or_(is_open(outbox), _CORRECTED))
