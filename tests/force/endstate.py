"""How a story ended: the product's rows and what reached the platforms, without times."""

import json
from collections import Counter
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.engine import Tx
from tests.force.instances import Instances

COLUMNS: dict[str, tuple[str, ...]] = {
    "practice": ("name", "currency", "zone", "quiet_from", "quiet_to"),
    "persons": ("id", "zone", "zone_from", "language", "language_from", "leads", "reminders"),
    "accounts": ("id", "person_id", "platform", "workspace", "user_ref", "unreachable"),
    "roles": ("person_id", "role"),
    "coaches": ("id", "person_id", "short_name", "state", "zone", "weekly", "days", "version"),
    "offers": ("id", "name", "state", "length_min", "price", "currency", "version"),
    "sessions": ("id", "coach_id", "starts", "ends", "state", "version"),
    "bookings": (
        "id", "session_id", "person_id", "coach_id", "offer_id", "state", "price", "moves", "outcome", "ended_by",
        "version",
    ),
    "proposals": ("booking_id", "starts", "state"),
    "messages": ("booking_id", "from_person_id", "to_person_id"),
    "payments": ("booking_id", "attempt", "state", "amount", "currency"),
    "refunds": ("payment_id", "amount", "reason", "state"),
    "transactions": ("kind", "booking_id", "payment_id", "amount", "currency"),
    "outbox": ("person_id", "kind", "address", "booking_id", "state"),
    "audit": ("person_id", "via", "act", "subject"),
    "waits": ("person_id", "offer_id", "coach_id"),
    "invitations": ("made_by", "used_by"),
}  # fmt: skip

FORMS = "open forms"

State = dict[str, Counter[str]]


async def state_of(product: Instances) -> State:
    def work(tx: Tx) -> State:
        found = {name: _rows(tx, tables.metadata.tables[name], columns) for name, columns in COLUMNS.items()}
        return found | {FORMS: _open_forms(tx)}

    found = await product.desks[0].parts.storage.read(work)
    account = product.stripe.account
    found["stripe"] = Counter(
        [f"page {page.status}" for page in account.sessions.values()]
        + [f"charge {charge.amount} {charge.status}" for charge in account.charges.values()]
        + [f"refund {refund.amount} {refund.status}" for refund in account.refunds.values()]
    )
    found["delivered"] = await _delivered(product)
    return found


def _rows(tx: Tx, table: sa.Table, columns: tuple[str, ...]) -> Counter[str]:
    asked = sa.select(*[table.c[name] for name in columns])
    return Counter(", ".join(f"{name}={row[name]}" for name in columns) for row in tx.execute(asked).mappings())


def _open_forms(tx: Tx) -> Counter[str]:
    kept = tables.conversations
    query = sa.select(kept.c.account_id, kept.c.form_sealed).where(kept.c.form_sealed.is_not(None))
    forms = [(row.account_id, row.form_sealed) for row in tx.execute(query)]
    return Counter(f"{each}: {tx.sealer.open(sealed, 'conversations.form_sealed', each)}" for each, sealed in forms)


async def _delivered(product: Instances) -> Counter[str]:
    """How often each notice that a sender sent reached its chat, by what the platforms logged."""
    outbox = tables.outbox
    query = sa.select(outbox.c.key, outbox.c.kind, outbox.c.person_id, outbox.c.chat_ref, outbox.c.message_ref)
    query = query.where(outbox.c.state == "sent", outbox.c.attempts > 0)
    rows = await product.desks[0].parts.storage.read(lambda tx: tx.execute(query).mappings().all())
    posted = product.slack.journal.calls("chat.postMessage")
    keys = Counter(_key_of(call.params) for call in posted if (call.answer or {}).get("ok"))
    texts = {
        (str(call.params["chat_id"]), str(call.answer["result"]["message_id"])): _looks(call.params)
        for call in product.telegram.journal.calls("sendMessage")
        if call.answer_status == 200
    }
    sent = Counter((chat, looks) for (chat, _message), looks in texts.items())
    found: Counter[str] = Counter()
    for row in rows:
        looks = texts.get((row["chat_ref"], row["message_ref"]))
        times = keys[row["key"]] if looks is None else sent[row["chat_ref"], looks]
        found[f"{row['kind']} to {row['person_id']}: {times} times"] += 1
    return found


def _looks(params: dict[str, Any]) -> tuple[str, str]:
    return str(params["text"]), str(params.get("reply_markup"))


def _key_of(params: dict[str, Any]) -> str:
    metadata = params.get("metadata") or {}
    found = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(found.get("event_payload", {}).get("key", ""))


def differences(one: State, other: State) -> str:
    """What stands in one only; empty when both ended alike."""
    told = []
    for name in one:
        missing, more = one[name] - other[name], other[name] - one[name]
        told += [f"- {name}: {row} (x{count})" for row, count in sorted(missing.items())]
        told += [f"+ {name}: {row} (x{count})" for row, count in sorted(more.items())]
    return "\n".join(told)
