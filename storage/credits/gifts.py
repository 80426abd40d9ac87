"""Gifts, found by the digest of the token that is their link and their code."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.credits import packages
from bot.domain.credits.gifts import Gift, GiftState
from bot.domain.payments.money import Money
from storage.columns import SCHEMA
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.sealing import digest
from storage.sound import Senseless, check
from storage.tables import gifts
from storage.tx import Tx

TOKEN = "gifts.token_sealed"  # noqa: S105 - the name of a column

_PERSONS = {"person_id": surviving(gifts.c.person_id), "taken_by": surviving(gifts.c.taken_by)}
_GIFT = [_PERSONS[each.name].label(each.name) if each.name in _PERSONS else each for each in gifts.c]


def insert(
    tx: Tx, *, person_id: int, order_id: int, token: str, name: str, price: Money, terms: Mapping[str, Any],
    bought_at: datetime, expires_at: datetime | None,
) -> int:  # fmt: skip
    """A new one, which nobody has taken; its id."""
    gift_id = tx.next_id(gifts)
    tx.execute(
        sa.insert(gifts).values(
            id=gift_id,
            person_id=person_id,
            order_id=order_id,
            state=GiftState.OPEN.value,
            token_digest=digest(token),
            token_sealed=tx.sealer.seal(token, TOKEN, gift_id),
            name=name,
            price=price.amount,
            currency=price.currency,
            terms=dict(terms),
            bought_at=to_epoch(bought_at),
            expires_at=to_epoch(expires_at),
            writer=SCHEMA,
        )
    )
    return gift_id


def find(tx: Tx, gift_id: int) -> Gift | None:
    return _one(tx, gifts.c.id == gift_id)


def locked(tx: Tx, gift_id: int) -> Gift | None:
    """Held until the transaction ends: one person takes it."""
    if tx.postgres:
        tx.execute(sa.select(gifts.c.id).where(gifts.c.id == gift_id).with_for_update())
    return find(tx, gift_id)


def of_token(tx: Tx, token: str) -> Gift | None:
    """In any state."""
    return _one(tx, gifts.c.token_digest == digest(token))


def of_order(tx: Tx, order_id: int) -> Gift | None:
    return _one(tx, gifts.c.order_id == order_id)


def of_grant(tx: Tx, grant_id: int) -> Gift | None:
    """The one whose credits these are."""
    return _one(tx, gifts.c.grant_id == grant_id)


def given_by(tx: Tx, person_id: int, offset: int, most: int) -> list[Gift]:
    """The newest first."""
    mine = sa.select(*_GIFT).where(stands_for(gifts.c.person_id, person_id)).order_by(gifts.c.id.desc())
    return read_each(tx, GIFTS, tx.execute(mine.offset(offset).limit(most)))


def ending(tx: Tx, since: datetime, until: datetime) -> list[Gift]:
    """Those that nobody has taken and that end between the two."""
    soon = gifts.c.expires_at.between(to_epoch(since) + 1, to_epoch(until))
    rows = tx.execute(sa.select(*_GIFT).where(soon, gifts.c.state == GiftState.OPEN.value).order_by(gifts.c.id))
    return read_each(tx, GIFTS, rows)


def untaken(tx: Tx, now: datetime) -> list[Gift]:
    """Those that somebody can still take."""
    each = gifts.alias("each")  # by two looks at an index: of an OR SQLite would look at every gift
    endless, later = each.c.expires_at.is_(None), each.c.expires_at > to_epoch(now)
    still = gifts.c.id.in_(sa.union(*(sa.select(each.c.id).where(which) for which in (endless, later))))
    rows = tx.execute(sa.select(*_GIFT).where(gifts.c.state == GiftState.OPEN.value, still).order_by(gifts.c.id))
    return read_each(tx, GIFTS, rows)


def become(
    tx: Tx, gift: Gift, state: GiftState, *, taken_by: int | None = None, at: datetime | None = None,
    grant_id: int | None = None,
) -> None:  # fmt: skip
    """It is locked. `at`: since when it stands so."""
    values = {"state": state.value, "taken_by": taken_by, "taken_at": to_epoch(at), "grant_id": grant_id}
    tx.execute(sa.update(gifts).where(gifts.c.id == gift.id).values(**values, version=gift.version + 1))


def touch(tx: Tx, gift: Gift, expires_at: datetime | None) -> None:
    """What can be taken of it has changed, and perhaps until when: what was shown of it holds no more. It is locked."""
    values = {"expires_at": to_epoch(expires_at), "version": gifts.c.version + 1}
    tx.execute(sa.update(gifts).where(gifts.c.id == gift.id).values(**values))


def _one(tx: Tx, *which: sa.ColumnElement[bool]) -> Gift | None:
    return read_if(tx, GIFTS, tx.execute(sa.select(*_GIFT).where(*which)).first())


def _read(tx: Tx, row: Any) -> Gift:
    check(gifts, row)
    return Gift(
        id=row.id,
        person_id=row.person_id,
        order_id=row.order_id,
        state=known(GiftState, row.state),
        token=tx.sealer.open(row.token_sealed, TOKEN, row.id),
        name=row.name,
        price=Money(row.price, row.currency),
        terms=_terms(row.terms),
        bought_at=from_epoch(row.bought_at),
        expires_at=from_epoch(row.expires_at),
        taken_by=row.taken_by,
        taken_at=from_epoch(row.taken_at),
        grant_id=row.grant_id,
        version=row.version,
    )


def _terms(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not packages.is_whole(value):
        raise Senseless("gifts.terms")
    return value


GIFTS = Reader(sa.select(*_GIFT), gifts.c.id, _read)
