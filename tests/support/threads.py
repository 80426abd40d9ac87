"""Awaits something in a thread of its own, from code where no event loop runs or another one does."""

import asyncio
import threading
from collections.abc import Awaitable, Callable


def in_thread(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` in a loop of its own, away from the loop of the test that asked for it."""
    failures: list[BaseException] = []

    async def run() -> None:
        await work()

    def target() -> None:
        try:
            asyncio.run(run())
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
