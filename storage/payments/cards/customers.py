"""Customers of the payment provider: intended by who lets a card be kept, then made at the provider once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.buyers import Exemption
from bot.domain.payments.cards import Customer, CustomerState
from bot.domain.payments.tax_numbers import NumberState, TaxFacts, TaxId, ToldTax
from storage.columns import SCHEMA, literal
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.claims import claiming
from storage.journal.set_aside import Reader, known, read_claimed, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import cards, customers
from storage.tx import Tx

_PAGE_URL, _TAX = "customers.page_url_sealed", "customers.tax_sealed"
_NO_PAGE = {"page_ref": None, "page_url_sealed": None, "page_ends": None}


def agree(tx: Tx, person_id: int, mode: str, words: str, now: datetime) -> Customer:
    """This person agrees that a card is kept: the customer under whom, who may still have to be made."""
    _change(tx, need(tx, person_id, mode, now).id, words=words, agreed_at=to_epoch(now))
    found = of_person(tx, person_id, mode)
    assert found is not None
    return found


def need(tx: Tx, person_id: int, mode: str, now: datetime) -> Customer:
    """The customer of this person, who may still have to be made."""
    before = of_person(tx, person_id, mode)
    if before is not None:
        return before
    new = {"person_id": person_id, "mode": mode, "state": CustomerState.INTENDED.value, "created_at": to_epoch(now)}
    made = tx.upsert(customers).values(**new, next_at=to_epoch(now), writer=SCHEMA)
    tx.execute(made.on_conflict_do_nothing(index_elements=["person_id", "mode"]))
    found = of_person(tx, person_id, mode)
    assert found is not None
    return found


def tell(tx: Tx, customer_id: int, told: ToldTax) -> None:
    """Write down what the provider has of their tax."""
    sealed = tx.sealer.seal(json.dumps(_written(told)), _TAX, customer_id)
    tx.execute(sa.update(customers).where(customers.c.id == customer_id).values(tax_sealed=sealed))


def by_ref(tx: Tx, ref: str) -> Customer | None:
    return read_if(tx, CUSTOMERS, tx.execute(sa.select(*_COLUMNS).where(customers.c.ref == ref)).first())


def of_person(tx: Tx, person_id: int, mode: str) -> Customer | None:
    """Persons who were joined have several: the one that exists, and of these the one who agreed last."""
    mine = sa.select(*_COLUMNS).where(stands_for(customers.c.person_id, person_id), customers.c.mode == mode)
    made = customers.c.state == CustomerState.MADE.value
    found = read_each(tx, CUSTOMERS, tx.execute(mine.order_by(made.desc(), customers.c.agreed_at.desc())))
    return found[0] if found else None


def made(tx: Tx, mode: str) -> list[Customer]:
    """All that exist at the provider."""
    there = (customers.c.mode == mode, customers.c.state == CustomerState.MADE.value)
    rows = tx.execute(sa.select(*_COLUMNS).where(*there).order_by(customers.c.id))
    return [each for each in read_each(tx, CUSTOMERS, rows) if each.ref is not None]


def find(tx: Tx, customer_id: int) -> Customer | None:
    return read_if(tx, CUSTOMERS, tx.execute(sa.select(*_COLUMNS).where(customers.c.id == customer_id)).first())


def lock(tx: Tx, customer_id: int) -> Customer | None:
    """Held until the transaction ends: what cards it has is written down by one at a time."""
    one = sa.select(customers.c.id).where(customers.c.id == customer_id).with_for_update()
    tx.execute(one)
    return find(tx, customer_id)


def make(tx: Tx, customer_id: int, ref: str) -> None:
    """It exists at the provider."""
    made = {"state": CustomerState.MADE.value, "ref": ref, "next_at": None, "lease_until": None, "failures": 0}
    _change(tx, customer_id, **made)


def is_gone(tx: Tx, customer_id: int, now: datetime) -> None:
    """The provider does not know it any more: another is made when one is needed again."""
    gone = {"state": CustomerState.INTENDED.value, "ref": None, "created_at": to_epoch(now), "tax_sealed": None}
    _change(tx, customer_id, **gone, **_NO_PAGE, next_at=None, lease_until=None, failures=0)


def open_page(tx: Tx, customer_id: int, ref: str, url: str | None, ends: datetime, ask_at: datetime) -> None:
    """A page on which a card can be kept is there."""
    sealed = None if url is None else tx.sealer.seal(url, _PAGE_URL, customer_id)
    page = {"page_ref": ref, "page_url_sealed": sealed, "page_ends": to_epoch(ends)}
    _change(tx, customer_id, **page, next_at=to_epoch(ask_at), lease_until=None, failures=0)


def close_page(tx: Tx, customer_id: int, ref: str) -> None:
    """No card can be kept on this page any more; another that was opened meanwhile stays."""
    mine = (customers.c.id == customer_id, customers.c.page_ref == ref)
    tx.execute(sa.update(customers).where(*mine).values(**_NO_PAGE, version=customers.c.version + 1))


def ask_at(tx: Tx, customer_id: int, at: datetime | None, failures: int = 0) -> None:
    """When the provider is to be asked about it next; None when all is known."""
    values = {"next_at": None if at is None else to_epoch(at), "lease_until": None, "failures": failures}
    tx.execute(sa.update(customers).where(customers.c.id == customer_id).values(**values))


def answered(tx: Tx, customer: Customer, again: datetime | None) -> None:
    """The provider has told of its cards, unless something more became of them meanwhile: then it is asked again."""
    as_read = (customers.c.id == customer.id, customers.c.version == customer.version)
    values = {"next_at": None if again is None else to_epoch(again), "lease_until": None, "failures": 0}
    tx.execute(sa.update(customers).where(*as_read).values(**values))


def ask_soon(tx: Tx, customer_id: int, now: datetime) -> None:
    """Something is to be told of it to the provider."""
    _change(tx, customer_id, next_at=to_epoch(now), lease_until=None)


def look_again(tx: Tx, ref: str | None, card_ref: str | None, now: datetime) -> bool:
    """Something became of a card of this customer's, or of this card; False where neither is ours."""
    of_card = sa.select(cards.c.customer_id).where(cards.c.ref == card_ref)
    mine = sa.or_(customers.c.ref == ref, customers.c.id.in_(of_card))
    soon = {"next_at": to_epoch(now), "lease_until": None, "version": customers.c.version + 1}
    made = customers.c.state == CustomerState.MADE.value
    return tx.execute(sa.update(customers).where(mine, made).values(**soon)).rowcount > 0


