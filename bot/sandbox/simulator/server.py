"""Serves the simulator's page and its API. What people do is passed on to the stand-ins' control routes by HTTP."""

import itertools
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.simulator.browser import Browser
from bot.sandbox.simulator.cast import WORKSPACE, Player
from bot.sandbox.simulator.clockwork import Moved
from bot.sandbox.simulator.product import Died
from bot.sandbox.simulator.stage import Stage
from bot.sandbox.simulator.troubles import TROUBLES
from bot.sandbox.slack.errors import CannotAct

STATIC = Path(__file__).with_name("static")
LONGEST_MOVE = 31 * 86_400
FIRST_NEWCOMER = 2001
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: http://127.0.0.1:*; frame-src 'self'; base-uri 'none'; form-action 'none'"
)


def application(stage: Stage) -> web.Application:
    app = web.Application(middlewares=[_guard], client_max_size=2**20)
    SimulatorRoutes(stage).add_to(app)
    Browser(stage).add_to(app)
    app.router.add_get("/", _page)
    app.router.add_static("/static", STATIC)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's own pages may act: another site's page would send its own name as origin or host."""
    if request.url.host not in ("127.0.0.1", "localhost"):
        raise web.HTTPForbidden(text="the sandbox answers to 127.0.0.1 alone")
    origin = request.headers.get("Origin")
    if origin is not None and origin != str(request.url.origin()):
        raise web.HTTPForbidden(text="not from another page")
    try:
        response = await handler(request)
    except CannotAct as impossible:
        response = web.json_response({"ok": False, "error": str(impossible)}, status=409)
    except (KeyError, TypeError, ValueError) as wrong:
        response = web.json_response({"ok": False, "error": repr(wrong)}, status=400)
    if not response.prepared:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


class SimulatorRoutes:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._newcomers = itertools.count(FIRST_NEWCOMER)
        self._session: aiohttp.ClientSession | None = None

    def add_to(self, app: web.Application) -> None:
        router = app.router
        router.add_get("/_sandbox/world", self._world)
        router.add_get("/_sandbox/stream", self._stage.feed.serve)
        router.add_post("/_sandbox/clock", self._clock)
        router.add_post("/_sandbox/people", self._people)
        router.add_post("/_sandbox/teams", self._teams)
        router.add_post("/_sandbox/faults", self._faults)
        router.add_post("/_sandbox/restart", self._restart)
        router.add_get("/_sandbox/undrawn", self._show_undrawn)
        router.add_post("/_sandbox/undrawn", self._undrawn)
        router.add_route("*", "/_sandbox/{service:telegram|slack|stripe}/{path:.+}", self._pass_on)
        app.cleanup_ctx.append(self._life)

    async def _life(self, _app: web.Application) -> Any:
        async with aiohttp.ClientSession() as session:
            self._session = session
            yield

    async def _world(self, _request: web.Request) -> web.Response:
        return web.json_response(self._stage.describe())

    async def _clock(self, request: web.Request) -> web.Response:
        """`{seconds}` to go forward, or `{next: true}` for the next thing due. Answers when it has happened."""
        asked = await request.json()
        clockwork = self._stage.clockwork
        if clockwork.busy:
            raise CannotAct("the clock is moving already")
        if asked.get("next"):
            moved: Moved = await clockwork.to_next()
        else:
            seconds = float(asked["seconds"])
            if not 0 < seconds <= LONGEST_MOVE:
                raise ValueError("seconds: from 0 to 31 days")
            moved = await clockwork.advance(seconds)
        return web.json_response({"ok": True, "seconds": moved.seconds, "arrived": moved.arrived})

    async def _people(self, request: web.Request) -> web.Response:
        """`platform`, `name`, `zone`, `language`; `workspace` in Slack."""
        asked = await request.json()
        name = str(asked["name"]).strip()[:64]
        if not name or asked["platform"] not in ("telegram", "slack"):
            raise CannotAct("a person needs a name and a platform")
        number = next(self._newcomers)
        slack = asked["platform"] == "slack"
        player = Player(
            platform=asked["platform"],
            id=f"U0NEW{number}" if slack else str(number),
            name=name,
            part="New here",
            zone=str(asked.get("zone") or "Europe/London"),
            language=str(asked.get("language") or "en"),
            workspace=str(asked.get("workspace") or WORKSPACE) if slack else "",
        )
        self._stage.add(player)
        return web.json_response({"ok": True, "id": player.id})

    async def _teams(self, request: web.Request) -> web.Response:
        """`name`: one more Slack workspace, without the app."""
        name = str((await request.json())["name"]).strip()[:40]
        if not name:
            raise CannotAct("a workspace needs a name")
        team = self._stage.standins.slack.slack.add_team(name, name.lower().replace(" ", "-"))
        self._stage.feed.tell({"kind": "people"})
        return web.json_response({"ok": True, "id": team.id})

    async def _faults(self, request: web.Request) -> web.Response:
        """`name` of one of TROUBLES, `on`."""
        asked = await request.json()
        TROUBLES[asked["name"]](self._stage.standins, bool(asked["on"]))
        (self._stage.faults.add if asked["on"] else self._stage.faults.discard)(asked["name"])
        return web.json_response({"ok": True, "faults": sorted(self._stage.faults)})

    async def _restart(self, request: web.Request) -> web.Response:
        """`empty` for the owner's first day; a lively practice otherwise."""
        asked = await request.json()
        try:
            await self._stage.start(empty=bool(asked.get("empty")))
        except Died as died:
            return web.json_response({"ok": False, "error": str(died)}, status=503)
        return web.json_response({"ok": True})

    async def _show_undrawn(self, _request: web.Request) -> web.Response:
        return web.json_response({"undrawn": self._stage.undrawn})

    async def _undrawn(self, request: web.Request) -> web.Response:
        """Something that the page could not draw."""
        self._stage.undrawn.append(await request.json())
        return web.json_response({"ok": True})

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        """Pass it on to the stand-in's control routes; Stripe's have no path segment of their own."""
        service, path = request.match_info["service"], request.match_info["path"]
        folder = "" if service == "stripe" else f"{service}/"
        url = f"{self._stage.standins.served[service].url}/_sandbox/{folder}{path}"
        assert self._session is not None
        headers = {"Content-Type": request.content_type} if request.can_read_body else {}
        body = await request.read()
        try:
            async with self._session.request(
                request.method, url, params=request.query, data=body, headers=headers
            ) as answer:
                content = await answer.read()
                return web.Response(status=answer.status, body=content, content_type=answer.content_type)
        except (aiohttp.ClientError, TimeoutError):
            return web.json_response({"ok": False, "error": "the stand-in does not answer"}, status=502)
