"""A practice with a long past, made in bulk by the database itself: as if it had served for years.

Everything is added to a practice that is set up: its first coach and first offer get their share.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from storage import append_only
from storage.engine import Storage
from storage.sealing import Sealer, Stage
from storage.upkeep import guards
from storage.upkeep.canary import admit, set_stage
from storage.upkeep.migrate import migrate

FIRST = 1_000_000
"""Ids of persons, accounts, sessions and bookings count up from here, those of coaches from FIRST - 1000."""

COACHES = 10
UPCOMING = 10  # sessions of each coach that lie ahead; the others are over

_STARTS = f"""CASE WHEN n / {COACHES} < {UPCOMING} THEN :hour + ({UPCOMING} - n / {COACHES}) * 10800
ELSE :hour - (n / {COACHES} - {UPCOMING}) * 10800 - 3600 END"""
_COACH = f"CASE WHEN n % {COACHES} = 0 THEN 1 ELSE {FIRST} - 1000 + n % {COACHES} END"
_AHEAD = f"n / {COACHES} < {UPCOMING}"
SUBJECT = f"'booking:' || ({FIRST} + n)"
_CANCELLED = f"(n % 10 = 3 AND NOT {_AHEAD})"
_IN_ORDER = ":hour - :count + n"

_COACHES = {
    "persons": {"id": f"{FIRST} - 1000 + n", "name_sealed": ":sealed", "zone": "'Europe/London'", "created_at": "1"},
    "coaches": {
        "id": f"{FIRST} - 1000 + n", "person_id": f"{FIRST} - 1000 + n", "short_name": "'coach' || n",
        "zone": "'Europe/London'", "weekly": "'[[],[],[],[],[],[],[]]'", "days": "'{}'", "created_at": "1",
    },
}  # fmt: skip
_CLIENTS = {
    "persons": {"id": f"{FIRST} + n", "name_sealed": ":sealed", "zone": "'Europe/London'", "created_at": ":hour - n"},
    "accounts": {
        "id": f"{FIRST} + n", "person_id": f"{FIRST} + n", "platform": "'telegram'", "user_ref": f"'' || ({FIRST} + n)",
        "chat_ref": f"'' || ({FIRST} + n)", "seen_at": ":hour - n",
    },
    "conversations": {
        "account_id": f"{FIRST} + n", "living_ref": "'7'", "chat_address": "'sessions'", "home_address": "NULL",
        "form_sealed": "CASE WHEN n % 100 = 0 THEN :sealed END",
        "form_expires": "CASE WHEN n % 100 = 0 THEN :hour + 7200 END", "version": "3",
    },
    "outbox": {  # of one in five somebody is reminded of something in the months to come
        "key": "'ahead:' || n", "person_id": f"{FIRST} + n", "kind": "'reminder'", "address": "'session/1'",
        "due": ":hour + 7200 + n * 5", "state": "CASE WHEN n % 5 = 0 THEN 'pending' ELSE 'cancelled' END",
        "created_at": ":hour - n",
    },
    "waits": {
        "person_id": f"{FIRST} + n", "offer_id": "1", "coach_id": "NULL", "created_at": ":hour - 9", "told_at": ":hour",
    },
}  # fmt: skip
PAID_STEP = 8
_PAID = f"n % {PAID_STEP} = 1"
_ORDERS = {
    "orders": {
        "id": f"{FIRST} + n", "person_id": f"{FIRST} + 1 + n % :clients", "state": "'paid'", "amount": "4500",
        "currency": "'EUR'", "created_at": ":hour - n", "paid_at": ":hour - n",
    },
    "order_lines": {
        "order_id": f"{FIRST} + n", "number": "1", "kind": "'session'", "subject": SUBJECT, "amount": "4500",
    },
}  # fmt: skip
_BOOKINGS = {
    "sessions": {
        "id": f"{FIRST} + n", "coach_id": _COACH, "starts": _STARTS, "ends": f"{_STARTS} + 3000",
        "state": f"CASE WHEN {_CANCELLED} THEN 'ended' ELSE 'confirmed' END",
    },
    "bookings": {
        "id": f"{FIRST} + n", "session_id": f"{FIRST} + n", "person_id": f"{FIRST} + 1 + n % :clients",
        "coach_id": _COACH, "offer_id": "1", "state": f"CASE WHEN {_CANCELLED} THEN 'cancelled' ELSE 'confirmed' END",
        "offer_name": "'Coaching'", "length_min": "50", "price": "4500", "currency": "'EUR'", "place_kind": "'video'",
        "place_sealed": ":sealed", "cancel_cutoff_min": "1440", "move_cutoff_min": "720", "max_moves": "2",
        "client_zone": "'Europe/London'", "coach_zone": "'Europe/London'",
        "outcome": f"CASE WHEN {_AHEAD} OR {_CANCELLED} THEN NULL ELSE 'held' END", "created_at": ":hour - n",
        "hold_ends": ":hour - n", "cover": f"CASE WHEN {_PAID} THEN 'order' END",
        "order_id": f"CASE WHEN {_PAID} THEN {FIRST} + n END",
    },
    "outbox": {
        "key": "'past:' || n", "person_id": f"{FIRST} + 1 + n % :clients", "kind": "'booked'",
        "address": f"'session/' || ({FIRST} + n)", "subject": SUBJECT, "booking_id": f"{FIRST} + n",
        "due": ":hour - n", "state": "'sent'",
        "account_id": f"{FIRST} + 1 + n % :clients", "chat_ref": "'1'", "message_ref": "'7'", "digest": "'d'",
        "created_at": ":hour - n", "sent_at": ":hour - n",
    },
    "audit": {
        "person_id": f"{FIRST} + 1 + n % :clients", "via": "'telegram'", "act": "'booking.held'",
        "subject": SUBJECT, "at": _IN_ORDER,
    },
}  # fmt: skip
_SOME = {
    "payments": {
        "id": f"{FIRST} + n", "subject": SUBJECT, "booking_id": f"{FIRST} + n", "order_id": f"{FIRST} + n",
        "state": "'accepted'",
        "amount": "4500", "currency": "'EUR'",
        "checkout_ref": "'cs_' || n", "intent_ref": "'pi_' || n", "charge_ref": "'ch_' || n",
        "expires_at": ":hour - n", "created_at": ":hour - n",
    },
    "refunds": {
        "payment_id": f"{FIRST} + n", "order_id": f"{FIRST} + n", "subject": SUBJECT, "amount": "500",
        "currency": "'EUR'", "reason": "'policy'",
        "state": "'succeeded'", "refund_ref": "'re_' || n", "next_at": ":hour - n", "created_at": ":hour - n",
    },
    "transactions": {
        "kind": "'charge'", "external_ref": "'ch_' || n", "payment_id": f"{FIRST} + n", "booking_id": f"{FIRST} + n",
        "order_id": f"{FIRST} + n", "amount": "4500",
        "currency": "'EUR'", "at": _IN_ORDER,
    },
    "proposals": {
        "booking_id": f"{FIRST} + n", "starts": ":hour", "state": "CASE WHEN n % 3 = 0 THEN 'lapsed' ELSE 'other' END",
        "expires_at": ":hour - n", "created_at": ":hour - n",
    },
    "messages": {
        "booking_id": f"{FIRST} + n", "from_person_id": f"{FIRST} + 1", "to_person_id": f"{FIRST} + 2",
        "text_sealed": ":sealed", "created_at": ":hour - n",
    },
    "inbox": {
        "provider": "'stripe'", "external_id": "'evt_' || n", "kind": "'charge.succeeded'", "payload_sealed": ":sealed",
        "state": "'applied'", "next_at": ":hour - n", "received_at": ":hour - n",
    },
    "acts": {
        "key": "'past:' || n", "person_id": f"{FIRST} + 1 + n % :clients", "next": "'sessions'", "at": ":hour - n",
    },
}  # fmt: skip


_DUE = {  # one session an hour, of a client of its own, and a reminder of each that is due by now
    "persons": _CLIENTS["persons"],
    "accounts": _CLIENTS["accounts"],
    "sessions": {
        "id": f"{FIRST} + n", "coach_id": "1", "starts": ":hour + 7200 + n * 3600", "ends": ":hour + 10200 + n * 3600",
        "state": "'confirmed'",
    },
    "bookings": {
        **_BOOKINGS["bookings"], "person_id": f"{FIRST} + n", "coach_id": "1", "state": "'confirmed'",
        "cover": "NULL", "order_id": "NULL",
        "coach_zone": "'Europe/Berlin'", "outcome": "NULL", "hold_ends": "NULL",
    },
    "outbox": {
        "key": "'due:' || n", "person_id": f"{FIRST} + n", "kind": "'reminder'",
        "address": f"'remind/' || ({FIRST} + n) || '/60'", "subject": SUBJECT, "booking_id": f"{FIRST} + n",
        "due": ":hour", "expires": ":hour + 86400", "created_at": "1",
    },
}  # fmt: skip


async def admit_unbound(url: str, key: str) -> None:
    """Before the product starts: it also opens what stands in many rows, as the version before sealed it."""
    await migrate(url)
    storage = await Storage.open(url, Sealer([key]))
    try:
        await storage.write(admit)
        await storage.write(lambda tx: set_stage(tx, Stage.CARRY_OVER))
    finally:
        await storage.close()


def unbound(sealer: Sealer, text: str) -> str:
    """The text as the version before sealed it, bound to nothing: the database itself copies it into every row."""
    sealer.stage = Stage.EXPAND
    sealed = sealer.seal(text, "persons.name_sealed", 0)
    sealer.stage = Stage.CARRY_OVER
    return sealed


def fill(connection: sa.Connection, *, clients: int, bookings: int, now: int, sealed: str) -> None:
    """Add clients with a conversation each, and bookings of theirs, nearly all past.

    `now`: epoch seconds; `sealed`: what stands for every name and text. One booking in eight was paid for, came
    with a message and so on. On Postgres the connection is that of the tables' owner.
    """
    values = {"hour": now - now % 3600, "clients": clients, "sealed": sealed}
    with before_all_that_is_there(connection):
        for tables, count, step in (
            (_COACHES, COACHES - 1, 1), (_CLIENTS, clients, 1), (_ORDERS, bookings, PAID_STEP),
            (_BOOKINGS, bookings, 1), (_SOME, bookings, PAID_STEP),
        ):  # fmt: skip
            for table, columns in tables.items():
                insert(connection, table, columns, {**values, "count": count, "step": step})


@contextmanager
def before_all_that_is_there(connection: sa.Connection) -> Iterator[None]:
    """Append-only tables take rows from before their last one, as for whoever restores them from elsewhere."""
    if connection.dialect.name == "postgresql":
        for name in append_only.TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        for name in append_only.TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        return
    there = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables")
    tables: sa.BindParameter[str] = sa.bindparam("tables", append_only.TABLES, expanding=True)
    for name in connection.execute(there.bindparams(tables)).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    guards.create(connection)


def remind(connection: sa.Connection, count: int, *, now: int, sealed: str) -> None:
    """Add so many clients with a session each, and a reminder of it that is due at `now` (epoch seconds)."""
    values = {"hour": now - now % 3600, "sealed": sealed, "count": count, "step": 1}
    for table, columns in _DUE.items():
        insert(connection, table, columns, values)


def insert(connection: sa.Connection, table: str, columns: Mapping[str, str], values: Mapping[str, object]) -> None:
    """A row for every `step`-th number from 1 to `count`."""
    numbers = (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + :step FROM numbers WHERE n + :step <= :count)"
    )
    if connection.dialect.name == "postgresql":
        numbers = "WITH numbers AS (SELECT n FROM generate_series(1, :count, :step) AS n)"
    chosen = f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {', '.join(columns.values())} FROM numbers"
    given = {name: value for name, value in values.items() if f":{name}" in chosen}
    typed = {"sealed": sa.Text}
    binds = (sa.bindparam(name, value, typed.get(name, sa.BigInteger)) for name, value in given.items())
    connection.execute(sa.text(chosen).bindparams(*binds))