def look_soon(tx: Tx, ref: str | None, now: datetime) -> None:
    """As `look_again`, for this customer; nobody asks whether it is ours. It is put off."""
    tx.batch_update(_LOOK_SOON, {"whose": ref, "now": to_epoch(now)}, of={"ref": ref})


_LOOK_SOON = (
    sa.update(customers)
    .where(
        customers.c.ref == sa.bindparam("whose", type_=sa.Text),
        customers.c.state == literal((CustomerState.MADE,))[0],
    )
    .values(
        next_at=sa.bindparam("now", type_=sa.BigInteger),
        lease_until=sa.null(),
        version=customers.c.version + sa.literal_column("1"),
    )
)


def claim(tx: Tx, now: datetime, limit: int, lease_s: int) -> list[Customer]:
    """Take those that the provider is to be asked about."""
    taken = claiming(customers, now, limit, lease_s).returning(customers.c.id)
    ids = sorted(tx.execute(taken).scalars())
    rows = tx.execute(sa.select(*_COLUMNS).where(customers.c.id.in_(ids)).order_by(customers.c.id))
    return read_claimed(tx, CUSTOMERS, rows, now)


def _change(tx: Tx, customer_id: int, **values: object) -> None:
    changed: Mapping[str, Any] = {**values, "version": customers.c.version + 1}
    tx.execute(sa.update(customers).where(customers.c.id == customer_id).values(**changed))


def _read(tx: Tx, row: Any) -> Customer:
    check(customers, row)
    sealed = row.page_url_sealed
    return Customer(
        id=row.id,
        person_id=row.whose,
        mode=row.mode,
        state=known(CustomerState, row.state),
        ref=row.ref,
        created_at=from_epoch(row.created_at),
        words=row.words,
        agreed_at=from_epoch(row.agreed_at),
        page_ref=row.page_ref,
        page_url=None if sealed is None else tx.sealer.open(sealed, _PAGE_URL, row.id),
        page_ends=from_epoch(row.page_ends),
        failures=row.failures,
        version=row.version,
        tax=ToldTax() if row.tax_sealed is None else _told(json.loads(tx.sealer.open(row.tax_sealed, _TAX, row.id))),
    )


def _written(told: ToldTax) -> dict[str, object]:
    number = told.facts.number
    return {
        "number": None if number is None else [number.kind, number.value],
        "exemption": told.facts.exemption,
        "number_ref": told.number_ref,
        "number_state": told.number_state,
    }


def _told(said: Mapping[str, Any]) -> ToldTax:
    number, exemption, state = said["number"], said["exemption"], said["number_state"]
    facts = TaxFacts(
        None if number is None else TaxId(*number), None if exemption is None else known(Exemption, exemption)
    )
    return ToldTax(facts, said["number_ref"], None if state is None else known(NumberState, state))


_COLUMNS = (customers, surviving(customers.c.person_id).label("whose"))
CUSTOMERS = Reader(
    sa.select(*_COLUMNS), customers.c.id, _read, due=customers.c.next_at, waits=customers.c.next_at.is_not(None)
)
