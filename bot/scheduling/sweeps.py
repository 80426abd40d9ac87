"""Repeated work. All state is in the database, so a sweep may run in any process, at any time, twice."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.scheduling import retention
from bot.scheduling.deliveries import Deliveries
from bot.services.bookings import hold_expiry
from bot.services.bookings.reschedule import Moves
from bot.services.bookings.waits import Waits
from bot.services.credits import sweep as credit_sweep
from bot.services.credits import warnings as credit_warnings
from bot.services.exchanges import another_offer
from bot.services.gifts import warnings as gift_warnings
from bot.services.kit.reaction import Reaction
from storage import subjects, tables
from storage.engine import Storage, StorageAway, Tx
from storage.payments import carried_orders

log = logging.getLogger(__name__)

PART = 500
"""Rows removed or changed in one transaction: others are not kept waiting."""


@dataclass(frozen=True)
class Sweep:
    """`run` is called every `seconds`, never twice at once in a process."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[object]]


def of_bookings(storage: Storage, react: Reaction, deliveries: Deliveries, now: Callable[[], datetime]) -> list[Sweep]:
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
        Sweep("moves-over", 60, then_send(partial(another_offer.end_over, storage, react))),
        Sweep("proposals", 20, then_send(moves.lapse)),
        Sweep("waits", 20, then_send(waits.tell)),
        Sweep("credits-over", 300, lambda: credit_sweep.end_over(storage, now())),
        Sweep("credits-used", 3600, lambda: credit_sweep.spend_past(storage, now())),
        Sweep("credit-warnings", 900, then_send(partial(credit_warnings.warn, storage))),
        Sweep("gift-warnings", 900, then_send(partial(gift_warnings.warn, storage))),
        Sweep("upkeep", 3600, partial(_forget, storage, now)),
    ]


async def _forget(storage: Storage, now: Callable[[], datetime]) -> None:
    """Remove what was kept long enough, and bring rows that processes of the version before wrote to the form of this
    one. Where that fails for one table it is done for the others, and is tried again with the next sweep."""
    moment = now()
    parts: list[tuple[str, Callable[[Tx], int]]] = []
    for rule in retention.RULES:
        if rule.forget is not None:
            before = moment - (rule.kept or retention.NOTHING)
            parts.append((rule.table, partial(_call, rule.forget, before)))
    parts += [
        (each.name, partial(subjects.carry_over, table=each, limit=PART)) for each in (tables.outbox, tables.payments)
    ]
    parts += [(tables.orders.name, partial(each, limit=PART)) for each in carried_orders.STEPS]
    for table, part in parts:
        try:
            await _in_parts(storage, part)
        except StorageAway:
            raise
        except Exception:
            log.exception("upkeep.failed", extra={"ids": {"table": table}})


def _call(forget: retention.Forget, before: datetime, tx: Tx) -> int:
    return forget(tx, before, PART)


async def _in_parts(storage: Storage, part: Callable[[Tx], int]) -> None:
    while await storage.write(part) == PART:
        pass
