"""A Bot API that takes so many messages in any second and not one more, and a practice whose reminders are all due."""

import contextlib
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from aiohttp import web

FIRST = 5_000_000
"""Ids of persons, accounts, sessions and bookings count up from here."""

# One session an hour, of clients of their own, and a reminder of each that is due by now.
_REMINDED = (
    "INSERT INTO persons (id, name_sealed, zone, created_at)"
    " SELECT :first + n, :sealed, 'Europe/London', 1 FROM generate_series(1, :count) n",
    "INSERT INTO accounts (id, person_id, platform, user_ref, chat_ref, seen_at)"
    " SELECT :first + n, :first + n, 'telegram', '' || (:first + n), '' || (:first + n), 1"
    " FROM generate_series(1, :count) n",
    "INSERT INTO sessions (id, coach_id, starts, ends, state)"
    " SELECT :first + n, 1, :hour + 7200 + n * 3600, :hour + 10200 + n * 3600, 'confirmed'"
    " FROM generate_series(1, :count) n",
    "INSERT INTO bookings (id, session_id, person_id, coach_id, offer_id, state, offer_name, length_min, price,"
    " currency, place_kind, place_sealed, cancel_cutoff_min, move_cutoff_min, max_moves, client_zone, coach_zone,"
    " created_at)"
    " SELECT :first + n, :first + n, :first + n, 1, 1, 'confirmed', 'Coaching', 50, 0, 'EUR', 'video', :sealed, 1440,"
    " 720, 2, 'Europe/London', 'Europe/Berlin', 1 FROM generate_series(1, :count) n",
    "INSERT INTO outbox (key, person_id, kind, address, booking_id, due, expires, created_at)"
    " SELECT 'due:' || n, :first + n, 'reminder', 'remind/' || (:first + n) || '/60', :first + n, :hour, :hour + 86400,"
    " 1 FROM generate_series(1, :count) n",
)


def remind(connection: sa.Connection, count: int, now: int, sealed: str) -> None:
    """So many reminders that are due at `now` (epoch seconds), on Postgres; `sealed` stands for names and places."""
    values = {"count": count, "first": FIRST, "hour": now - now % 3600, "sealed": sealed}
    for statement in _REMINDED:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        types = {"sealed": sa.Text}
        binds = (sa.bindparam(name, value, types.get(name, sa.BigInteger)) for name, value in used.items())
        connection.execute(sa.text(statement).bindparams(*binds))


@dataclass
class Flood:
    """`gone` holds when each message came and for which chat, `refused` when one was one too many."""

    most: int = 30
    url: str = ""
    gone: list[tuple[float, str]] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    last: dict[str, dict[str, Any]] = field(default_factory=dict)
    _window: deque[float] = field(default_factory=deque)
    _ids: Any = field(default_factory=lambda: itertools.count(100))

    @contextlib.asynccontextmanager
    async def served(self) -> "AsyncIterator[Flood]":
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        now, method = time.monotonic(), request.match_info["method"]
        if method == "getMe":
            return _ok({"id": 700001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"})
        form: dict[str, Any] = dict(await request.post())
        if not method.startswith(("send", "edit")) or method in ("sendChatAction", "editMessageReplyMarkup"):
            return _ok(True)
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        if len(self._window) >= self.most:
            self.refused.append(now)
            answer = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return web.json_response({**answer, "parameters": {"retry_after": 1}}, status=429)
        self._window.append(now)
        chat = str(form.get("chat_id"))
        self.last[chat] = form
        self.gone.append((now, chat))
        message = {"id": int(chat), "type": "private"}
        number = int(str(form.get("message_id", 0))) or next(self._ids)
        return _ok({"message_id": number, "date": int(time.time()), "chat": message, "text": "x"})


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})
