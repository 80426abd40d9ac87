"""Spaces outgoing messages evenly, just under the rate that each platform allows."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.chat.channel import Channel
from bot.chat.limits import Limit, Limits
from bot.domain.people.people import Account, Platform

MARGIN_S = 0.02
"""Two messages may come closer on their way by this much without being one too many in a second."""

CATCH_UP = 2
"""A message that was late by less than this many is made up for; what a longer pause cost is lost."""

SHARE_S = 5.0
"""How long after an answer the next one still finds room."""

READY, READY_FIRST = 12, 4
NEXT, NEXT_FIRST = 3, 2
"""So many are made ready ahead of their time, and so many of these marked as on their way, so that no time is lost to
a slow database; a kill finds few under way. What goes first has places of its own."""

PATIENCE_S = 3.0
_MANY_CHATS = 1000
_NONE = Limits()

Key = tuple[Platform, str]
ChatKey = tuple[Platform, str, str]


class Held(Exception):
    """The platform refused messages there until `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class _Line:
    """The queue of messages to one chat or platform."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._gone: deque[float] = deque(maxlen=limit.most)
        self._next = 0.0
        self.held_until = 0.0
        self.lock = asyncio.Lock()

    def free_at(self) -> float:
        full = len(self._gone) == self._limit.most
        return max(self._next, self.held_until, self._gone[0] + 1 + MARGIN_S if full else 0.0)

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        while (left := self.free_at() - loop.time()) > 0:
            if left > PATIENCE_S:
                raise Held(left)
            await asyncio.sleep(left)

    def not_before(self, moment: float) -> None:
        self._next = max(self._next, moment + self._limit.seconds)

    def count(self, *, shared: bool) -> None:
        """Count a message that goes out now."""
        now = asyncio.get_running_loop().time()
        spacing = self._limit.shared_seconds if shared else self._limit.seconds
        late = self._limit.most > 1 and now - self._next <= CATCH_UP * spacing
        self._next = (self._next if late else now) + spacing
        self._gone.append(now)


@dataclass
class Pace:
    """`limits` are those that the channels declare of themselves: see `keep_to`."""

    limits: dict[Platform, Limits] = field(default_factory=dict)
    _platforms: dict[Key, _Line] = field(default_factory=dict)
    _chats: dict[ChatKey, _Line] = field(default_factory=dict)
    _places: dict[tuple[Key, int, bool], asyncio.Semaphore] = field(default_factory=dict)
    _shared_until: float = 0.0
    _begins: float = 0.0
    _prune_at: int = _MANY_CHATS

    def keep_to(self, channels: Iterable[Channel]) -> None:
        """Keep to the limits of these from now on, before the first message."""
        self.limits.update((channel.platform, channel.limits) for channel in channels)

    def begin(self) -> None:
        """Begin to send: the process that did before may have sent a message a moment ago."""
        self._begins = asyncio.get_running_loop().time()
        for line in self._platforms.values():
            line.not_before(self._begins)

    def share(self) -> None:
        """Use less than the whole limit for some seconds, since a person is being answered."""
        self._shared_until = asyncio.get_running_loop().time() + SHARE_S

    @asynccontextmanager
    async def place(self, to: Account, *, first: bool) -> AsyncIterator[None]:
        """Among the few that are made ready to go out to this account, once its chat is free. Raises `Held`."""
        chat = self._chat(to)
        if chat is not None:
            await chat.wait()
        async with self._among(to, READY_FIRST if first else READY, first):
            yield

    def next(self, to: Account, *, first: bool) -> asyncio.Semaphore:
        """Among the very few that are ready and marked, and wait for their `turn`."""
        return self._among(to, NEXT_FIRST if first else NEXT, first)

    def _among(self, to: Account, most: int, first: bool) -> asyncio.Semaphore:
        return self._places.setdefault((_platform_key(to), most, first), asyncio.Semaphore(most))

    async def turn(self, to: Account) -> None:
        """Wait until a message may go out to this account; it then goes at once. Raises `Held`."""
        chat, line = self._chat(to), self._line(to)
        if chat is None:
            await self._platform_turn(line)
            return
        async with chat.lock:
            await chat.wait()
            await self._platform_turn(line)
            chat.count(shared=False)

    def refused(self, to: Account, seconds: float) -> None:
        """The platform asked to wait. Told so in a second chat, it means all of them."""
        now = asyncio.get_running_loop().time()
        chat, line = self._chat(to), self._line(to)
        others = (each for key, each in self._chats.items() if key[:2] == _platform_key(to) and each is not chat)
        if line is not None and any(each.held_until > now for each in others):
            line.held_until = max(line.held_until, now + seconds)
        if chat is not None:
            chat.held_until = max(chat.held_until, now + seconds)

    def close(self, to: Account, seconds: float) -> None:
        """The platform does nothing for anybody: no message goes there for so long."""
        if (line := self._line(to)) is not None:
            line.held_until = max(line.held_until, asyncio.get_running_loop().time() + seconds)

    async def _platform_turn(self, line: _Line | None) -> None:
        if line is None:
            return
        async with line.lock:
            await line.wait()
            line.count(shared=asyncio.get_running_loop().time() < self._shared_until)

    def _of(self, to: Account) -> Limits:
        return self.limits.get(to.platform) or _NONE

    def _line(self, to: Account) -> _Line | None:
        limit = self._of(to).every
        if limit is None:
            return None
        key = _platform_key(to)
        if key not in self._platforms:
            self._platforms[key] = _Line(limit)
            self._platforms[key].not_before(self._begins)
        return self._platforms[key]

    def _chat(self, to: Account) -> _Line | None:
        limit = self._of(to).chat
        if limit is None:
            return None
        key = (to.platform, to.workspace, to.chat_ref or to.user_ref)
        if key not in self._chats:
            if len(self._chats) >= self._prune_at:
                now = asyncio.get_running_loop().time()
                busy = {each: line for each, line in self._chats.items() if line.lock.locked() or line.free_at() > now}
                self._chats = busy
                self._prune_at = max(_MANY_CHATS, 2 * len(self._chats))
            self._chats[key] = _Line(limit)
        return self._chats[key]


def _platform_key(to: Account) -> Key:
    return to.platform, to.workspace
