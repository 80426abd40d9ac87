"""One HTTP route of the product, as a platform, a webhook or a page offers it to be served."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class HttpRoute:
    """`guard` says how a request is verified, or why it is deliberately public.

    `drain` waits, when the process stops, for work that goes on after an answer. `visited`: anybody's browser may open
    it, so that requests are limited by the address that they come from.
    """

    method: str
    path: str
    handle: Handle
    guard: str
    drain: Callable[[], Awaitable[None]] | None = None
    visited: bool = False
