"""Token buckets in this process's memory: against floods, where another process need not know."""

from collections.abc import Callable
from typing import Generic, TypeVar

from bot.chat.remembered import Remembered

K = TypeVar("K")
KEYS = 10_000


class Buckets(Generic[K]):
    """One for each key: `burst` at once, and `per_second` more. A key that was not heard of for long is forgotten,
    which gives it no more than a full bucket."""

    def __init__(self, burst: float, per_second: float, monotonic: Callable[[], float], most: int = KEYS) -> None:
        self._burst = burst
        self._per_second = per_second
        self._monotonic = monotonic
        self._left: Remembered[K, tuple[float, float]] = Remembered(most)

    def take(self, key: K) -> bool:
        """Take one; False when there is none. What is asked in vain costs nothing."""
        now = self._monotonic()
        left, since = self._left.get(key) or (self._burst, now)
        left = min(self._burst, left + (now - since) * self._per_second)
        has = left >= 1
        self._left.put(key, (left - 1 if has else left, now))
        return has
