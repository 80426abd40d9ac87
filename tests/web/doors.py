"""Routes for a server of `raw`: what a handler may do with a request and its answer."""

import asyncio

from aiohttp import web

from bot.http_body import read_body
from bot.http_route import HttpRoute
from bot.web.limits import Limits

QUICK = Limits(head_s=0.2, body_s=0.4, idle_s=0.6, answer_s=0.5, look_s=0.02)
PATIENT = Limits(head_s=60, body_s=60, idle_s=60, answer_s=60, look_s=0.02, grace_s=0.0)
HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
HELD = b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
MEGABYTE = 1024 * 1024
LARGE = 8 * MEGABYTE


class Doors:
    """`held` waits until it is let go. `begun` hears when it begins, and when `large` and `early` end."""

    def __init__(self) -> None:
        self.begun, self.go = asyncio.Queue[None](), asyncio.Event()

    async def hello(self, _request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def echo(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        return web.Response(status=413) if body is None else web.Response(body=body)

    async def unread(self, _request: web.Request) -> web.Response:
        return web.Response(status=401)

    async def held(self, _request: web.Request) -> web.Response:
        self.begun.put_nowait(None)
        await self.go.wait()
        return web.Response(text="held")

    async def large(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            await answer.write(b"x" * LARGE)
        finally:
            self.begun.put_nowait(None)
        return answer

    async def early(self, request: web.Request) -> web.StreamResponse:
        """As `large`, of a request whose body it does not read."""
        return await self.large(request)

    async def broken(self, _request: web.Request) -> web.Response:
        raise KeyError("secret")

    async def cut_off(self, _request: web.Request) -> web.Response:
        """Fails as a call of our own does whose other end hung up."""
        raise ConnectionResetError("secret")

    def routes(self) -> list[HttpRoute]:
        posted = (self.echo, self.unread, self.early)
        gotten = (self.hello, self.held, self.large, self.broken, self.cut_off)
        return [
            HttpRoute(method, f"/{handle.__name__}", handle, "a test")
            for method, handles in (("POST", posted), ("GET", gotten))
            for handle in handles
        ]


def post(path: str, body: bytes, *, said: int | None = None, more: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {said or len(body)}\r\n{more}\r\n".encode() + body
