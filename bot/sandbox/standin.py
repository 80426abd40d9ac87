"""The base of every stand-in: a movable clock, a journal of calls, faults on request, and an HTTP server."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.traffic import Traffic

CONTROL = "/_sandbox/"


class SandboxClock:
    """Real time plus an offset in seconds, kept in the text file that all processes read (absent means 0).

    Without a file the offset lives in memory, for a stand-in used alone.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._memory = 0.0

    def offset(self) -> float:
        if self._path is None:
            return self._memory
        try:
            return float(self._path.read_text() or 0)
        except FileNotFoundError:
            return 0.0

    def now(self) -> datetime:
        return self.real_now() + timedelta(seconds=self.offset())

    def real_now(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        moved = self.offset() + seconds
        if self._path is None:
            self._memory = moved
            return
        # A reader in another process must never see a half-written number.
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(repr(moved))
        fresh.replace(self._path)


@dataclass(frozen=True)
class Call:
    """One call that reached a stand-in. `name` is what faults match: a method name or `VERB /route`."""

    at: datetime
    name: str
    method: str
    path: str
    params: dict[str, Any]
    headers: dict[str, str]
    answer_status: int
    answer: Any


class Journal:
    """Every call in the order in which it was answered."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def calls(self, name: str | None = None) -> list[Call]:
        """All calls, or those whose name fits the pattern (`chat.*`)."""
        return [call for call in self._calls if name is None or fnmatchcase(call.name, name)]

    def clear(self) -> None:
        self._calls.clear()


async def read_params(request: web.Request) -> dict[str, Any]:
    """Query and body (JSON, form or multipart) as one flat dict; the body stays readable for the handler.

    A repeated name gives a list; an uploaded file gives its name, type and size; a body that is not
    a JSON object is kept under `_body`.
    """
    params: dict[str, Any] = {}

    def put(name: str, value: Any) -> None:
        if name in params:
            earlier = params[name]
            value = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        params[name] = value

    for name, text in request.query.items():
        put(name, text)
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                size = part.file.seek(0, 2)
                part.file.seek(0)
                put(name, {"filename": part.filename, "content_type": part.content_type, "size": size})
            else:
                put(name, part)
    elif request.content_type == "application/json" and request.can_read_body:
        try:
            body = json.loads(await request.read())
        except ValueError:
            body = (await request.read()).decode(errors="replace")
        params.update(body if isinstance(body, dict) else {"_body": body})
    return params


@dataclass
class StandIn:
    """Base of a stand-in: an aiohttp application that journals its calls and fails when told to.

    A subclass adds its routes in `__post_init__` after `super().__post_init__()`. Paths under `/_sandbox/`
    are the control routes for tests and the simulator: never journalled, never failed.
    """

    clock: SandboxClock = field(default_factory=SandboxClock)
    fresh_connections: bool = field(default=False, kw_only=True)
    """Whether each call to the product opens a connection, as if many machines called."""

    def __post_init__(self) -> None:
        self.journal = Journal()
        self.faults = Faults()
        self.traffic = Traffic()
        self.app = web.Application(middlewares=[self._watch], client_max_size=64 * 2**20)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.app.cleanup_ctx.append(self._life)
        route = self.app.router.add_route
        route("GET", f"{CONTROL}journal", self._show_journal)
        route("DELETE", f"{CONTROL}journal", self._clear_journal)
        route("POST", f"{CONTROL}faults", self._add_fault)
        route("DELETE", f"{CONTROL}faults", self._clear_faults)
        route("POST", f"{CONTROL}tick", self._tick)

    @property
    def session(self) -> aiohttp.ClientSession:
        """For calls to the product (webhooks); open while the application runs."""
        if self._session is None:
            raise RuntimeError("the stand-in is not running")
        return self._session

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run beside the requests; cancelled when the application stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def tick(self) -> None:
        """Called when the clock was moved: let fall due what is due."""

    def call_name(self, request: web.Request) -> str:
        """The name of a call in the journal and for faults: the last part of the path unless overridden."""
        return request.path.rstrip("/").rpartition("/")[2]

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        """The vendor's own shape of a refusal for the kinds `status` and `rate_limit`."""
        if fault.kind == "rate_limit":
            return web.json_response({}, status=429, headers={"Retry-After": str(fault.retry_after)})
        return web.json_response({}, status=fault.status)

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(CONTROL):
            return await handler(request)
        params = await read_params(request)
        fault = self.faults.take(self.call_name(request), request.path)
        if fault is None:
            return await self._record(request, params, handler)
        if fault.kind in ("status", "rate_limit"):

            async def refuse(request: web.Request) -> web.StreamResponse:
                return self.fault_answer(request, fault)

            return await self._record(request, params, refuse)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return await self._record(request, params, handler)
        if fault.kind in ("timeout_after", "cut_after"):
            await self._record(request, params, handler)
        else:
            self._note(request, params, 0, None)
        if fault.kind.startswith("timeout"):
            await asyncio.sleep(fault.seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _record(self, request: web.Request, params: dict[str, Any], handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as refusal:
            self._note(request, params, refusal.status, refusal.text)
            raise
        except Exception:
            self._note(request, params, 500, None)
            raise
        self._note(request, params, response.status, _answer_of(response))
        return response

    def _note(self, request: web.Request, params: dict[str, Any], status: int, answer: Any) -> None:
        """Status 0 stands for a line that was cut before any work."""
        name, headers = self.call_name(request), dict(request.headers)
        self.journal.add(Call(self.clock.now(), name, request.method, request.path, params, headers, status, answer))
        self.traffic.add("in", request.method, name, status)

    async def _life(self, _app: web.Application) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=self.fresh_connections),
            timeout=timeout,
            trace_configs=[self.traffic.tracing()],
        ) as session:
            self._session = session
            yield
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._session = None

    async def _show_journal(self, request: web.Request) -> web.Response:
        calls = self.journal.calls(request.query.get("name"))
        return web.json_response({"calls": [asdict(call) | {"at": call.at.isoformat()} for call in calls]})

    async def _clear_journal(self, _request: web.Request) -> web.Response:
        self.journal.clear()
        return web.json_response({"ok": True})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            self.faults.add(**await request.json())
        except (TypeError, ValueError) as wrong:
            return web.json_response({"ok": False, "error": str(wrong)}, status=400)
        return web.json_response({"ok": True})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self.faults.clear()
        return web.json_response({"ok": True})

    async def _tick(self, _request: web.Request) -> web.Response:
        await self.tick()
        return web.json_response({"ok": True})


def _answer_of(response: web.StreamResponse) -> Any:
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return None
    if response.content_type == "application/json":
        return json.loads(response.body)
    return response.text if response.content_type.startswith("text/") else None


@dataclass(frozen=True)
class Served:
    """A running application: `url` has no trailing slash."""

    url: str
    port: int
    runner: web.AppRunner

    async def close(self) -> None:
        await self.runner.cleanup()


async def serve(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> Served:
    """Serve until `close()`; port 0 takes a free one. Raises OSError when the port is taken, with the app closed."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = int(runner.addresses[0][1])
    return Served(f"http://{host}:{bound}", bound, runner)
