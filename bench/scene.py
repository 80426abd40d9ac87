"""What the product and the bare bots have in common: an outside that answers at once, and processes to measure."""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

BOT_TOKEN = "700001:AAbench-bench-bench-bench-bench-bench"
SLACK_TOKEN = "xoxb-bench"
SIGNING_SECRET = "bench-signing-secret"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Outside:
    """Answers every method of Telegram and Slack at once with the little that both need. In the bench's process."""

    url: str
    runner: web.AppRunner
    sent: list[dict[str, Any]]

    @staticmethod
    async def open() -> "Outside":
        ids = itertools.count(100)
        sent: list[dict[str, Any]] = []

        async def telegram(request: web.Request) -> web.Response:
            method = request.match_info["method"]
            if method == "getMe":
                return _ok({"id": 700001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"})
            form = dict(await request.post())
            sent.append({"method": method, **form})
            if not method.startswith(("send", "edit")):
                return _ok(True)
            chat = {"id": int(str(form.get("chat_id", 1))), "type": "private"}
            message = int(str(form.get("message_id", 0))) or next(ids)
            return _ok({"message_id": message, "date": int(time.time()), "chat": chat, "text": "x"})

        async def slack(request: web.Request) -> web.Response:
            answer: dict[str, Any] = {"ok": True, "ts": f"{next(ids)}.0001", "channel": "D1"}
            if request.match_info["method"] == "auth.test":
                answer |= {
                    "team_id": "T1",
                    "user_id": "UBOT",
                    "bot_id": "BBOT",
                    "team": "Bench",
                    "url": "https://b.slack.com/",
                }
            if request.match_info["method"] == "conversations.open":
                answer["channel"] = {"id": "D1"}
            if request.match_info["method"] == "users.info":
                answer["user"] = {"id": "U1", "name": "mia", "tz": "Europe/Berlin", "profile": {"real_name": "Mia"}}
            return web.json_response(answer)

        app = web.Application()
        app.router.add_post("/bot{token}/{method}", telegram)
        app.router.add_route("*", "/api/{method}", slack)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        return Outside(f"http://127.0.0.1:{port}", runner, sent)


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


@dataclass
class Served:
    """A process that serves, with what it took to start."""

    process: asyncio.subprocess.Process
    url: str
    start_ms: float

    def cpu_us(self) -> float:
        """CPU time that the process has used so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK * 1e6

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def end(self) -> None:
        self.process.terminate()
        await self.process.wait()


async def serve(arguments: Sequence[str], port: int, env: dict[str, str]) -> Served:
    """Start a Python process and wait until it answers; the time counts from the spawn."""
    began = time.monotonic()
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**os.environ, **env}, stderr=quiet, stdout=quiet
    )
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        while time.monotonic() - began < 30:
            try:
                async with session.get(f"{url}/healthz") as answer:
                    if answer.status == 200:
                        return Served(process, url, (time.monotonic() - began) * 1000)
            except aiohttp.ClientError:
                await asyncio.sleep(0.002)
    raise RuntimeError(f"{arguments} did not begin to answer")
