"""The only caller of "now". `CLOCK_FILE` holds an offset in seconds that every process of a sandbox shares."""

import time
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path


def use_pinned_zones() -> None:
    """Read the rules of time zones from the `tzdata` package alone, whose version the lock pins.

    A machine's own copy may be years old: the same session would be an hour off on one process and not on another.
    """
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()


class Clock:
    """`now()` is UTC and may be shifted; `real()` never is: signatures and time-outs keep real time."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset_file = offset_file

    def now(self) -> datetime:
        return self.real() + timedelta(seconds=self._offset())

    @staticmethod
    def real() -> datetime:
        return datetime.now(UTC)

    @staticmethod
    def monotonic() -> float:
        return time.monotonic()

    def _offset(self) -> float:
        if self._offset_file is None:
            return 0.0
        try:
            return float(self._offset_file.read_text().strip() or 0)
        except FileNotFoundError:
            return 0.0
