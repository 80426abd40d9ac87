"""Decides how long a vendor's answer is waited for, when the vendor is asked again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.integrations.vendor import VendorAway

_DOUBLINGS = 12


@dataclass(frozen=True)
class Patience:
    """Waits twice as long after each failure, from `first` to `longest`; gives up after `give_up_after` failures."""

    longest: timedelta
    first: timedelta = timedelta(seconds=10)
    give_up_after: int | None = None
    answer_s: float = 8.0

    def wait(self, failures: int) -> timedelta:
        """`first` before any failure."""
        return min(self.first * (1 << min(failures, _DOUBLINGS)), self.longest)

    def again(self, failures: int, now: datetime, why: Exception | None = None) -> datetime | None:
        """When to ask again, no sooner than the vendor wished; None: not any more. `failures`: those before this."""
        if self.give_up_after is not None and failures >= self.give_up_after:
            return None
        wished = why.seconds if isinstance(why, VendorAway) else None
        return now + max(self.wait(failures), timedelta(seconds=wished or 0))
