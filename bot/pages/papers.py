"""Papers to keep, as files of a screen. They are drawn in one thread, one after another: the loop and a second core are
for those who chat."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.domain.payments.receipts import Receipt

T = TypeVar("T")

_DRAWING = ThreadPoolExecutor(1, "papers")


async def drawn(draw: Callable[[], T]) -> T:
    """What `draw` makes, which speaks a language only where it sets one itself."""
    return await asyncio.get_running_loop().run_in_executor(_DRAWING, draw)


async def receipt_pdf(receipt: Receipt, language: str) -> bytes:
    def draw() -> bytes:
        from bot.pages import receipt_pdf  # its libraries take a while to import

        return receipt_pdf.draw(receipt, language)

    return await drawn(draw)
