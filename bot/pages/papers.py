"""Papers to keep, as files of a screen. They are drawn in one thread, one after another: the loop and a second core are
for those who chat."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.domain.bookings.calendar_entry import CalendarFile
from bot.domain.payments.receipts import Receipt
from bot.pages import calendar_words
from bot.services.calendar.feeds import ReadFeed

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


async def calendar(found: ReadFeed, telegram: str | None) -> CalendarFile:
    """What a feed says, in its owner's language. `telegram`: how the bot is called there, where that is known."""
    return await drawn(lambda: calendar_words.feed(found, telegram))


async def calendar_file(calendar: CalendarFile) -> bytes:
    def write() -> bytes:
        from bot.pages import calendar_file

        return calendar_file.write(calendar)

    return await drawn(write)
