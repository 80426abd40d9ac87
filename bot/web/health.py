"""Liveness, readiness and figures for whoever watches the service."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.web.server import Door
from storage.engine import StorageAway

Figures = Callable[[], Awaitable[Mapping[str, float]]]

PUBLIC = "public: says nothing about anybody"


def doors(figures: Figures) -> list[Door]:
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
        Door("GET", "/healthz", healthz, PUBLIC),
        Door("GET", "/readyz", readyz, PUBLIC),
        Door("GET", "/metrics", metrics, PUBLIC),
    ]
