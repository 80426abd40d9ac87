"""Liveness, readiness and figures for monitoring. None of them asks the database: a probe does, for all who call."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aiohttp import web

from bot.http_route import HttpRoute

PUBLIC = "public: says nothing about anybody"


class Found(Protocol):
    """What the last probe of the database came to, and how long ago; `ready` unless it failed or is long overdue."""

    @property
    def written(self) -> bool: ...
    @property
    def age_s(self) -> float: ...
    @property
    def ready(self) -> bool: ...


Figures = Callable[[], Awaitable[Mapping[str, float]]]


def routes(found: Callable[[], Found], figures: Figures, keys_fit: Callable[[], bool]) -> list[HttpRoute]:
    """`/healthz`: the process runs; `/readyz`: it can write to its database and open it; `/metrics`: for Prometheus."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        last = found()
        probe = {"result": "written" if last.written else "away", "age_s": round(last.age_s, 1)}
        if not last.ready:
            return web.json_response({"status": "database away", "probe": probe}, status=503)
        if not keys_fit():
            return web.json_response({"status": "none of SECRET_KEYS opens the database", "probe": probe}, status=503)
        return web.json_response({"status": "ready", "probe": probe})

    async def metrics(_request: web.Request) -> web.Response:
        last = found()
        values = {"rapport_database_up": float(last.ready), "rapport_probe_age_seconds": last.age_s, **await figures()}
        lines = [f"{name} {value:g}" for name, value in sorted(values.items())]
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain")

    return [
        HttpRoute("GET", "/healthz", healthz, PUBLIC),
        HttpRoute("GET", "/readyz", readyz, PUBLIC),
        HttpRoute("GET", "/metrics", metrics, PUBLIC),
    ]
