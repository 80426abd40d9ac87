"""The outbox: notices, written in the transaction of the change that they tell, and sent later row by row.

A row goes pending → sending (the intent is marked) → sent. Claiming takes a lease and changes no state, so a
claimed row whose sender died comes back as it was: pending, or sending, which means that it may be out.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery, OutboxRow
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import SCHEMA, literal
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.leases import STILL, Lease
from storage.journal.set_aside import put_off, read_each
from storage.leased import free, lasting
from storage.notices.outbox_rows import COLUMNS, ROWS, is_open, read
from storage.ready import Ready
from storage.sound import MOST
from storage.tables import outbox
from storage.tx import Tx, upsert


def put(tx: Tx, notice: Notice, now: datetime, *, account_id: int | None = None) -> int | None:
    """Keep a notice; None when its key was kept before, and nothing changes.

    `account_id`: it goes to this account of the person and to no other.
    """
    values = {**_values(notice, now), "account_id": account_id}
    made = tx.upsert(outbox).values(**values).on_conflict_do_nothing(index_elements=["key"])
    return tx.execute(made.returning(outbox.c.id)).scalar_one_or_none()


def put_all(tx: Tx, notices: Sequence[Notice], now: datetime) -> None:
    """As `put` for each of them, in one statement."""
    if notices:
        tx.batch_insert(_put(tx.postgres), *(_values(each, now) for each in notices))


@cache
def _put(postgres: bool) -> sa.Insert:
    return upsert(outbox, postgres=postgres).on_conflict_do_nothing(index_elements=["key"])


def _values(notice: Notice, now: datetime) -> dict[str, object]:
    return {
        "key": notice.key,
        "person_id": notice.person_id,
        "kind": notice.kind.value,
        "address": notice.address,
        **subjects.columns(notice.subject),
        "due": to_epoch(notice.due),
        "expires": to_epoch(notice.expires),
        "created_at": to_epoch(now),
        "writer": SCHEMA,
    }


def cancel(
    tx: Tx,
    *,
    subject: Subject | None = None,
    person_id: int | None = None,
    kinds: Collection[NoticeKind] | None = None,
    note: str,
) -> int:
    """Cancel what has not begun to go out, of a subject or a person or both; returns how many rows."""
    if subject is None and person_id is None:
        raise ValueError("whose messages?")
    wanted = [outbox.c.state == Delivery.PENDING.value]
    if subject is not None:
        wanted.append(subjects.about(outbox, subject))
    if person_id is not None:
        wanted.append(stands_for(outbox.c.person_id, person_id))
    if kinds is not None:
        wanted.append(outbox.c.kind.in_([kind.value for kind in kinds]))
    return tx.execute(sa.update(outbox).where(*wanted).values(state=Delivery.CANCELLED.value, note=note)).rowcount


def put_all_off(tx: Tx, rows: Collection[OutboxRow], until: datetime) -> None:
    """These cannot be sent as things are: they wait, and others go on."""
    if rows:
        put_off(tx, ROWS, [row.id for row in rows], until)


def mark_sending(
    tx: Tx,
    id: int,  # noqa: A002
    owner: str,
    lease_s: int,
    only_with: Lease | None = None,
) -> bool:
    """Mark the intent to send; False when the row was cancelled or another has it: then nothing is sent.

    `only_with`: also where this lease changed hands meanwhile.
    """
    mine = {"row": id, "sender": owner, "lease_s": lease_s}
    if only_with is None:
        return tx.execute(_SENDING, mine).rowcount == 1
    return tx.execute(_SENDING_IF, {**mine, **only_with._asdict()}).rowcount == 1


_MINE = sa.update(outbox).where(
    outbox.c.id == sa.bindparam("row"), outbox.c.owner == sa.bindparam("sender"), is_open(outbox)
)
_TO_SENDING = _MINE.values(
    state=literal((Delivery.SENDING,))[0],
    lease_until=lasting(sa.bindparam("lease_s", type_=sa.BigInteger)),
    attempts=outbox.c.attempts + 1,
)
_SENDING, _SENDING_IF = Ready(_TO_SENDING), Ready(_TO_SENDING.where(STILL))


def mark_sent(
    tx: Tx,
    id: int,  # noqa: A002
    owner: str,
    *,
    account_id: int,
    chat_ref: str,
    message_ref: str | None,
    digest: str | None,
    now: datetime,
    until: datetime | None = None,
) -> bool:
    """Keep where it went, what was said and until when that holds; False when another has the row by now."""
    where = {"account": account_id, "chat": chat_ref, "message": message_ref, "drawn": digest}
    at = {"at": to_epoch(now), "until": to_epoch(until)}
    return tx.execute(_SENT, {"row": id, "sender": owner, **where, **at}).rowcount == 1


_SENT = Ready(
    _MINE.values(
        state=literal((Delivery.SENT,))[0],
        owner=sa.null(),
        lease_until=sa.null(),
        failures=sa.literal_column("0"),
        account_id=sa.bindparam("account", type_=sa.BigInteger),
        chat_ref=sa.bindparam("chat"),
        message_ref=sa.bindparam("message"),
        digest=sa.bindparam("drawn"),
        sent_at=sa.bindparam("at", type_=sa.BigInteger),
        correct_at=sa.func.coalesce(outbox.c.correct_at, sa.bindparam("until", type_=sa.BigInteger)),
    )
)


def mark_later(tx: Tx, id: int, owner: str, due: datetime, *, failed: bool = False) -> bool:  # noqa: A002
    """It surely did not go out: try again at `due`."""
    values = {"state": Delivery.PENDING.value, "due": to_epoch(due), "owner": None, "lease_until": None}
    return _change(tx, id, owner, is_open(outbox), **values, failures=outbox.c.failures + int(failed))


def look_again(tx: Tx, id: int, owner: str, lease_s: int) -> bool:  # noqa: A002
    """Whether it is out can be told in so many seconds: it comes back then, as one that may be."""
    return _change(tx, id, owner, is_open(outbox), lease_until=lasting(lease_s))


def count_failure(tx: Tx, id: int, owner: str) -> bool:  # noqa: A002
    """Something went wrong after its intent was marked: it may be out, and comes back with the end of its lease."""
    return _change(tx, id, owner, is_open(outbox), failures=outbox.c.failures + 1)


def mark_dropped(tx: Tx, id: int, owner: str, note: str) -> bool:  # noqa: A002
    """It is no longer so, or came too late."""
    return _end(tx, id, owner, Delivery.DROPPED, note)


def mark_dead(tx: Tx, id: int, owner: str, note: str) -> bool:  # noqa: A002
    """It cannot be delivered on any channel of the person."""
    return _end(tx, id, owner, Delivery.DEAD, note)


def mark_uncertain(tx: Tx, id: int, owner: str, note: str) -> bool:  # noqa: A002
    """It may have gone out and is not sent again."""
    return _end(tx, id, owner, Delivery.UNCERTAIN, note)


def mark_doubtful(tx: Tx, id: int, owner: str, note: str) -> bool:  # noqa: A002
    """It may have gone out and is sent again."""
    values = {"state": Delivery.PENDING.value, "note": note}
    return _change(tx, id, owner, is_open(outbox), **values, perhaps=outbox.c.perhaps + 1)


def find(tx: Tx, id: int) -> OutboxRow | None:  # noqa: A002
    """A row in any state."""
    row = tx.execute(sa.select(*COLUMNS).where(outbox.c.id == id)).first()
    return None if row is None else read(tx, row)


def of_subjects(tx: Tx, about: Collection[Subject], kinds: Collection[NoticeKind] | None = None) -> list[OutboxRow]:
    """The rows about these in any state, earliest due first."""
    chosen = sa.select(*COLUMNS).where(subjects.about(outbox, *about))
    if kinds is not None:
        chosen = chosen.where(outbox.c.kind.in_([kind.value for kind in kinds]))
    return read_each(tx, ROWS, tx.execute(chosen.order_by(outbox.c.due, outbox.c.id)))


def reminders_out(tx: Tx, subject: Subject) -> list[OutboxRow]:
    """The reminders of something that went out, or may have. What is withdrawn in this transaction is none of them."""
    return read_each(tx, ROWS, tx.look(_REMINDERS_OUT, subjects.bound(subject)))


_REMINDERS_OUT = Ready(
    sa.select(*COLUMNS)
    .where(
        subjects.about_bound(outbox),
        outbox.c.kind == literal((NoticeKind.REMINDER,))[0],
        outbox.c.state.in_(literal((Delivery.SENT, Delivery.SENDING, Delivery.UNCERTAIN))),
    )
    .order_by(outbox.c.due, outbox.c.id)
)


def next_due(tx: Tx) -> int | None:
    """When the next row is due, which may be past; None when nothing waits. Moments that cannot be are passed over."""
    sensible = outbox.c.due.between(0, MOST)
    return tx.execute(sa.select(sa.func.min(outbox.c.due)).where(is_open(outbox), sensible)).scalar()


def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether any message is to go out by now, or one that went out is to be corrected. One statement."""
    return bool(tx.execute(_ANYTHING_DUE, {"now": to_epoch(now)}).scalar_one())


