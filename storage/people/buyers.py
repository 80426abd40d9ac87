"""What a client entered for receipts, sealed as one text with their person."""

import json
from dataclasses import asdict

import sqlalchemy as sa

from bot.domain.payments.buyers import Buyer, Exemption
from storage.journal.set_aside import known
from storage.tables import persons
from storage.tx import Tx

BUYER = "persons.buyer_sealed"


def find(tx: Tx, person_id: int) -> Buyer:
    """One who entered nothing is an empty one. `person_id` is the id that survives."""
    sealed = tx.execute(sa.select(persons.c.buyer_sealed).where(persons.c.id == person_id)).scalar()
    if sealed is None:
        return Buyer()
    said = json.loads(tx.sealer.open(sealed, BUYER, person_id))
    exemption = said.get("exemption")
    return Buyer(
        name=said.get("name"),
        address=said.get("address"),
        number=said.get("number"),
        exemption=None if exemption is None else known(Exemption, exemption),
        why=said.get("why"),
    )


def keep(tx: Tx, person_id: int, buyer: Buyer) -> None:
    sealed = None if buyer == Buyer() else tx.sealer.seal(json.dumps(asdict(buyer)), BUYER, person_id)
    tx.execute(sa.update(persons).where(persons.c.id == person_id).values(buyer_sealed=sealed))
