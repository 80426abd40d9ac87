"""Counts what strangers can cause as often as they like, and logs the counts once a minute at most.

A line for each would let them fill the disk, and hide what else happens.
"""

import asyncio
import logging
from collections import Counter

log = logging.getLogger(__name__)

EVERY_S = 60.0


class Tally:
    """`step` is the name of the line that is logged; its ids are what was counted, and how often."""

    def __init__(self, step: str, every_s: float = EVERY_S) -> None:
        self._step = step
        self._every_s = every_s
        self._counts = Counter[str]()
        self._loop: asyncio.AbstractEventLoop | None = None

    def count(self, what: str) -> None:
        """Called in a running event loop. `what` is a short word of ours, never of who was refused."""
        self._counts[what] += 1
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(self._every_s, self._tell)

    def end(self) -> None:
        """Log what was counted since the last line: the process is to end."""
        if self._counts:
            log.warning(self._step, extra={"ids": dict(self._counts)})
            self._counts.clear()

    def _tell(self) -> None:
        self.end()
        self._loop = None


REFUSED = Tally("requests.refused")
"""Requests and connections that were refused, as `door: why`, in this process."""
