"""`rapport` commands that end by themselves: what they said, and their exit status."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.processes import inherited
from tests.support.warm import ROOT

SECONDS = 60.0


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


async def rapport(settings: Mapping[str, str], *arguments: str) -> Ended:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        env={**inherited(), **settings}, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())
