"""Limits what browsers without a person ask for, by the address that they come from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from aiohttp import web

from bot.chat.buckets import Buckets
from bot.chat.screen import Line, Screen
from bot.chat.words import _, speaking
from bot.http_route import Handle, HttpRoute
from bot.pages import language
from bot.pages.draw import as_html
from bot.pages.headers import HEADERS
from bot.web.addresses import Network, of_visitor

BURST, A_SECOND = 100, 5
"""An office shares one address, and so does everybody behind a proxy that is not named in TRUSTED_PROXIES."""


class Visitors:
    def __init__(self, proxies: Sequence[Network], monotonic: Callable[[], float]) -> None:
        self._proxies = proxies
        self._asked = Buckets[str](BURST, A_SECOND, monotonic)

    def limited(self, route: HttpRoute) -> HttpRoute:
        """The route as it is served; one that anybody's browser may open answers each address so often."""
        return replace(route, handle=self._limited(route.handle)) if route.visited else route

    def _limited(self, handle: Handle) -> Handle:
        async def asked(request: web.Request) -> web.StreamResponse:
            forwarded = request.headers.getall("X-Forwarded-For", [])
            if self._asked.take(of_visitor(request.remote, forwarded, self._proxies)):
                return await handle(request)
            return _too_much(request)

        return asked


def _too_much(request: web.Request) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        words = _("This page was opened very often from where you are. Nothing was changed; try again in a minute.")
        page = as_html(Screen(_("One moment, please"), (Line(words),)))
    headers = {**HEADERS, "Retry-After": str(math.ceil(1 / A_SECOND))}
    return web.Response(text=page, status=429, content_type="text/html", headers=headers)
