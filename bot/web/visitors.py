"""Limits what browsers without a person ask for, by the address that they come from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

from bot.chat.buckets import Buckets
from bot.chat.screen import Line, Screen
from bot.chat.words import _, known_language, speaking
from bot.http_route import Handle, HttpRoute
from bot.pages.draw import as_html
from bot.pages.headers import HEADERS

BURST, A_SECOND = 100, 5
"""An office shares one address, and so does everybody behind a proxy that is not named in TRUSTED_PROXIES."""

ONE_HOUSE = 64
"""Bits of an IPv6 address that a network gives away as one: whoever has one has all below it."""

Network = IPv4Network | IPv6Network


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
            if self._asked.take(address_of(request.remote, forwarded, self._proxies)):
                return await handle(request)
            return _too_much(request)

        return asked


def address_of(peer: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Who asks: the peer of the connection, unless that is a proxy of ours, which says in whose name it asks.

    Each proxy adds whom it heard to the right; what stands to the left of the first stranger, that stranger wrote.
    """
    said = [each.strip() for line in forwarded for each in line.split(",")]
    found = _read(peer)
    while found is not None and said and any(found in network for network in proxies):
        before = _read(said.pop())
        if before is None:
            break
        found = before
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, ONE_HOUSE), strict=False))
    return str(found or peer)


def _read(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address((text or "").split("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _too_much(request: web.Request) -> web.Response:
    language = known_language(request.headers.get("Accept-Language", "").split(",")[0].split(";")[0])
    with speaking(language):
        words = _("This page was opened very often from where you are. Nothing was changed; try again in a minute.")
        page = as_html(Screen(_("One moment, please"), (Line(words),)))
    headers = {**HEADERS, "Retry-After": str(math.ceil(1 / A_SECOND))}
    return web.Response(text=page, status=429, content_type="text/html", headers=headers)
