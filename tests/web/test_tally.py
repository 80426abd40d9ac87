"""Strangers fill no log: what they cause is counted, and told once in a while."""

import asyncio
import logging
from collections.abc import Iterator, Mapping

import pytest

from bot.tally import Tally


class Heard(logging.Handler):
    """The lines of the log as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: asyncio.Queue[Mapping[str, object]] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put_nowait(vars(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    log, handler = logging.getLogger("bot.tally"), Heard()
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


async def test_a_thousand_refusals_are_one_line_with_their_number(heard: Heard) -> None:
    tally = Tally("things.refused", every_s=0.01)
    for _ in range(999):
        tally.count("door: unsigned")
    tally.count("door: stale")
    line = await heard.lines.get()
    assert (line["msg"], line["ids"]) == ("things.refused", {"door: unsigned": 999, "door: stale": 1})
    tally.count("door: stale")
    assert (await heard.lines.get())["ids"] == {"door: stale": 1}
    assert heard.lines.empty()


async def test_what_was_counted_last_is_told_when_the_process_ends(heard: Heard) -> None:
    tally = Tally("things.refused")
    tally.end()
    assert heard.lines.empty()
    tally.count("door: unsigned")
    tally.end()
    assert (await heard.lines.get())["ids"] == {"door: unsigned": 1}
    tally.end()
    assert heard.lines.empty()