# The earliest is at the head of an index; for "is there any" Postgres would rather try its luck with the table.
_FIRST = sa.select(sa.func.min(outbox.c.due)).where(is_open(outbox)).scalar_subquery()
_WRONG = (
    sa.select(sa.func.min(outbox.c.correct_at))
    .where(outbox.c.correct_at.is_not(None), outbox.c.state == literal((Delivery.SENT,))[0])
    .scalar_subquery()
)
_NOW = sa.bindparam("now", type_=sa.BigInteger)
_ANYTHING_DUE = Ready(sa.select(sa.or_(_FIRST <= _NOW, _WRONG <= _NOW).label("due")))


def ask_correction(tx: Tx, subject: Subject, now: datetime, kinds: Collection[NoticeKind] | None = None) -> int:
    """Ask that messages about a thing be shown as things now are: those that went out, are going out, or are with a
    sender, who may have judged them by how things were."""
    change = sa.update(outbox).where(subjects.about(outbox, subject), OUT | CLAIMED)
    if kinds is not None:
        change = change.where(outbox.c.kind.in_([kind.value for kind in kinds]))
    return tx.execute(change.values(correct_at=asked_anew(sa.literal(to_epoch(now), sa.BigInteger)))).rowcount


OUT = outbox.c.state.in_(literal((Delivery.SENDING, Delivery.SENT)))
CLAIMED = sa.and_(outbox.c.state == literal((Delivery.PENDING,))[0], outbox.c.owner.is_not(None))


