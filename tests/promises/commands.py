"""`rapport` commands that end by themselves: what they said, and their exit status."""

import asyncio
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import inherited
from tests.support.warm import WarmProcess

SECONDS = 60.0
CLOSED = "http://127.0.0.1:9"
"""An address at which nobody listens."""


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


async def rapport(settings: Mapping[str, str], *arguments: str) -> Ended:
    process = WarmProcess("bot.__main__", arguments, {**inherited(), **settings})
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        await process.start(Path(out.name), Path(err.name))
        try:
            status = await asyncio.wait_for(process.wait(), SECONDS)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()
        return Ended(status, out.read(), err.read())
