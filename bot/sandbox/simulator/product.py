"""Runs the product as a process of its own, which the simulator knows by HTTP alone."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bot.config import environment

START_SECONDS = 40.0
STOP_SECONDS = 8.0
ROOT = Path(__file__).parents[3]
# What a machine may have set for a real deployment must not reach the sandbox, nor a proxy stand before loopback.
FOREIGN = (
    "SLACK_", "TELEGRAM_", "STRIPE_", "CALENDLY_", "ZOOM_", "CLERK_", "TWILIO_", "RESEND_", "SMTP_", "EMAIL_",
    "DATABASE_URL", "SECRET_KEYS", "OWNERS", "CLOCK_FILE", "PUBLIC_URL", "HOLD_MINUTES",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip


class Died(RuntimeError):
    """The product ended, or never answered; the message carries the last lines of its log."""


class Product:
    def __init__(self, settings: Mapping[str, str], url: str, log: Path) -> None:
        self._settings = settings
        self._url = url
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Returns when it answers. Raises `Died`."""
        kept = {name: value for name, value in environment().items() if not name.upper().startswith(FOREIGN)}
        path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")]))
        given = {**kept, **self._settings, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
        with self._log.open("ab") as log:
            # A session of its own: Ctrl-C reaches the simulator alone, which ends the product in order.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "web",
                env=given, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._answers()
        except TimeoutError:
            raise Died(self.last_words("did not answer")) from None

    async def _answers(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                if not self.alive:
                    raise Died(self.last_words("ended"))
                try:
                    async with session.get(f"{self._url}/healthz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def ended(self) -> int:
        """Waits for its end, whoever brought it about; the exit status."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self, what: str, lines: int = 15) -> str:
        said = self._log.read_text(errors="replace").splitlines()[-lines:] if self._log.exists() else []
        return "\n".join([f"Rapport {what}. Its last words:", *said])
