"""Numbers every change, for pages and tests that wait for the next one."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["message", "edited", "deleted", "answered", "asked", "typing", "pinned", "member", "paying", "profile"]


@dataclass(frozen=True)
class Event:
    """`chat_id` and `message_id` are None where the change belongs to no chat or message."""

    n: int
    kind: Kind
    chat_id: int | None
    message_id: int | None


class Events:
    def __init__(self) -> None:
        self._events: list[Event] = []
        self._more = asyncio.Event()

    @property
    def last(self) -> int:
        return len(self._events)

    def add(self, kind: Kind, chat_id: int | None = None, message_id: int | None = None) -> None:
        self._events.append(Event(self.last + 1, kind, chat_id, message_id))
        self._more.set()
        self._more = asyncio.Event()

    async def after(self, n: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """Events numbered above `n`; waits up to `timeout` seconds for the first one."""
        if self.last <= n and timeout > 0:
            try:
                await asyncio.wait_for(self._more.wait(), timeout)
            except TimeoutError:
                return []
        return [asdict(event) for event in self._events[n:]]
