"""An address asks so often and no more; whose address it is, only a proxy of ours may say."""

from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web

from bot.chat.buckets import Buckets
from bot.config import BadSettings, load
from bot.http_route import HttpRoute
from bot.sandbox.standin import serve
from bot.web.server import application
from bot.web.visitors import BURST, Visitors


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    bucket = Buckets[str](2, 1, lambda: now[0], most=2)
    assert [bucket.take("a") for _each in range(3)] == [True, True, False]
    assert bucket.take("b")
    now[0] = 1.0
    assert [bucket.take("a") for _each in range(2)] == [True, False]


async def test_a_page_is_opened_so_often_from_one_address() -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="here")

    visitors = Visitors([ip_network("10.0.0.0/8")], lambda: 0.0)
    routes = [HttpRoute("GET", "/page", page, "public", visited=True), HttpRoute("GET", "/other", page, "public")]
    served = await serve(application(visitors.limited(each) for each in routes))
    try:
        async with aiohttp.ClientSession() as session:
            for _each in range(BURST):
                async with session.get(f"{served.url}/page") as answer:
                    assert answer.status == 200
            made_up = {"X-Forwarded-For": "198.51.100.1", "Accept-Language": "de-AT"}
            async with session.get(f"{served.url}/page", headers=made_up) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
                assert "Einen Moment, bitte" in await answer.text()
            async with session.get(f"{served.url}/other") as answer:
                assert answer.status == 200
    finally:
        await served.close()


def test_what_is_no_network_is_told_at_the_start() -> None:
    env = {"SECRET_KEYS": "A" * 43, "TRUSTED_PROXIES": "10.0.0.0/8, ::1, the-proxy"}
    with pytest.raises(BadSettings, match="'the-proxy' is no address and no network"):
        load(env)
    assert load({**env, "TRUSTED_PROXIES": "10.1.2.3/8"}).trusted_proxies == (ip_network("10.0.0.0/8"),)
