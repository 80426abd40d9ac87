"""Makes the sweeps of the vendors: intents are carried out, and events that were kept are applied."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from bot.scheduling.sweeps import Sweep
from bot.services.kit.inbox import APPLY_S
from bot.services.kit.vendor_work import VendorWork


def of_vendors(works: Iterable[VendorWork], now: Callable[[], datetime], wake: Callable[[], None]) -> list[Sweep]:
    """One sweep for each kind of intent, one for each vendor that tells us something. `wake`: notices were written."""

    def then_send(due: Callable[[datetime], Awaitable[int]]) -> Callable[[], Awaitable[object]]:
        async def run() -> None:
            if await due(now()):
                wake()

        return run

    found = []
    for work in works:
        heard = (*work.inboxes, *work.told)
        found += [Sweep(each.kind.name, each.kind.seconds, then_send(each.due)) for each in work.intents]
        found += [Sweep(f"{each.source.name}-events", APPLY_S, then_send(each.apply_due)) for each in heard]
    return found
