"""The ledger of money: every charge, refund and fee, append-only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind, PaymentState
from bot.domain.payments.tax import given_back, total_tax
from storage.append_only import in_order
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.payments import orders, tax_contents
from storage.sound import check
from storage.tables import payments, transactions
from storage.tx import Tx

_NAME = ("kind", "external_ref")


def add(tx: Tx, movement: Movement) -> bool:
    """Enter a movement; False when one of its name was entered before, whatever that one says.

    Money of a fee, and of a move to another offer, is entered for the session. What goes back, and what comes back of
    that, takes the tax of its payment along, whoever enters it.
    """
    if movement.booking_id is None and movement.order_id is not None:
        about = orders.about_a_session(tx, movement.order_id)
        movement = replace(movement, booking_id=None if about is None else about.number("booking"))
    if movement.kind in _BACK and not movement.tax_rates:
        movement = _with_tax(tx, movement)
    values = _values(movement)
    # SQLite's guard is asked before the conflict is seen, and refuses another amount: so a second one is not tried.
    there = sa.exists().where(*(transactions.c[name] == values[name] for name in _NAME))
    told = (
        in_order(transactions.c[name], sa.literal(value, transactions.c[name].type)) for name, value in values.items()
    )
    made = tx.upsert(transactions).from_select(list(values), sa.select(*told).where(~there))
    entered = made.on_conflict_do_nothing(index_elements=_NAME).returning(transactions.c.id)
    return tx.execute(entered).first() is not None


def enter(tx: Tx, movements: Sequence[Movement]) -> None:
    """Enter what came and what it cost, of which nobody asks whether it was there. It is put off."""
    assert not any(each.kind in _BACK for each in movements)
    if tx.postgres:
        tx.batch_insert(_ENTER, *map(_values, movements))
    else:
        for each in movements:
            add(tx, each)


_ENTER = postgresql.insert(transactions).on_conflict_do_nothing(index_elements=_NAME)


def _values(movement: Movement) -> dict[str, Any]:
    return {
        "kind": movement.kind.value,
        "external_ref": movement.external_ref,
        "intent_ref": movement.intent_ref,
        "payment_id": movement.payment_id,
        "order_id": movement.order_id,
        "booking_id": movement.booking_id,
        "amount": movement.amount.amount,
        "currency": movement.amount.currency,
        "tax_amount": movement.tax_amount,
        "tax_location": None if movement.tax_location is None else dict(movement.tax_location),
        "tax_rates": tax_contents.written(movement.tax_rates) if movement.tax_rates else None,
        "tax_exempt": movement.tax_exempt,
        "tax_id": movement.tax_id,
        "at": to_epoch(movement.at),
    }


_BACK = (MovementKind.REFUND, MovementKind.ADJUSTMENT, MovementKind.DISPUTE)


def _with_tax(tx: Tx, movement: Movement) -> Movement:
    every = [] if movement.payment_id is None else of_payment(tx, movement.payment_id)
    charge = next((each for each in every if each.kind is MovementKind.CHARGE and each.tax_rates), None)
    if charge is None:
        return movement
    back = [each for each in every if each.kind in _BACK]
    before = sum(-each.amount.amount for each in back)
    until = Money(before - movement.amount.amount, movement.amount.currency)
    parts = given_back(charge.tax_rates, [each.tax_rates for each in back if each.tax_rates], until)
    return replace(
        movement,
        tax_amount=total_tax(parts, movement.amount.currency).amount,
        tax_rates=parts,
        tax_location=charge.tax_location,
        tax_exempt=charge.tax_exempt,
        tax_id=charge.tax_id,
    )


def charge_of(tx: Tx, order_id: int) -> Movement | None:
    """What came for an order, where it was accepted."""
    accepted = sa.select(payments.c.id).where(
        payments.c.order_id == order_id, payments.c.state == PaymentState.ACCEPTED.value
    )
    mine = (transactions.c.payment_id.in_(accepted), transactions.c.kind == MovementKind.CHARGE.value)
    return next(iter(read_each(tx, MOVEMENTS, tx.execute(sa.select(transactions).where(*mine)))), None)


def of_payment(tx: Tx, payment_id: int) -> list[Movement]:
    """In the order in which they were entered."""
    mine = sa.select(transactions).where(transactions.c.payment_id == payment_id).order_by(transactions.c.id)
    return read_each(tx, MOVEMENTS, tx.execute(mine))


def between(tx: Tx, since: datetime, until: datetime) -> list[Movement]:
    """What was entered in [since, until)."""
    then = (transactions.c.at >= to_epoch(since), transactions.c.at < to_epoch(until))
    return read_each(tx, MOVEMENTS, tx.execute(sa.select(transactions).where(*then).order_by(transactions.c.id)))


def of_booking(tx: Tx, booking_id: int) -> list[Movement]:
    """In the order in which they were entered."""
    mine = sa.select(transactions).where(transactions.c.booking_id == booking_id).order_by(transactions.c.id)
    return read_each(tx, MOVEMENTS, tx.execute(mine))


def tax_of(tx: Tx, payment_id: int) -> int:
    """The tax in what came by a payment; 0 where none is known."""
    came = (transactions.c.payment_id == payment_id, transactions.c.kind == MovementKind.CHARGE.value)
    total = sa.select(sa.func.coalesce(sa.func.sum(transactions.c.tax_amount), 0)).where(*came)
    return int(tx.execute(total).scalar_one())


def _read(_tx: Tx, row: Any) -> Movement:
    check(transactions, row)
    return Movement(
        kind=known(MovementKind, row.kind),
        external_ref=row.external_ref,
        amount=Money(row.amount, row.currency),
        at=from_epoch(row.at),
        payment_id=row.payment_id,
        order_id=row.order_id,
        booking_id=row.booking_id,
        intent_ref=row.intent_ref,
        tax_amount=row.tax_amount,
        tax_location=row.tax_location,
        tax_rates=tax_contents.read(row.tax_rates, row.currency),
        tax_exempt=row.tax_exempt,
        tax_id=row.tax_id,
    )


MOVEMENTS = Reader(sa.select(transactions), transactions.c.id, _read)
