"""Repeated work. All state is in the database, so a sweep may run in any process, at any time, twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.scheduling.deliveries import Deliveries
from bot.services.bookings import client_numbers, hold_expiry
from bot.services.bookings.reschedule import Moves
from bot.services.bookings.waits import Waits
from bot.services.kit.reaction import Reaction
from storage import subjects, tables
from storage.engine import Storage, Tx
from storage.journal import acts, drafts, faults, inbox, set_aside
from storage.notices import outbox
from storage.people import conversations
from storage.practice import workspaces

ACTS_KEPT = timedelta(days=14)
"""Longer than any platform redelivers an update."""

FAULTS_KEPT = timedelta(days=90)
"""As long as somebody may still come with the reference that they were shown."""

MESSAGES_KEPT = timedelta(days=30)
"""Counted from the session that a message is about, or from its sending; until then it may be corrected."""

EVENTS_KEPT = timedelta(days=7)
"""They hold what a vendor wrote of people. Stripe sends an event again for three days."""

PART = 500
"""Rows removed or changed in one transaction: others are not kept waiting."""


@dataclass(frozen=True)
class Sweep:
    """`run` is called every `seconds`, never twice at once in a process."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[object]]


def of_bookings(
    storage: Storage, react: Reaction, deliveries: Deliveries, now: Callable[[], datetime]
) -> list[Sweep]:
    """The sweeps of times, bookings and messages. Those of the vendors are in `bot.scheduling.vendors`."""
    moves, waits = Moves(storage, react), Waits(storage)

    def then_send(work: Callable[[datetime], Awaitable[int]]) -> Callable[[], Awaitable[object]]:
        async def run() -> None:
            if await work(now()):
                deliveries.wake()

        return run

    return [
        Sweep("deliveries", 1, deliveries.sweep),
        Sweep("hold-warnings", 5, then_send(partial(hold_expiry.warn, storage))),
        Sweep("hold-ends", 2, then_send(partial(hold_expiry.end_over, storage, react))),
        Sweep("proposals", 20, then_send(moves.lapse)),
        Sweep("waits", 20, then_send(waits.tell)),
        Sweep("upkeep", 3600, partial(_forget, storage, now)),
    ]


async def _forget(storage: Storage, now: Callable[[], datetime]) -> None:
    """Remove what nobody asks for again: old acts, faults, messages and events; numbers, drafts, forms and
    installations in time.

    Rows that processes of the version before wrote are brought to the form of this one.
    """
    moment = now()

    def work(tx: Tx) -> None:
        acts.forget(tx, moment - ACTS_KEPT)
        faults.forget(tx, moment - FAULTS_KEPT)
        set_aside.forget(tx, moment - FAULTS_KEPT)
        conversations.forget_forms(tx, moment)
        drafts.forget(tx, moment)
        workspaces.forget_oauth_states(tx, moment)

    await storage.write(work)
    for part in (
        lambda tx: outbox.forget(tx, moment - MESSAGES_KEPT, PART),
        lambda tx: inbox.forget(tx, moment - EVENTS_KEPT, PART),
        lambda tx: client_numbers.forget(tx, moment, PART),
        lambda tx: subjects.carry_over(tx, tables.outbox, PART),
        lambda tx: subjects.carry_over(tx, tables.payments, PART),
    ):
        while await storage.write(part) == PART:
            pass
