"""Payments: intents to charge, and what came of them."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings import Booking
from bot.domain.money import Money
from storage.instants import to_epoch
from storage.tables import payments, refunds
from storage.tx import Tx

PAGE_LIVES = timedelta(minutes=35)


def intend(tx: Tx, booking: Booking, now: datetime) -> int:
    """Write the intent to charge for a held booking; the provider is asked later."""
    attempts = tx.execute(
        sa.select(sa.func.count()).select_from(payments).where(payments.c.booking_id == booking.id)
    ).scalar_one()
    return tx.insert(
        sa.insert(payments).values(
            booking_id=booking.id,
            attempt=attempts + 1,
            state="intended",
            amount=booking.terms.price.amount,
            currency=booking.terms.price.currency,
            parameters={},
            expires_at=to_epoch(now + PAGE_LIVES),
            created_at=to_epoch(now),
        )
    )


def close(tx: Tx, booking_id: int, now: datetime) -> None:
    """The hold is over: a page that may be open is to be closed, one that was never asked for is closed."""
    mine = payments.c.booking_id == booking_id
    never_asked = sa.and_(payments.c.state == "intended", payments.c.asked_at.is_(None))
    tx.execute(
        sa.update(payments)
        .where(mine, never_asked)
        .values(state="closed", version=payments.c.version + 1)
    )
    tx.execute(
        sa.update(payments)
        .where(mine, payments.c.state.in_(("intended", "open")))
        .values(state="closing", version=payments.c.version + 1)
    )


def give_back(tx: Tx, booking_id: int, amount: Money, reason: str, now: datetime) -> int | None:
    """Write the intent to refund of what was accepted for the booking; None when nothing was."""
    accepted = tx.execute(
        sa.select(payments.c.id).where(payments.c.booking_id == booking_id, payments.c.state == "accepted")
    ).scalar()
    if accepted is None:
        return None
    return tx.insert(
        sa.insert(refunds).values(
            payment_id=accepted,
            amount=amount.amount,
            currency=amount.currency,
            reason=reason,
            state="intended",
            next_at=to_epoch(now),
            created_at=to_epoch(now),
        )
    )
