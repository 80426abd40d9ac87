"""What was sent by SMS: what it cost, and how far it came. A row is made with the intent to send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.notices.delivery_news import Stage
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import SCHEMA
from storage.instants import from_epoch, to_epoch
from storage.oldest import oldest
from storage.tables import outbox, sms_messages
from storage.tx import Tx

INTENDED = 0


@dataclass(frozen=True)
class SmsMessage:
    """`stage` None: only intended so far."""

    id: int
    account_id: int
    sid: str | None
    digest: str
    stage: Stage | None
    parts: int
    cost: int
    made_at: datetime


def intend(tx: Tx, account_id: int, key: str, digest: str, parts: int, cost: int, month: str, now: datetime) -> int:
    """The id of the row of this notice at this account, new or, where it is tried again, as it is now."""
    values = {"digest": digest, "parts": parts, "cost": cost, "month": month, "created_at": to_epoch(now)}
    again = {**values, "sid": None, "stage": INTENDED, "why": None}
    made = tx.upsert(sms_messages).values(account_id=account_id, key=key, writer=SCHEMA, **values)
    made = made.on_conflict_do_update(index_elements=["account_id", "key"], set_=again)
    return int(tx.execute(made.returning(sms_messages.c.id)).scalar_one())


def handed_over(tx: Tx, id: int, sid: str, parts: int | None, cost: int | None) -> None:  # noqa: A002
    """The provider has it; `parts` and `cost` correct what was thought, None leaves it."""
    values: dict[str, object] = {"sid": sid, "stage": Stage.HANDED_OVER.value}
    values |= {name: value for name, value in (("parts", parts), ("cost", cost)) if value is not None}
    tx.execute(sa.update(sms_messages).where(sms_messages.c.id == id).values(**values))


def take_back(tx: Tx, id: int) -> None:  # noqa: A002
    """It was surely not sent, and costs nothing."""
    mine = sa.update(sms_messages).where(sms_messages.c.id == id, sms_messages.c.sid.is_(None))
    tx.execute(mine.values(cost=0, stage=Stage.FAILED.value))


def told(tx: Tx, sid: str, stage: Stage, why: str | None) -> bool:
    """Keep how far it came, unless it is further; False: no message of ours."""
    mine = sms_messages.c.sid == sid
    tx.execute(
        sa.update(sms_messages).where(mine, sms_messages.c.stage < stage.value).values(stage=stage.value, why=why)
    )
    return tx.execute(sa.select(sms_messages.c.id).where(mine)).first() is not None


def of_notice(tx: Tx, account_id: int, key: str) -> SmsMessage | None:
    mine = (sms_messages.c.account_id == account_id, sms_messages.c.key == key)
    return _read(tx.execute(sa.select(sms_messages).where(*mine)).first())


def by_sid(tx: Tx, sid: str) -> SmsMessage | None:
    return _read(tx.execute(sa.select(sms_messages).where(sms_messages.c.sid == sid)).first())


def known_sids(tx: Tx, sids: list[str]) -> set[str]:
    """Those of these that are rows' already."""
    return set(tx.execute(sa.select(sms_messages.c.sid).where(sms_messages.c.sid.in_(sids))).scalars())


def spent(tx: Tx, month: str) -> int:
    """What all of a month cost, with what is on its way, in millionths of the practice's currency."""
    total = sa.select(sa.func.coalesce(sa.func.sum(sms_messages.c.cost), 0)).where(sms_messages.c.month == month)
    return int(tx.execute(total).scalar_one())


def notice(tx: Tx, key: str) -> tuple[datetime | None, Subject | None]:
    """When the notice of this key would come too late, and what it is about."""
    row = tx.execute(
        sa.select(outbox.c.expires, outbox.c.subject, outbox.c.booking_id).where(outbox.c.key == key)
    ).first()
    return (None, None) if row is None else (from_epoch(row.expires), subjects.read(row))


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` of before then; returns how many."""
    old = sms_messages.c.id.in_(oldest(sms_messages, before, limit))
    return tx.execute(sa.delete(sms_messages).where(old)).rowcount


def _read(row: sa.Row[Any] | None) -> SmsMessage | None:
    if row is None:
        return None
    stage = next((each for each in Stage if each.value == row.stage), None)
    made = from_epoch(int(row.created_at))
    return SmsMessage(row.id, row.account_id, row.sid, row.digest, stage, row.parts, row.cost, made)
