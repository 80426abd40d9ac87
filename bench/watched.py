"""`python -m bench.watched web|worker`: that command, measuring how long its event loop stalls.

When it ends it writes the longest stalls to STALL_FILE, in milliseconds, the longest first. A stall is the CPU time
that the loop's thread spent between two looks, a millisecond apart: what other processes take away does not count.
"""

import asyncio
import heapq
import json
import os
import signal
import sys
import time
from pathlib import Path

from bot import logs, processes
from bot.clock import use_pinned_zones
from bot.config import environment, load

LOOK_S = 0.001
KEPT = 100


class Stalls:
    def __init__(self) -> None:
        self.longest: list[float] = []

    async def watch(self) -> None:
        spent = time.thread_time()
        while True:
            await asyncio.sleep(LOOK_S)
            now = time.thread_time()
            heapq.heappush(self.longest, (now - spent) * 1000)
            if len(self.longest) > KEPT:
                heapq.heappop(self.longest)
            spent = time.thread_time()


async def main(command: str) -> list[float]:
    use_pinned_zones()
    stalls, settings = Stalls(), load(environment())
    logs.set_up(settings.log_level)

    def begin() -> None:
        stalls.longest.clear()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, begin)
    watching = asyncio.create_task(stalls.watch())
    await {"web": processes.web, "worker": processes.worker}[command](settings)
    watching.cancel()
    return sorted(stalls.longest, reverse=True)


if __name__ == "__main__":
    longest = asyncio.run(main(sys.argv[1]))
    Path(os.environ["STALL_FILE"]).write_text(json.dumps(longest))
