"""Idempotency keys: the first answer to a key is the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.standin import SandboxClock
from bot.sandbox.stripe.refusals import InvalidParams, Refused

KEPT_SECONDS = 24 * 3600
KEY_LENGTH = 255


@dataclass(frozen=True)
class Answer:
    """`original` is the id of the request whose answer is replayed, None for a fresh one."""

    status: int
    body: dict[str, Any]
    request_id: str
    original: str | None = None


@dataclass
class _Entry:
    asked: tuple[str, Any]
    at: float
    answer: Answer | None = None


class Idempotency:
    """Keys of POST requests, each kept for a day of the sandbox's clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    async def run(self, key: str | None, asked: tuple[str, Any], work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Do `work` once for the key; `asked` is the path with its parameters.

        A refusal of parameters leaves the key free; every other answer, refusals too, is kept.
        """
        if key is None:
            return await work()
        self._check(key)
        entry = self._entries.get(key)
        if entry is not None:
            return _replay(key, entry, asked)
        entry = self._entries[key] = _Entry(asked, self._clock.now().timestamp())
        try:
            entry.answer = await work()
        finally:
            if entry.answer is None:
                del self._entries[key]
        return entry.answer

    def _check(self, key: str) -> None:
        if not 0 < len(key) <= KEY_LENGTH:
            said = f"Idempotency keys must be 1 to {KEY_LENGTH} characters long."
            raise InvalidParams(said, type="idempotency_error")
        now = self._clock.now().timestamp()
        entry = self._entries.get(key)
        if entry is not None and entry.answer is not None and now - entry.at >= KEPT_SECONDS:
            del self._entries[key]


def _replay(key: str, entry: _Entry, asked: tuple[str, Any]) -> Answer:
    if entry.answer is None:
        raise Refused(
            f"There is currently another in-progress request using this Idempotent Key ({key}).",
            "idempotency_key_in_use",
            status=409,
            type="idempotency_error",
        )
    if entry.asked != asked:
        what = "endpoint" if entry.asked[0] != asked[0] else "parameters"
        raise Refused(
            f"Keys for idempotent requests can only be used with the same {what} they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    first = entry.answer
    return Answer(first.status, first.body, first.request_id, first.request_id)
