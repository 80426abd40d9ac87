"""Compares what reached the platforms, by their own logs, with what the product's rows say happened."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from bot.integrations.payments.stripe.values import subject_key
from bot.sandbox.standin import Call
from bot.scheduling.failed_messages import REPEATS
from tests.support.whole_product import WholeProduct

TITLE = re.compile(r"(Booked|Confirmed|New booking|Reminder): ")
BOOKING = re.compile(r"(?:move|booking|cancel|write|late)/(\d+)")
MOMENT = re.compile(r"\w{3} (\d{1,2} \w{3}), (\d\d:\d\d)")
KIND = {"Reminder": "reminder", "Booked": "booked", "New booking": "booked"}
SENT = {"telegram": ("sendMessage",), "slack": ("chat.postMessage",)}
EDITED = {"telegram": ("editMessageText",), "slack": ("chat.update",)}


@dataclass(frozen=True)
class Said:
    """A message about a booking, as the platform took it. `new`: it was no edit of one before."""

    platform: str
    chat: str
    title: str
    booking: int
    moment: tuple[str, str]
    new: bool


def said(product: WholeProduct) -> list[Said]:
    found: list[Said] = []
    for platform, standin in (("telegram", product.telegram), ("slack", product.slack)):
        for call in standin.journal.calls():
            if call.name in SENT[platform] + EDITED[platform] and _took(call):
                found += _read(platform, call, call.name in SENT[platform])
    return found


def _took(call: Call) -> bool:
    return call.answer_status == 200 and isinstance(call.answer, dict) and bool(call.answer.get("ok"))


def _read(platform: str, call: Call, new: bool) -> Iterator[Said]:
    words = json.dumps(call.params, ensure_ascii=False)
    title, booking, moment = TITLE.search(words), BOOKING.search(words), MOMENT.search(words)
    if title and booking and moment:
        chat = str(call.params.get("chat_id") or call.params.get("channel"))
        yield Said(platform, chat, title[1], int(booking[1]), (moment[1], moment[2]), new)


@dataclass
class Verdict:
    """`doubles`: messages beyond one for each row; `known`: rows that say of themselves that they may be out twice."""

    wrong: list[str] = field(default_factory=list)
    doubles: Counter[str] = field(default_factory=Counter)
    known: int = 0
    bookings: int = 0
    charges: int = 0
    reminders: int = 0

    def told(self) -> str:
        return (
            f"{self.bookings} bookings told, {self.charges} charges, {self.reminders} reminders, "
            f"doubles {dict(self.doubles)}, {self.known} known as uncertain"
        )


async def judge(product: WholeProduct, url: str) -> Verdict:
    messages = said(product)
    connection = await asyncpg.connect(url)
    try:
        tables = {name: await connection.fetch(query) for name, query in QUERIES.items()}
    finally:
        await connection.close()
    verdict = Verdict()
    _acknowledged(verdict, messages, tables["bookings"])
    _charged(verdict, product, tables["payments"])
    _reminded(verdict, messages, tables["outbox"])
    return verdict


QUERIES = {
    "bookings": "SELECT id, state FROM bookings",
    "payments": "SELECT booking_id, state, charge_ref, EXISTS (SELECT 1 FROM refunds r"
    " WHERE r.payment_id = payments.id AND r.state = 'intended') AS goes_back FROM payments",
    "outbox": "SELECT o.*, a.platform, a.chat_ref AS private FROM outbox o"
    " JOIN accounts a ON a.person_id = o.person_id WHERE o.kind IN ('reminder', 'booked')",
}


def _acknowledged(verdict: Verdict, messages: Sequence[Said], rows: Sequence[Any]) -> None:
    """Whoever read that a time is booked has it, alone."""
    kept = {row["id"]: row["state"] for row in rows}
    told = {each.booking: each for each in messages if each.title in ("Booked", "Confirmed")}
    verdict.bookings = len(told)
    verdict.wrong += [f"lost: {told[each]}" for each in told if kept.get(each) != "confirmed"]
    times = Counter(each.moment for each in told.values())
    verdict.wrong += [f"booked twice: {moment}" for moment, count in times.items() if count > 1]


def _charged(verdict: Verdict, product: WholeProduct, rows: Sequence[Any]) -> None:
    """At most one payment of a booking stays; what was paid for no session goes back, or will when its client has not
    taken a credit for it within a day."""
    account = product.stripe.account
    accepted = {row["booking_id"] for row in rows if row["state"] == "accepted"}
    back = {refund.charge for refund in account.refunds.values() if refund.status == "succeeded"}
    back |= {row["charge_ref"] for row in rows if row["goes_back"]}
    kept: Counter[int] = Counter()
    for charge in account.charges.values():
        if charge.status == "succeeded":
            verdict.charges += 1
            if charge.id not in back:
                kept[int(charge.asked["metadata"][subject_key("booking")])] += 1
    verdict.wrong += [f"charged {count} times: booking {each}" for each, count in kept.items() if count > 1]
    verdict.wrong += [f"charged for nothing: booking {each}" for each in kept if each not in accepted]


def _reminded(verdict: Verdict, messages: Sequence[Said], rows: Sequence[Any]) -> None:
    """Every row that counts as sent, or as sent perhaps, reached the chat; what reached it more often is counted."""
    came = Counter((KIND[each.title], each.chat, each.booking) for each in messages if each.new and each.title in KIND)
    expected: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        repeated = row["state"] == "uncertain" and row["perhaps"] >= REPEATS  # it may go out as often, and no oftener
        if row["state"] == "sent" or repeated:
            expected[row["kind"], row["private"], row["booking_id"]] += 1
        elif row["state"] not in ("pending", "cancelled", "dropped"):
            verdict.wrong.append(f"{row['state']} ({row['note']}): {row['key']}")
        verdict.known += repeated or row["note"] == "perhaps_twice"
    verdict.reminders = sum(count for (kind, _chat, _booking), count in came.items() if kind == "reminder")
    platform = {row["private"]: row["platform"] for row in rows}
    for key, count in expected.items():
        if came[key] < count:
            verdict.wrong.append(f"never came: {key}")
        elif came[key] > count:
            verdict.doubles[platform[key[1]]] += came[key] - count
