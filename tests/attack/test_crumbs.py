"""Bodies that are laborious to read keep nobody waiting but who sent them."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import Callable

import aiohttp
import pytest

from bench.scene import Outside, environment, serve
from bench.talk import TelegramTalk
from tests.attack.test_slow import LONGEST_S, MOST_MB, peak_mb, waits

SENDERS, CRUMBS = 60, 100_000


@pytest.mark.attack("Posts bodies in chunks of one byte, sixty of them at once")
async def test_bodies_in_crumbs_keep_nobody_waiting(
    sqlite_url: str, record_property: Callable[[str, object], None]
) -> None:
    async with (
        Outside().served() as outside,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session,
        serve(["-m", "bot", "web"], environment(outside, sqlite_url)) as web,
    ):
        other = TelegramTalk(session, web.url, outside, 9001)
        await other.says("/start")
        idle = await waits(other)
        port = int(web.url.rsplit(":")[-1])
        sending = asyncio.gather(*(crumbs(port) for _ in range(SENDERS)))
        beside = await waits(other)
        await sending
        peak = peak_mb(web)
    longest = max(beside)
    record_property("outcome", f"cut off after a few kilobytes each, {peak:.0f} MB at most")
    record_property(
        "cost",
        f"median {statistics.median(idle) * 1000:.1f} ms idle, {statistics.median(beside) * 1000:.1f} ms meanwhile, "
        f"at worst {longest * 1000:.0f} ms",
    )
    assert longest < LONGEST_S
    assert peak < MOST_MB


async def crumbs(port: int) -> None:
    """Until we are cut off; with headers that might be Slack's."""
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: desk.example.org\r\nContent-Type: application/json\r\n"
        f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(ConnectionError):
        writer.write(head.encode() + b"1\r\nx\r\n" * CRUMBS)
        await writer.drain()
        await reader.read()
    writer.transport.abort()
