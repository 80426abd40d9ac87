"""How often the Web API may be called."""

import math
import time
from dataclasses import dataclass, field


@dataclass
class RateLimits:
    """Token buckets in real time.

    chat.postMessage: one a second in each channel, `post_burst` at once. Other methods: their tier in each
    workspace, with `tier_burst` times a minute's worth at once (Slack's tiers promise a minimum).
    """

    post_per_second: float = 1.0
    post_burst: int = 20
    tier_burst: float = 2.0
    _buckets: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)

    def wait_to_post(self, team: str, channel: str) -> int:
        """Whole seconds to wait, 0 if the message may be posted now (and is then counted)."""
        return self._take(("post", team, channel), self.post_per_second, self.post_burst)

    def wait_to_call(self, method: str, team: str, per_minute: int) -> int:
        return self._take((method, team), per_minute / 60, per_minute * self.tier_burst)

    def _take(self, key: tuple[str, ...], rate: float, burst: float) -> int:
        now = time.monotonic()
        left, seen = self._buckets.get(key, (burst, now))
        left = min(burst, left + (now - seen) * rate)
        if left < 1:
            self._buckets[key] = (left, now)
            return max(1, math.ceil((1 - left) / rate)) if rate > 0 else 30
        self._buckets[key] = (left - 1, now)
        return 0
