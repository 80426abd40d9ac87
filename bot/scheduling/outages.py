"""Tells a platform that does nothing for anybody from a message that it does not take."""

import asyncio
from dataclasses import dataclass, field

from bot.domain.people.people import Account, Platform
from bot.scheduling.pace import Pace

SHORTEST_S, LONGEST_S = 2.0, 60.0
"""How long nothing is sent to a platform that is away: twice as long each time, until somebody gets through."""

_MANY = 1000


@dataclass
class _State:
    got_through: float = float("-inf")
    closed_until: float = 0.0
    wait_s: float = 0.0


@dataclass
class Outages:
    """Of this process alone: a platform that is away is noticed anew by each sender."""

    pace: Pace
    _states: dict[tuple[Platform, str], _State] = field(default_factory=dict)
    _failed: dict[int, float] = field(default_factory=dict)

    def got_through(self, to: Account, row_id: int) -> None:
        state = self._state(to)
        state.got_through, state.wait_s = _now(), 0.0
        self._failed.pop(row_id, None)

    def wait(self, to: Account, row_id: int) -> float | None:
        """For how many seconds nothing is sent there, since a message met a platform that is away.

        None: others got through since this message failed before, so it is the message.
        """
        state, now = self._state(to), _now()
        if len(self._failed) >= _MANY:
            self._failed.clear()
        before = self._failed.get(row_id, now)
        self._failed[row_id] = now
        if state.got_through > before:
            return None
        if now >= state.closed_until:
            state.wait_s = min(max(2 * state.wait_s, SHORTEST_S), LONGEST_S)
            state.closed_until = now + state.wait_s
            self.pace.close(to, state.wait_s)
        return max(1.0, state.closed_until - now)

    def _state(self, to: Account) -> _State:
        return self._states.setdefault((to.platform, to.workspace), _State())


def _now() -> float:
    return asyncio.get_running_loop().time()
