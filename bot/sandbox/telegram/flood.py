"""How fast a bot may write."""

import math
from dataclasses import dataclass, field

from bot.sandbox.telegram.errors import too_many_requests


@dataclass(frozen=True)
class FloodLimits:
    """Messages a second and the burst on top, overall and in one chat, and messages a minute in one group.

    The rates are those of Telegram's bots FAQ; the burst is an allowance of the stand-in's own, since
    Telegram only says that short bursts pass.
    """

    overall_rate: float = 30
    overall_burst: int = 30
    chat_rate: float = 1
    chat_burst: int = 20
    group_per_minute: int = 20


UNLIMITED = FloodLimits(1e9, 10**9, 1e9, 10**9, 10**9)


@dataclass
class Bucket:
    rate: float
    room: float
    left: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.left = self.room

    def wait(self, now: float) -> float:
        """Seconds until one more fits."""
        if self.at is not None:
            self.left = min(self.room, self.left + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


class Flood:
    def __init__(self, limits: FloodLimits) -> None:
        self._limits = limits
        self._overall = Bucket(limits.overall_rate, limits.overall_burst)
        self._chats: dict[int, Bucket] = {}

    def take(self, chat_id: int, now: float) -> None:
        """Count one message to a chat at `now` (seconds of a monotonic clock); Refusal 429 if it is too much."""
        limits = self._limits
        if chat_id not in self._chats:
            per_minute = limits.group_per_minute
            group = Bucket(per_minute / 60, per_minute)
            self._chats[chat_id] = group if chat_id < 0 else Bucket(limits.chat_rate, limits.chat_burst)
        buckets = (self._overall, self._chats[chat_id])
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.left -= 1
