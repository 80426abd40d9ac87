"""Lets the answer to a person be the only message about something, in place of the notice in the outbox."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import literal
from storage.identity import stands_for
from storage.instants import from_epoch, to_epoch
from storage.tables import outbox
from storage.tx import Tx

_FREE = outbox.c.state.in_(literal((Delivery.PENDING, Delivery.SENDING, Delivery.SENT, Delivery.UNCERTAIN)))
_NEWEST = (
    sa.select(outbox.c.id, outbox.c.account_id, outbox.c.message_ref)
    .where(
        subjects.about_bound(outbox),
        outbox.c.kind == sa.bindparam("notice"),
        stands_for(outbox.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
        _FREE,
    )
    .order_by(outbox.c.id.desc())
    .limit(sa.literal_column("1"))
    .with_for_update()
)
_SAID = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"), _FREE)
    .values(
        state=Delivery.SENT.value, owner=None, lease_until=None, digest=None,
        account_id=sa.bindparam("account_id"), chat_ref=sa.bindparam("chat_ref"),
        message_ref=sa.bindparam("message_ref"), sent_at=sa.bindparam("sent_at"),
        correct_at=sa.func.coalesce(outbox.c.correct_at, sa.bindparam("until", type_=sa.BigInteger)),
    )
)  # fmt: skip


def adopt(
    tx: Tx, subject: Subject, kind: str, account: Account, chat_ref: str, message_ref: str, now: datetime,
    until: datetime | None = None,
) -> str | None:  # fmt: skip
    """A message that was shown as an answer is from now on the one of the person's newest notice of this kind.

    Returns the message of the same account that was it before, if there was one. Whoever is sending that notice just
    now finds the row taken, and leads from what was sent to this message.
    """
    mine = {**subjects.bound(subject), "notice": kind, "person": account.person_id}
    row = tx.execute(_NEWEST, mine).first()
    if row is None:
        return None
    said = {"account_id": account.id, "chat_ref": chat_ref, "message_ref": message_ref}
    at = {"sent_at": to_epoch(now), "until": to_epoch(until)}
    tx.execute(_SAID, {"row": row.id, **said, **at})
    return None if row.message_ref is None or row.account_id != account.id else str(row.message_ref)


def redraw(tx: Tx, account: Account, message_ref: str, now: datetime) -> None:
    """Draw what stands in this message of the account anew, whatever is thought to stand there."""
    mine = (stands_for(outbox.c.person_id, account.person_id), outbox.c.account_id == account.id)
    there = (outbox.c.message_ref == message_ref, outbox.c.state == Delivery.SENT.value)
    tx.execute(sa.update(outbox).where(*mine, *there).values(correct_at=to_epoch(now), digest=None))


def sent_at(tx: Tx, person_id: int, subject: Subject, address: str) -> datetime | None:
    """When the person's latest message about this that shows this address went out."""
    mine = (subjects.about(outbox, subject), stands_for(outbox.c.person_id, person_id), outbox.c.address == address)
    latest = sa.select(sa.func.max(outbox.c.sent_at)).where(*mine, outbox.c.state == Delivery.SENT.value)
    return from_epoch(tx.execute(latest).scalar())


def hurry(tx: Tx, subject: Subject, kind: NoticeKind, person_id: int, now: datetime) -> None:
    """What waits to be said of a thing is due now."""
    mine = (subjects.about(outbox, subject), outbox.c.kind == kind.value, stands_for(outbox.c.person_id, person_id))
    waits = (outbox.c.state == Delivery.PENDING.value, outbox.c.due > to_epoch(now))
    tx.execute(sa.update(outbox).where(*mine, *waits).values(due=to_epoch(now)))
