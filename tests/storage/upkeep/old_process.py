"""A process of the version before: `python -m tests.storage.upkeep.old_process URL [selling]`.

The tables as it finds them when it starts are all that it knows. It writes until its input ends, one line for each
turn that was committed.
"""

import asyncio
import secrets
import sys
from typing import Any

import sqlalchemy as sa

from storage.engine import Storage, Tx
from tests.storage.support import new_sealer

SELLING = "selling"


def learn(tx: Tx) -> dict[str, sa.Table]:
    names = (
        "persons", "accounts", "conversations", "coaches", "offers", "sessions", "bookings", "payments", "outbox",
    )  # fmt: skip
    known = sa.MetaData()
    return {name: sa.Table(name, known, autoload_with=tx.connection, resolve_fks=False) for name in names}


def row(table: sa.Table, **known: int | str) -> dict[str, Any]:
    """Whatever the table asks for."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if not column.nullable and column.name != "id":
            number = isinstance(column.type, sa.Integer)
            made[column.name] = [] if isinstance(column.type, sa.JSON) else 1 if number else secrets.token_hex(8)
    return made | known


def turn(tx: Tx, tables: dict[str, sa.Table]) -> None:
    persons, accounts = tables["persons"], tables["accounts"]
    person = tx.insert(sa.insert(persons).values(row(persons)))
    account = tx.insert(sa.insert(accounts).values(row(accounts, person_id=person)))
    tx.execute(sa.insert(tables["conversations"]).values(row(tables["conversations"], account_id=account)))
    about = sell(tx, tables, person) if SELLING in sys.argv else {}
    tx.insert(sa.insert(tables["outbox"]).values(row(tables["outbox"], person_id=person, **about)))
    tx.execute(sa.update(persons).where(persons.c.id == person).values(language="de"))
    both = sa.join(persons, accounts, accounts.c.person_id == persons.c.id)
    assert tx.execute(sa.select(both).where(persons.c.id == person)).mappings().one()[persons.c.language] == "de"


def sell(tx: Tx, tables: dict[str, sa.Table], person: int) -> dict[str, int | str]:
    """A booking that is being paid for; returns what a message that went out says of it."""
    coach = tx.insert(sa.insert(tables["coaches"]).values(row(tables["coaches"], person_id=person)))
    offer = tx.insert(sa.insert(tables["offers"]).values(row(tables["offers"])))
    session = tx.insert(sa.insert(tables["sessions"]).values(row(tables["sessions"], coach_id=coach, starts=1, ends=2)))
    of = {"session_id": session, "person_id": person, "coach_id": coach, "offer_id": offer}
    booking = tx.insert(sa.insert(tables["bookings"]).values(row(tables["bookings"], **of)))
    asked: dict[str, int | str] = {"booking_id": booking, "state": "open", "currency": "EUR"}
    tx.insert(sa.insert(tables["payments"]).values(row(tables["payments"], **asked)))
    return {"booking_id": booking, "kind": "hold", "state": "sent"}


async def main(url: str) -> None:
    storage = await Storage.open(url, new_sealer())
    tables = await storage.read(learn)
    told_to_end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    while not told_to_end.done():
        await storage.write(lambda tx: turn(tx, tables))
        sys.stdout.write("\n")
        sys.stdout.flush()
        await asyncio.sleep(0.02)
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
