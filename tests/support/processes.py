"""The product as separate processes, known by their pids, with what they logged."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.support.warm import WarmProcess

START_SECONDS = 90.0
STOP_SECONDS = 30.0
# What this machine may have set must not reach the product of a test.
FOREIGN = (
    "SLACK_", "TELEGRAM_", "STRIPE_", "DATABASE_URL", "SECRET_KEYS", "OWNERS", "CLOCK_FILE", "PUBLIC_URL", "HOST",
    "PORT", "HOLD_MINUTES", "TRUSTED_PROXIES", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip


def inherited() -> dict[str, str]:
    """What a process of the product may know of this one's environment."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}


class Process:
    """One `rapport` command. `settings` are the environment of section 7 of the design."""

    def __init__(self, command: str, settings: Mapping[str, str], log: Path) -> None:
        self.command = command
        self.settings = settings
        self.path = log
        self._process: WarmProcess | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        self._process = WarmProcess("bot.__main__", [self.command], {**inherited(), **self.settings})
        await self._process.start(self.path)

    async def answers(self, url: str) -> None:
        """Until it is healthy. AssertionError with its log when it ends or stays silent."""
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
            while True:
                assert self.alive, f"rapport {self.command} ended:\n{self.logged()}"
                try:
                    async with session.get(f"{url}/healthz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.03)

    async def stop(self) -> int:
        """As an operator does: SIGTERM, then wait; the exit status."""
        assert self._process is not None
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """As a machine that goes down."""
        assert self._process is not None
        if self.alive:
            self._process.send_signal(signal.SIGKILL)
        return await self._process.wait()

    def logged(self, lines: int = 60) -> str:
        if not self.path.exists():
            return "(nothing)"
        return "\n".join(self.path.read_text(errors="replace").splitlines()[-lines:])
