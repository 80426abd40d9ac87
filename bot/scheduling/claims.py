"""Claims the outbox rows that are due now, under a lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.domain.notices.notices import RULES
from bot.domain.notices.outgoing import OutboxRow
from bot.domain.notices.ways import Reach
from bot.scheduling.sending import LEASE_NAME, Sender
from storage.engine import Storage, Tx
from storage.journal import leases
from storage.notices import outbox, outbox_claims
from storage.people import people, preferences

AT_ONCE, PLANNED_AT_ONCE, CORRECTIONS_AT_ONCE = 120, 90, 10
"""Most of them wait for their turn, claimed and no more; what was planned long ahead leaves room for the rest."""

ROW_SECONDS = 60
"""A claimed row whose sender died comes back after this long."""

ACCOUNT_AGAIN = timedelta(minutes=5)
"""When a message is looked at again whose person's account could not be read."""

SENDER_SECONDS = 30
"""Another process may send when the one that did was not heard of for this long."""

SILENT_SECONDS = 5
"""A process that is stopped in the middle of a claim keeps the others waiting no longer than this."""

TALK_NAME = "answering"
TALK_SECONDS = 5
"""Held by a process that answers people while another one sends: what is sent leaves room for the answers."""


class Lane(Enum):
    ASKED = "asked"  # what came about just now
    PLANNED = "planned"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Claimed:
    """`reach` says how each of the persons can be reached; `answering`: another process answers people meanwhile.
    `left_out`: some that cannot be sent as things are were put off, and others may be ready in their place."""

    sender: Sender
    rows: Sequence[OutboxRow]
    reach: Mapping[int, Reach]
    corrections: Sequence[OutboxRow]
    answering: bool
    left_out: bool


def lane(row: OutboxRow) -> Lane:
    return Lane.PLANNED if RULES[row.notice.kind].planned else Lane.ASKED


def claim(tx: Tx, owner: str, now: datetime, under_way: Mapping[int, Lane], *, planned: bool) -> Claimed | None:
    """Claim as much as fits beside what is under way, by the ids of its rows; None when another process sends.

    Prolongs the lease. A row that is under way is not claimed: nobody would begin it before that claim is over.
    """
    taken, but = list(under_way.values()), sorted(under_way)
    room = max(0, AT_ONCE - len(taken))
    room_planned = max(0, PLANNED_AT_ONCE - taken.count(Lane.PLANNED)) if planned else 0
    room_corrections = max(0, CORRECTIONS_AT_ONCE - taken.count(Lane.CORRECTION))
    leases.speak_up(tx, SILENT_SECONDS)
    epoch = leases.acquire(tx, LEASE_NAME, owner, SENDER_SECONDS)
    if epoch is None:
        return None
    rows = outbox_claims.claim(tx, owner, now, room, ROW_SECONDS, planned=False, but=but)
    if (more := min(room_planned, room - len(rows))) > 0:
        rows += outbox_claims.claim(tx, owner, now, more, ROW_SECONDS, but=but)
    reach = preferences.reach_of(tx, {row.notice.person_id for row in rows}) if rows else {}
    to_send = _reachable(tx, rows, reach, now)
    return Claimed(
        Sender(owner, epoch),
        to_send,
        reach,
        outbox_claims.claim_corrections(tx, owner, now, room_corrections, ROW_SECONDS, but=but),
        leases.taken(tx, TALK_NAME),
        left_out=bool(tx.bad_rows),
    )


def _reachable(tx: Tx, rows: Sequence[OutboxRow], reach: Mapping[int, Reach], now: datetime) -> Sequence[OutboxRow]:
    """Without the messages to whom cannot be written because an account cannot be read: they wait for it."""
    mute = {
        person
        for person, theirs in reach.items()
        if not any(each.verified and each.unreachable is None for each in theirs.accounts)
    }
    waiting = people.unreadable_accounts(tx, mute) if mute else set()
    left_out = [
        row
        for row in rows
        if row.notice.person_id in waiting and (row.notice.expires is None or row.notice.expires > now)
    ]
    outbox.put_all_off(tx, left_out, now + ACCOUNT_AGAIN)
    return [row for row in rows if row not in left_out]


async def tell_sender(storage: Storage, owner: str) -> None:
    """Tell the process that sends, if it is another, to leave room: this one is answering people."""
    if await storage.read_one(lambda tx: leases.taken(tx, LEASE_NAME, but=owner)):
        await storage.write(lambda tx: leases.acquire(tx, TALK_NAME, owner, TALK_SECONDS))
