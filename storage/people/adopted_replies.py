"""Lets the answer to a person be the only message about something, in place of the notice in the outbox."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.notices.notices import COPY, NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import literal
from storage.identity import stands_for
from storage.instants import from_epoch, to_epoch
from storage.people import conversations
from storage.ready import Ready
from storage.tables import outbox, persons
from storage.tx import Tx


@dataclass(frozen=True)
class Adopted:
    """The notice's row, and the message of the same account that was it `before`, if there was one. `chose`: the person
    chose at some time where they want to be told, so it may be to go elsewhere, too."""

    row_id: int
    before: str | None
    chose: bool


_FREE = outbox.c.state.in_(literal((Delivery.PENDING, Delivery.SENDING, Delivery.SENT, Delivery.UNCERTAIN)))
_CHOSE = sa.select(persons.c.preferences.is_not(None)).where(persons.c.id == sa.bindparam("person")).scalar_subquery()
_NEWEST = (
    sa.select(outbox.c.id, outbox.c.account_id, outbox.c.message_ref, _CHOSE.label("chose"))
    .where(
        subjects.about_bound(outbox),
        outbox.c.kind == sa.bindparam("notice"),
        stands_for(outbox.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
        _FREE,
        outbox.c.key.not_like(sa.literal_column(f"'%{COPY}'")),
    )
    .order_by(outbox.c.id.desc())
    .limit(sa.literal_column("1"))
    .with_for_update()
)
_SAID = (
    sa.update(outbox)
    .where(_FREE)
    .values(
        state=literal((Delivery.SENT,))[0], owner=sa.null(), lease_until=sa.null(), digest=sa.null(),
        account_id=sa.bindparam("account", type_=sa.BigInteger), chat_ref=sa.bindparam("chat"),
        message_ref=sa.bindparam("message"), sent_at=sa.bindparam("sent", type_=sa.BigInteger),
        correct_at=sa.func.coalesce(outbox.c.correct_at, sa.bindparam("until", type_=sa.BigInteger)),
    )
)  # fmt: skip


def _all_at_once(_postgres: bool) -> sa.Executable:
    """For Postgres: find the row, change it, and let the chat have no other living message."""
    newest = _NEWEST.cte("newest")
    said = _SAID.where(outbox.c.id == newest.c.id).cte("said")
    stands = conversations.living_is("account", "key").cte("stands")
    return sa.select(newest).add_cte(said, stands)


_AT_ONCE = Ready(_all_at_once)
_FIND, _CHANGE = Ready(_NEWEST), Ready(_SAID.where(outbox.c.id == sa.bindparam("row")))


def adopt(
    tx: Tx, subject: Subject, kind: str, account: Account, chat_ref: str, message_ref: str, now: datetime,
    key: str | None = None, until: datetime | None = None,
) -> Adopted | None:  # fmt: skip
    """A message that was shown as an answer is from now on the one of the person's newest notice of this kind.

    It is the chat's living message no more, the answer to the update `key` stands, and what it says holds `until` then.
    None where there is no such notice. Whoever is sending it just now finds the row taken, and leads from what was
    sent to this message. One statement on Postgres.
    """
    mine = {**subjects.bound(subject), "notice": kind, "person": account.person_id}
    said = {
        "account": account.id, "chat": chat_ref, "message": message_ref, "sent": to_epoch(now),
        "until": to_epoch(until),
    }  # fmt: skip
    if tx.postgres:
        row = tx.execute(_AT_ONCE, {**mine, **said, "key": key}).first()
    else:
        row = tx.execute(_FIND, mine).first()
        if row is not None:
            tx.execute(_CHANGE, {**said, "row": row.id})
        conversations.set_living(tx, account.id, None, key)
    if row is None:
        return None
    same = row.message_ref in (None, message_ref) or row.account_id != account.id
    return Adopted(row.id, None if same else str(row.message_ref), bool(row.chose))


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
