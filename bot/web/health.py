"""Liveness, readiness and figures for monitoring."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.http_route import HttpRoute
from storage.engine import StorageAway

Figures = Callable[[], Awaitable[Mapping[str, float]]]

PUBLIC = "public: says nothing about anybody"


def routes(figures: Figures) -> list[HttpRoute]:
    """`/healthz` never asks anybody; `/readyz` asks the database; `/metrics` is in Prometheus' text format."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        try:
            await figures()
        except StorageAway:
            return web.json_response({"status": "database away"}, status=503)
        return web.json_response({"status": "ready"})

    async def metrics(_request: web.Request) -> web.Response:
        try:
            values = await figures()
        except StorageAway:
            values = {"rapport_database_up": 0}
        lines = [f"{name} {value:g}" for name, value in sorted(values.items())]
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain")

    return [
        HttpRoute("GET", "/healthz", healthz, PUBLIC),
        HttpRoute("GET", "/readyz", readyz, PUBLIC),
        HttpRoute("GET", "/metrics", metrics, PUBLIC),
    ]
