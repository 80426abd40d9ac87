"""`rapport demo` as a process of its own."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The running command and the address that it printed; ended by its pid."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env=_environment(folder),
    )  # fmt: skip
    try:
        said = ""
        async with asyncio.timeout(60):
            while "is ready" not in said:
                assert process.stdout is not None
                line = (await process.stdout.readline()).decode()
                assert line, said
                said += line
        [address] = re.findall(r"Rapport is ready: (http://127\.0\.0\.1:\d+)/", said)
        assert said.count("\n") == 1, said
        yield process, address
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


def _environment(folder: Path) -> dict[str, str]:
    # A real deployment's settings on the same machine must not reach the sandbox.
    foreign = {"STRIPE_SECRET_KEY": "sk_live_of_somebody", "DATABASE_URL": "postgresql://elsewhere/x"}
    return {**os.environ, **foreign, "TMPDIR": str(folder)}
