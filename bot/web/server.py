"""The aiohttp application: every route with the check that guards it."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.http_route import HttpRoute
from bot.logs import describe

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024

@web.middleware
async def catch_all(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Log an unexpected error and answer it without details; a body that is too large stays a 413."""
    try:
        response = await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the caller learns nothing but that it may try again
        log.warning("route.failed", extra={"ids": {"path": request.path, "error": describe(error)}})
        return web.json_response({"error": "unexpected"}, status=500)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response


def application(routes: Iterable[HttpRoute]) -> web.Application:
    app = web.Application(middlewares=[catch_all], client_max_size=MAX_BODY_BYTES)
    for route in routes:
        app.router.add_route(route.method, route.path, route.handle)
        if route.drain is not None:
            app.on_cleanup.append(_draining(route.drain))
    return app


def _draining(drain: Callable[[], Awaitable[None]]) -> Callable[[web.Application], Awaitable[None]]:
    async def drained(_app: web.Application) -> None:
        await drain()

    return drained
