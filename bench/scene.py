"""What a measurement of the product or an anchor needs: platforms that answer at once, processes to measure."""

import asyncio
import contextlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.support.servers.postgres import free_port

BOT_TOKEN = "700001:AAbench-bench-bench-bench-bench-bench"
SLACK_TOKEN = "xoxb-bench"
SIGNING_SECRET = "bench-signing-secret"
WEBHOOK_SECRET = "bench"
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
OWNER = 1001

CPU_OF_A_PROCESS = 2
"""The kernel's name for "CPU time, as the scheduler counts it": the figure of /proc/PID/schedstat, of all threads."""


@dataclass
class Outside:
    """Answers every method of Telegram and Slack at once with the little that both need. In the bench's process.

    `last` keeps what was last shown in each chat, and the modal that was opened for each of Slack's triggers; `shown`
    counts the messages that were sent or edited and the modals, and `sent` holds them until somebody clears it.
    """

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    last: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: int = 0
    _ids: Any = field(default_factory=lambda: itertools.count(100))

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[Self]:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._telegram)
        app.router.add_route("*", "/api/{method}", self._slack)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def _shows(self, chat: str, sent: dict[str, Any]) -> None:
        self.shown += 1
        self.sent.append(sent)
        self.last[chat] = sent

    async def _telegram(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "getMe":
            return _ok({"id": 700001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"})
        form: dict[str, Any] = {"method": method, **(await request.post())}
        if not is_message(method):
            return _ok(True)
        message = int(str(form.get("message_id", 0))) or next(self._ids)
        self._shows(str(form.get("chat_id", 1)), {**form, "message_id": message})
        chat = {"id": int(str(form.get("chat_id", 1))), "type": "private"}
        return _ok({"message_id": message, "date": int(time.time()), "chat": chat, "text": "x"})

    async def _slack(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        in_json = request.content_type == "application/json"
        sent: dict[str, Any] = await request.json() if in_json else dict(await request.post())
        stamp = sent.get("ts") or f"{next(self._ids)}.0001"
        answer: dict[str, Any] = {"ok": True, "ts": stamp, "channel": sent.get("channel", "D1")}
        if method == "auth.test":
            known = {
                "team_id": "T1",
                "user_id": "UBOT",
                "bot_id": "BBOT",
                "team": "Bench",
                "url": "https://b.slack.com/",
            }
            answer |= known
        elif method == "conversations.open":
            answer["channel"] = {"id": f"D{str(sent.get('users', '1')).removeprefix('U')}"}
        elif method == "users.info":
            user = sent.get("user") or request.query.get("user")
            answer["user"] = {"id": user, "name": "mia", "tz": "Europe/Berlin", "profile": {"real_name": "Mia"}}
        elif method in ("chat.update", "chat.postMessage"):
            self._shows(str(sent.get("channel")), {**sent, "ts": stamp})
        elif method == "views.open":
            answer["view"] = {**_view(sent["view"]), "id": f"V{next(self._ids)}", "hash": f"{next(self._ids)}.h"}
            self._shows(sent["trigger_id"], answer)
        return web.json_response(answer)


def is_message(method: str) -> bool:
    """Whether something to read is sent or edited; an older message that only loses its buttons is not."""
    return method.startswith(("send", "edit")) and method not in ("sendChatAction", "editMessageReplyMarkup")


def _view(given: Any) -> dict[str, Any]:
    view: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
    return view


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


@dataclass
class Served:
    """A process that serves, with what it took to start."""

    process: asyncio.subprocess.Process
    url: str
    start_ms: float

    def cpu_us(self) -> float:
        """CPU time that the process has used so far."""
        return cpu_us(self.process.pid)

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def end(self) -> None:
        self.process.terminate()
        await self.process.wait()


def cpu_us(pid: int) -> float:
    """CPU time that all threads of a process have used so far, user and system; the kernel's own count."""
    return time.clock_gettime((~pid << 3) | CPU_OF_A_PROCESS) * 1e6


@contextlib.asynccontextmanager
async def serve(arguments: Sequence[str], env: Mapping[str, str], port: int | None = None) -> AsyncIterator[Served]:
    """A Python process with PORT in its environment, from its first answer on; the time counts from the spawn.

    What it wrote to its standard error is shown when it does not begin to answer.
    """
    port = port or free_port()
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments,
            env={**os.environ, **env, "HOST": "127.0.0.1", "PORT": str(port)},
            stdout=asyncio.subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        served = Served(process, f"http://127.0.0.1:{port}", 0.0)
        try:
            if not await _answers(served, began):
                errors.seek(0)
                raise RuntimeError(f"{arguments} did not begin to answer:\n{errors.read()[-3000:]}")
            yield served
        finally:
            with contextlib.suppress(ProcessLookupError):
                await served.end()


async def _answers(served: Served, began: float) -> bool:
    async with aiohttp.ClientSession() as session:
        while time.monotonic() - began < 60 and served.process.returncode is None:
            try:
                async with session.get(f"{served.url}/healthz") as answer:
                    if answer.status == 200:
                        served.start_ms = (time.monotonic() - began) * 1000
                        return True
            except aiohttp.ClientError:
                await asyncio.sleep(0.002)
    return False


def environment(outside: Outside, database_url: str) -> dict[str, str]:
    """What the product is started with: both platforms, played by `outside`."""
    return {
        "PUBLIC_URL": "http://127.0.0.1:8080",
        "DATABASE_URL": database_url,
        "SECRET_KEYS": KEY,
        "OWNERS": f"telegram:{OWNER}",
        "LOG_LEVEL": "WARNING",
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "TELEGRAM_API_URL": outside.url,
        "SLACK_BOT_TOKEN": SLACK_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{outside.url}/api/",
    }
