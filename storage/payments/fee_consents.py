"""What clients agreed to pay for a late cancel or for not coming: one row for each booking, with its words."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.fees import FeeConsent, Fees
from bot.domain.payments.money import Money
from storage.columns import SCHEMA
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import fee_consents
from storage.tx import Tx

_WHOSE = surviving(fee_consents.c.person_id).label("whose")


def keep(
    tx: Tx, person_id: int, booking_id: int, offer_id: int, fees: Fees, words: str, language: str, mode: str,
    now: datetime,
) -> None:  # fmt: skip
    ceiling = fees.ceiling
    assert ceiling is not None
    tx.insert(
        sa.insert(fee_consents).values(
            person_id=person_id,
            booking_id=booking_id,
            offer_id=offer_id,
            late_cancel=None if fees.late_cancel is None else fees.late_cancel.amount,
            no_show=None if fees.no_show is None else fees.no_show.amount,
            ceiling=ceiling.amount,
            currency=ceiling.currency,
            words=words,
            language=language,
            mode=mode,
            agreed_at=to_epoch(now),
            writer=SCHEMA,
        )
    )


def of_booking(tx: Tx, booking_id: int) -> FeeConsent | None:
    return read_if(tx, CONSENTS, tx.execute(CONSENTS.select.where(fee_consents.c.booking_id == booking_id)).first())


def of_person(tx: Tx, person_id: int, most: int) -> list[FeeConsent]:
    """The newest first."""
    mine = CONSENTS.select.where(stands_for(fee_consents.c.person_id, person_id))
    return read_each(tx, CONSENTS, tx.execute(mine.order_by(fee_consents.c.id.desc()).limit(most)))


def withdraw(tx: Tx, person_id: int, now: datetime) -> list[int]:
    """All that stand; the ids of their bookings."""
    mine = stands_for(fee_consents.c.person_id, person_id), fee_consents.c.withdrawn_at.is_(None)
    gone = sa.update(fee_consents).where(*mine).values(withdrawn_at=to_epoch(now)).returning(fee_consents.c.booking_id)
    return sorted(tx.execute(gone).scalars())


def _read(_tx: Tx, row: Any) -> FeeConsent:
    check(fee_consents, row)
    late, missed = (None if fee is None else Money(fee, row.currency) for fee in (row.late_cancel, row.no_show))
    return FeeConsent(
        id=row.id,
        person_id=row.whose,
        booking_id=row.booking_id,
        offer_id=row.offer_id,
        fees=Fees(late, missed),
        ceiling=Money(row.ceiling, row.currency),
        words=row.words,
        language=row.language,
        mode=row.mode,
        agreed_at=from_epoch(row.agreed_at),
        withdrawn_at=from_epoch(row.withdrawn_at),
    )


CONSENTS = Reader(sa.select(fee_consents, _WHOSE), fee_consents.c.id, _read)
