"""Who agreed to SMS at which number, to which words and until when; what has ended is kept."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.reach.sms_consents import ConsentBy, SmsConsent
from storage.columns import SCHEMA
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import sms_consents
from storage.tx import Tx

_WHOSE = surviving(sms_consents.c.person_id).label("whose")
_STANDS = sms_consents.c.ended_at.is_(None)


def give(
    tx: Tx, person_id: int, account_id: int, words: str, language: str, by: ConsentBy, now: datetime
) -> int | None:
    """Keep it; None where one stands for this number already, which stays as it is."""
    made = (
        tx.upsert(sms_consents)
        .values(
            person_id=person_id,
            account_id=account_id,
            words=words,
            language=language,
            given_by=by.value,
            given_at=to_epoch(now),
            writer=SCHEMA,
        )
        .on_conflict_do_nothing()
    )
    return tx.execute(made.returning(sms_consents.c.id)).scalar_one_or_none()


def end(tx: Tx, account_id: int, by: ConsentBy, now: datetime) -> bool:
    """Whether one stood."""
    mine = sa.update(sms_consents).where(sms_consents.c.account_id == account_id, _STANDS)
    return tx.execute(mine.values(ended_at=to_epoch(now), ended_by=by.value)).rowcount == 1


def standing(tx: Tx, account_id: int) -> SmsConsent | None:
    row = tx.execute(CONSENTS.select.where(sms_consents.c.account_id == account_id, _STANDS)).first()
    return read_if(tx, CONSENTS, row)


def standing_at(tx: Tx, account_ids: Collection[int]) -> frozenset[int]:
    """Those of these numbers whose person agreed."""
    if not account_ids:
        return frozenset()
    there = sa.select(sms_consents.c.account_id).where(sms_consents.c.account_id.in_(account_ids), _STANDS)
    return frozenset(tx.execute(there).scalars())


def of_person(tx: Tx, person_id: int, most: int) -> list[SmsConsent]:
    """The newest first, those that ended too."""
    mine = CONSENTS.select.where(stands_for(sms_consents.c.person_id, person_id))
    return read_each(tx, CONSENTS, tx.execute(mine.order_by(sms_consents.c.id.desc()).limit(most)))


def answer_once(tx: Tx, account_id: int, now: datetime) -> bool:
    """Whether nobody was answered yet at this number since it was agreed to; marks that they are."""
    mine = (sms_consents.c.account_id == account_id, _STANDS, sms_consents.c.answered_at.is_(None))
    return tx.execute(sa.update(sms_consents).where(*mine).values(answered_at=to_epoch(now))).rowcount == 1


def _read(_tx: Tx, row: Any) -> SmsConsent:
    check(sms_consents, row)
    return SmsConsent(
        id=row.id,
        person_id=row.whose,
        account_id=row.account_id,
        words=row.words,
        language=row.language,
        by=known(ConsentBy, row.given_by),
        given_at=from_epoch(row.given_at),
        ended_at=from_epoch(row.ended_at),
        ended_by=None if row.ended_by is None else known(ConsentBy, row.ended_by),
    )


CONSENTS = Reader(sa.select(sms_consents, _WHOSE), sms_consents.c.id, _read)
