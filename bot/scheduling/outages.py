"""Tells a platform that does nothing for anybody from a message that it does not take."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.people.people import Account, Platform
from bot.scheduling.pace import Held, Pace

SHORTEST_S, LONGEST_S = 2.0, 60.0
"""How long nothing is sent to a platform that is away: twice as long each time, until somebody gets through."""

_MANY = 1000


@dataclass
class _State:
    got_through: float = float("-inf")
    closed_until: float = 0.0
    wait_s: float = 0.0
    fell_over: bool = False
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Outages:
    """Of this process alone: a platform that is away is noticed anew by each sender."""

    pace: Pace
    _states: dict[tuple[Platform, str], _State] = field(default_factory=dict)
    _failed: dict[int, float] = field(default_factory=dict)

    def got_through(self, to: Account, row_id: int) -> None:
        state = self._state(to)
        state.got_through, state.wait_s, state.fell_over = _now(), 0.0, False
        self._failed.pop(row_id, None)

    def fell_over(self, to: Account, row_id: int) -> None:
        """As `wait`; and before the next message the platform is asked whether it answers at all: a message that it
        falls over may be out, and is not sent often."""
        self.wait(to, row_id)
        self._state(to).fell_over = True

    async def back(self, to: Account, row_id: int, answers: Callable[[], Awaitable[bool]]) -> None:
        """Go on where a message may be sent. Raises `Held` while the platform answers nobody."""
        state = self._state(to)
        async with state.asking:
            if state.fell_over and not await answers():
                raise Held(self.wait(to, row_id) or SHORTEST_S)
            state.fell_over = False

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
