"""Awaits something in a thread of its own, from code where no event loop runs or another one does."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` gives, run in a loop of its own, away from the loop of the test that asked for it."""

    async def run() -> T:
        return await work()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
