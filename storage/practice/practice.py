"""The practice: one row, made by whoever writes to it first."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.payments import PaymentState
from bot.domain.payments.tax import TaxChoice
from bot.domain.practice.client_limits import ClientLimits
from bot.domain.practice.practice import Practice, Question
from storage.instants import to_epoch
from storage.practice import catalogue
from storage.practice.catalogue_rows import ADDRESS, CONTACT, TAX_NUMBER, read_practice
from storage.tables import payments, practice, transactions
from storage.tx import Tx

_ID = 1


def get(tx: Tx) -> Practice:
    """The practice; an empty one before its first answer."""
    return catalogue.snapshot(tx).practice


def lock(tx: Tx) -> Practice:
    """The practice, held by this transaction until it ends; a statement of its own, before what it guards."""
    made = tx.upsert(practice).values(id=_ID, progress=[])
    tx.execute(made.on_conflict_do_nothing())
    return read_practice(tx, tx.execute(sa.select(practice).with_for_update()).one())


def rename(tx: Tx, name: str) -> None:
    """Set the name that clients read. As for all of these the row must be there: `lock` makes it."""
    _change(tx, name=name)


def set_currency(tx: Tx, code: str) -> None:
    """Set the currency (ISO 4217) of every price."""
    _change(tx, currency=code)


def set_zone(tx: Tx, zone: str) -> None:
    """Set the zone (IANA name) of the practice."""
    _change(tx, zone=zone)


def set_contact(tx: Tx, text: str | None) -> None:
    """Set how to reach a human, which is sealed; None removes it."""
    _change(tx, contact_sealed=None if text is None else tx.sealer.seal(text, CONTACT, _ID))


def set_on_receipts(tx: Tx, address: str | None, tax_number: str | None) -> None:
    """Set what receipts say of the practice beside its name, which is sealed; None removes it."""
    sealed = {
        "address_sealed": None if address is None else tx.sealer.seal(address, ADDRESS, _ID),
        "tax_number_sealed": None if tax_number is None else tx.sealer.seal(tax_number, TAX_NUMBER, _ID),
    }
    _change(tx, **sealed)


def set_tax(tx: Tx, tax: TaxChoice | None) -> None:
    """Set how tax is reckoned for what is sold from now on; None: not at all."""
    _change(tx, tax=None if tax is None else tax.behavior.value, tax_code=None if tax is None else tax.code)


def set_limits(tx: Tx, limits: ClientLimits) -> None:
    """Keep those that differ from what they are without anybody's choice."""
    usual = asdict(ClientLimits())
    changed = {name: value for name, value in asdict(limits).items() if value != usual[name]}
    _change(tx, limits=changed or None)


def _change(tx: Tx, **values: object) -> None:
    tx.execute(sa.update(practice).values(**values, version=practice.c.version + 1))


def answered(tx: Tx, question: Question) -> None:
    """Note that a question of `/setup` was answered."""
    before = lock(tx)
    if question not in before.answered:
        progress = sorted(each.value for each in {*before.answered, question})
        tx.execute(sa.update(practice).values(progress=progress))


def open_at(tx: Tx, now: datetime) -> bool:
    """Note the first moment with a bookable hour; False when there was one before."""
    result = tx.execute(sa.update(practice).where(practice.c.opened_at.is_(None)).values(opened_at=to_epoch(now)))
    return result.rowcount == 1


def money_moved(tx: Tx) -> bool:
    """Whether any money moved, or may be moving now."""
    moving = sa.select(payments.c.id).where(payments.c.state != PaymentState.CLOSED.value).limit(1)
    moved = sa.select(transactions.c.id).limit(1)
    return tx.execute(moving).first() is not None or tx.execute(moved).first() is not None
