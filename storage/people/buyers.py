"""What a client entered for receipts, sealed as one text with their person."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.buyers import Buyer, Exemption
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import known, why_of
from storage.ready import Ready
from storage.sealing import Unreadable
from storage.tables import persons
from storage.tx import BadRow, Tx

BUYER = "persons.buyer_sealed"


def find(tx: Tx, person_id: int) -> Buyer:
    """One who entered nothing is an empty one, and so is one of whom it cannot be read: a receipt is issued all the
    same. `person_id` is the id that survives."""
    sealed = tx.execute(_SEALED, {"person": person_id}).scalar_one_or_none()
    if sealed is None:
        return Buyer()
    try:
        return _read(json.loads(tx.sealer.open(sealed, BUYER, person_id)))
    except (Unreadable, ValueError, KeyError, TypeError) as error:
        tx.bad_rows.append(BadRow("persons", str(person_id), why_of(error)))
        return Buyer()


_SEALED = Ready(sa.select(persons.c.buyer_sealed).where(persons.c.id == sa.bindparam("person", type_=sa.BigInteger)))


def _read(said: Mapping[str, Any]) -> Buyer:
    exemption = said.get("exemption")
    return Buyer(
        name=said.get("name"),
        address=said.get("address"),
        number=said.get("number"),
        exemption=None if exemption is None else known(Exemption, exemption),
        why=said.get("why"),
        by=said.get("by"),
        since=from_epoch(said.get("since")),
    )


def keep(tx: Tx, person_id: int, buyer: Buyer) -> None:
    said = {**asdict(buyer), "since": None if buyer.since is None else to_epoch(buyer.since)}
    sealed = None if buyer == Buyer() else tx.sealer.seal(json.dumps(said), BUYER, person_id)
    tx.execute(sa.update(persons).where(persons.c.id == person_id).values(buyer_sealed=sealed))
