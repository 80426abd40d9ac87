"""Strangers fill no log: what they cause is counted, and told once in a while."""

import asyncio
import logging
from collections.abc import Mapping

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
def heard() -> Heard:
    return Heard()


async def test_a_thousand_refusals_are_one_line_with_their_number(heard: Heard) -> None:
    log = logging.getLogger("bot.tally")
    log.addHandler(heard)
    tally = Tally("things.refused", every_s=0.01)
    for _ in range(999):
        tally.count("door: unsigned")
    tally.count("door: stale")
    line = await heard.lines.get()
    assert (line["msg"], line["ids"]) == ("things.refused", {"door: unsigned": 999, "door: stale": 1})
    tally.count("door: stale")
    assert (await heard.lines.get())["ids"] == {"door: stale": 1}
    log.removeHandler(heard)
    assert heard.lines.empty()