def asked_anew(at: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """When a row is to be corrected: at this moment, but later than a correction that somebody makes just now, who
    would take this one for theirs."""
    later = ~free(outbox) & (outbox.c.correct_at >= at)
    return sa.case((later, outbox.c.correct_at + sa.literal_column("1")), else_=at)


def mark_corrected(tx: Tx, row: OutboxRow, owner: str, digest: str | None, until: datetime | None = None) -> bool:
    """The claimed correction was made, or is not needed, and holds `until` then; one asked for since stays due."""
    same = outbox.c.correct_at == to_epoch(row.correct_at)
    values = {"owner": None, "lease_until": None, "digest": digest, "failures": 0}
    left = sa.case((same, to_epoch(until)), else_=outbox.c.correct_at)
    return _change(tx, row.id, owner, **values, correct_at=left)


def correct_later(tx: Tx, row: OutboxRow, owner: str, due: datetime, *, failed: bool = False) -> bool:
    """The claimed correction could not be made: try again at `due`."""
    failures = outbox.c.failures + int(failed)
    return _change(tx, row.id, owner, correct_at=to_epoch(due), owner=None, lease_until=None, failures=failures)


def _end(tx: Tx, id_: int, owner: str, state: Delivery, note: str) -> bool:
    values = {"state": state.value, "note": note, "owner": None, "lease_until": None}
    return _change(tx, id_, owner, is_open(outbox), **values)


def _change(tx: Tx, id_: int, claimed_by: str, *also: sa.ColumnElement[bool], **values: object) -> bool:
    mine = sa.update(outbox).where(outbox.c.id == id_, outbox.c.owner == claimed_by, *also)
    return tx.execute(mine.values(**values)).rowcount == 1
