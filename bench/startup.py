"""Start-up time and memory of `rapport web` with everything on, beside the frameworks alone."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

from bench.figures import Figure
from bench.scene import Outside, environment, serve

SETTLED_SECONDS = 0.5
HELP = 4.0


class Starts:
    """What each start took: until the first answer, by the clock and in CPU time, and memory half a second later."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self.cpu_ms: list[float] = []
        self.mb: list[float] = []

    async def once(self, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        async with serve(arguments, env) as served:
            self.cpu_ms.append(served.cpu_us() / 1000)
            self.ms.append(served.start_ms)
            await asyncio.sleep(SETTLED_SECONDS)
            self.mb.append(served.rss_mb())

    async def to_the_end(self, *arguments: str) -> None:
        """A command that answers and ends; its memory is nobody's concern."""
        by_clock, cpu = await asyncio.to_thread(_ran, arguments)
        self.ms.append(by_clock)
        self.cpu_ms.append(cpu)


async def measure(rounds: int) -> list[Figure]:
    """One start of each warms the caches of the disk, makes the tables, and is dropped."""
    product, anchor, helped, bare = Starts(), Starts(), Starts(), Starts()
    with tempfile.TemporaryDirectory() as folder:
        async with Outside().served() as outside:
            env = environment(outside, f"sqlite:///{folder}/bench.db")
            env |= {"STRIPE_SECRET_KEY": "sk_test_bench", "STRIPE_WEBHOOK_SECRET": "whsec_bench"}
            env["STRIPE_API_URL"] = outside.url
            for _round in range(rounds + 1):
                await product.once(["-m", "bot", "web"], env)
                await anchor.once(["-m", "bench.anchors.start"], {"API_URL": outside.url})
                await helped.to_the_end("-m", "bot", "--help")
                await bare.to_the_end("-c", "import argparse")
    told = "`rapport --help`; Python that imports argparse"
    name = "Ready to serve, everything on; the frameworks alone"
    return [
        Figure("14", name, product.ms[1:], anchor.ms[1:], "ms", 1.25),
        Figure("14", f"{name}, CPU", product.cpu_ms[1:], anchor.cpu_ms[1:], "ms CPU", 1.25),
        Figure("14", "Memory once ready; the frameworks alone", product.mb[1:], anchor.mb[1:], "MB", 1.25),
        Figure("14", told, helped.ms[1:], bare.ms[1:], "ms", HELP),
        Figure("14", f"{told}, CPU", helped.cpu_ms[1:], bare.cpu_ms[1:], "ms CPU", HELP),
    ]


def _ran(arguments: Sequence[str]) -> tuple[float, float]:
    """What Python took with these arguments, in milliseconds: by the clock, and in CPU time."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _pid, _status, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return (time.monotonic() - began) * 1000, (used.ru_utime + used.ru_stime) * 1000
