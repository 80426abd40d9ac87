"""Remembers recent deliveries: a second one gets the first one's answer, and nothing happens again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.chat.remembered import Remembered
from bot.domain.people.people import Profile

KEPT = 5000
"""More than Slack delivers within its five minutes of tolerance to a practice of any size. What is older, or came
to another process, is recognised by the key of the act."""


@dataclass(frozen=True)
class Ack:
    """What Slack gets for an answer: a status, and a JSON body where one is meant.

    `words`: what the body tells the person, for when it comes too late for Slack to show it; `known`: who that is, and
    the token to tell them with, where that was found out.
    """

    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    known: tuple[str, Profile] | None = None


class Recent:
    def __init__(self) -> None:
        self._answers: Remembered[str, asyncio.Future[Ack]] = Remembered(KEPT)

    async def once(self, delivery: str, work: Callable[[], Awaitable[Ack]]) -> Ack:
        """Do the work, or wait for the same delivery's. One that failed (5xx) may come again."""
        known = self._answers.get(delivery)
        if known is not None:
            return await asyncio.shield(known)
        mine: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._answers.put(delivery, mine)
        answer = Ack(503)
        try:
            answer = await work()
        finally:
            mine.set_result(answer)
            if answer.status >= 500:
                self._answers.drop(delivery)
        return answer
