"""The aiohttp application, every route with the check that guards it, and how it is served."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.http_body import MAX_BODY_BYTES, put_off
from bot.http_route import HttpRoute
from bot.logs import describe
from bot.tally import REFUSED
from bot.web.connection import Server
from bot.web.connections import Connections
from bot.web.limits import Limits

log = logging.getLogger(__name__)


CameThrough = Callable[[str, bool], None]
"""Hears of each request its host, and whether a proxy said by which scheme it had come."""


def _nobody(_host: str, _forwarded: bool) -> None:
    """Nobody asked to be told."""


@web.middleware
async def catch_all(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Log an unexpected error and answer it without details; a body that is too large stays a 413."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except web.RequestPayloadError as broken:
        REFUSED.count("http: broken body")
        return _broken_off(broken)
    except ConnectionError as broken:
        return _fault(request, broken) if request.transport is not None else _broken_off(broken)
    except Exception as error:  # noqa: BLE001 - the caller learns nothing but that it may try again
        return _fault(request, error)


def _broken_off(error: Exception) -> web.Response:
    """By who asked, who has gone or sends no HTTP."""
    # What was read stands in the frames of the exception, and would be held until garbage is collected.
    error.__traceback__ = None
    return web.Response(status=HTTPStatus.BAD_REQUEST)


def _fault(request: web.Request, error: Exception) -> web.Response:
    resource = request.match_info.route.resource  # as we wrote it: the path itself may hold a token
    door = None if resource is None else resource.canonical
    log.warning("route.failed", extra={"ids": {"path": door, "error": describe(error)}})
    return web.json_response({"error": "unexpected"}, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def application(routes: Iterable[HttpRoute], came_through: CameThrough = _nobody) -> web.Application:
    app = web.Application(middlewares=[_telling(came_through), catch_all], client_max_size=MAX_BODY_BYTES)
    for route in routes:
        for method in ("GET", "HEAD") if route.method == "GET" else (route.method,):
            app.router.add_route(method, route.path, route.handle, expect_handler=put_off)
        if route.drain is not None:
            app.on_cleanup.append(_draining(route.drain))
    return app


def _telling(came_through: CameThrough) -> Middleware:
    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
        came_through(request.host, "X-Forwarded-Proto" in request.headers or "Forwarded" in request.headers)
        return await handler(request)

    return told


def _draining(drain: Callable[[], Awaitable[None]]) -> Callable[[web.Application], Awaitable[None]]:
    async def drained(_app: web.Application) -> None:
        await drain()

    return drained


class Runner(web.AppRunner):
    """Serves an application over connections that have deadlines and limits."""

    def __init__(self, app: web.Application, limits: Limits, *, shutdown_timeout: float) -> None:
        super().__init__(app, shutdown_timeout=shutdown_timeout)
        self._limits = limits

    async def _make_server(self) -> web.Server:
        made, loop = await super()._make_server(), asyncio.get_running_loop()
        return Server(made, Connections(self._limits, REFUSED, loop), loop)
