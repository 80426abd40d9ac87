"""Kept cards, as they were when the provider was asked last; it alone knows their numbers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.cards import Card, CardState, Customer
from storage.columns import SCHEMA
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.claims import claiming
from storage.journal.set_aside import Reader, known, read_claimed, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import cards, customers
from storage.tx import Tx


def of_person(tx: Tx, person_id: int, mode: str) -> list[Card]:
    """Those that are kept for this person, the one that is offered first before all others."""
    mine = (stands_for(customers.c.person_id, person_id), customers.c.mode == mode)
    kept = _select().where(*mine, cards.c.state == CardState.KEPT.value)
    return read_each(tx, CARDS, tx.execute(kept.order_by(cards.c.chosen_at.desc(), cards.c.id.desc())))


def of_customer(tx: Tx, customer_id: int) -> list[Card]:
    """All that were ever kept under this customer."""
    return read_each(tx, CARDS, tx.execute(_select().where(cards.c.customer_id == customer_id).order_by(cards.c.id)))


def find(tx: Tx, card_id: int) -> Card | None:
    return read_if(tx, CARDS, tx.execute(_select().where(cards.c.id == card_id)).first())


def keep(
    tx: Tx, customer: Customer, ref: str, shown: tuple[str, str, int, int], fingerprint: str | None, now: datetime
) -> int:
    """Write down a card that the provider keeps; `shown`: brand, last four digits, month and year of its end."""
    return tx.insert(
        sa.insert(cards).values(
            customer_id=customer.id,
            ref=ref,
            state=CardState.KEPT.value,
            fingerprint=fingerprint,
            chosen_at=to_epoch(now),
            words=customer.words,
            agreed_at=None if customer.agreed_at is None else to_epoch(customer.agreed_at),
            created_at=to_epoch(now),
            writer=SCHEMA,
            **_shown(shown),
        )
    )


def show_as(tx: Tx, card_id: int, shown: tuple[str, str, int, int], fingerprint: str | None) -> None:
    """It has another end, or other digits, than when the provider was asked before."""
    _change(tx, [card_id], {**_shown(shown), "fingerprint": fingerprint})


def choose(tx: Tx, card_id: int, now: datetime) -> None:
    """It is offered first from now on."""
    _change(tx, [card_id], {"chosen_at": to_epoch(now)})


def leave(tx: Tx, ids: Collection[int], now: datetime) -> None:
    """They are used no more, and the provider is to be told."""
    _change(tx, ids, {"state": CardState.LEAVING.value, "next_at": to_epoch(now)})


def remove(tx: Tx, ids: Collection[int]) -> None:
    """The provider keeps them no more."""
    _change(tx, ids, {"state": CardState.REMOVED.value, "next_at": None, "lease_until": None, "failures": 0})


def to_warn(tx: Tx, mode: str, month: int, *, after: int, most: int) -> list[Card]:
    """Kept ones beyond `after`, by their ids, that end in `month` (203412) or before, and of whose end nobody was told
    yet."""
    ends = cards.c.exp_year * 100 + cards.c.exp_month
    untold = sa.or_(cards.c.warned_for.is_(None), cards.c.warned_for != ends)
    kept = (customers.c.mode == mode, cards.c.state == CardState.KEPT.value, cards.c.id > after)
    found = _select().where(*kept, ends <= month, untold).order_by(cards.c.id).limit(most)
    return read_each(tx, CARDS, tx.execute(found))


def mark_warned(tx: Tx, card: Card) -> None:
    """Its client was told of this end of it."""
    tx.execute(sa.update(cards).where(cards.c.id == card.id).values(warned_for=card.last_month))


def ask_at(tx: Tx, card_id: int, at: datetime, failures: int) -> None:
    values = {"next_at": to_epoch(at), "lease_until": None, "failures": failures}
    tx.execute(sa.update(cards).where(cards.c.id == card_id).values(**values))


def claim(tx: Tx, now: datetime, limit: int, lease_s: int) -> list[Card]:
    """Take those that the provider is to be told about."""
    taken = claiming(cards, now, limit, lease_s).returning(cards.c.id)
    ids = sorted(tx.execute(taken).scalars())
    return read_claimed(tx, CARDS, tx.execute(_select().where(cards.c.id.in_(ids)).order_by(cards.c.id)), now)


def _shown(shown: tuple[str, str, int, int]) -> dict[str, str | int]:
    brand, last4, month, year = shown
    return {"brand": brand, "last4": last4, "exp_month": month, "exp_year": year}


def _change(tx: Tx, ids: Collection[int], values: dict[str, Any]) -> None:
    if ids:
        tx.execute(sa.update(cards).where(cards.c.id.in_(ids)).values(**values, version=cards.c.version + 1))


def _select() -> sa.Select[Any]:
    whose = (surviving(customers.c.person_id).label("whose"), customers.c.ref.label("customer_ref"))
    return sa.select(cards, *whose).join(customers, customers.c.id == cards.c.customer_id)


def _read(_tx: Tx, row: Any) -> Card:
    check(cards, row)
    return Card(
        id=row.id,
        person_id=row.whose,
        customer_id=row.customer_id,
        customer_ref=row.customer_ref or "",
        ref=row.ref,
        state=known(CardState, row.state),
        brand=row.brand,
        last4=row.last4,
        exp_month=row.exp_month,
        exp_year=row.exp_year,
        chosen_at=from_epoch(row.chosen_at),
        fingerprint=row.fingerprint,
        words=row.words,
        agreed_at=from_epoch(row.agreed_at),
        failures=row.failures,
        version=row.version,
    )


CARDS = Reader(_select(), cards.c.id, _read, due=cards.c.next_at, waits=cards.c.next_at.is_not(None))
