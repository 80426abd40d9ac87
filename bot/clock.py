"""The only caller of "now". `CLOCK_FILE` holds an offset in seconds that every process of a sandbox shares."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


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
