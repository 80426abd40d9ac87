"""There is room for so many connections and so many bytes, and whoever is slow makes it for others."""

import asyncio
import gc
import resource
import socket
import tracemalloc
from dataclasses import replace
from itertools import islice

import pytest

from bot.web.connection import Connection
from bot.web.limits import Limits, raised_file_limit
from tests.web.doors import HELD, HELLO, MEGABYTE, PATIENT, Doors, post
from tests.web.raw import PATIENCE_S, Opened, opened


async def test_when_it_is_full_whoever_is_slowest_makes_room(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, open=3)) as served:
        idle = await served.connect()
        await idle.send(HELLO)
        await idle.answer()
        half = [await served.connect() for _ in range(20)]
        for client in half:
            await client.send(b"GET /hello HTTP/1.1\r\n")
        working = await served.connect()
        await working.send(HELD)
        await doors.begun.get()
        for _ in range(5):
            late = await served.connect()
            await late.send(HELLO)
            assert (await late.answer())[0] == 200
        doors.go.set()
        assert (await working.answer())[2] == b"held"


async def test_one_address_cannot_have_all_of_it(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, open=6, open_per_address=3)) as served:
        for _ in range(3):
            busy = await served.connect("127.0.0.9")
            await busy.send(HELD)
        for _ in range(3):
            await doors.begun.get()
        assert await (await served.connect("127.0.0.9")).closed() == b""
        other = await served.connect("127.0.0.8")
        await other.send(HELLO)
        assert (await other.answer())[0] == 200
        doors.go.set()


async def test_a_burst_displaces_nobody_who_has_just_come(doors: Doors) -> None:
    """What they have sent is perhaps not read yet; once it is over, the slow among them have to go."""
    async with opened(doors.routes(), replace(PATIENT, open=5, open_per_address=5, grace_s=0.5)) as served:
        client = await served.connect()
        half = [await served.connect() for _ in range(9)]
        await client.send(HELLO)
        assert (await client.answer())[0] == 200
        assert [await each.closed() for each in half[:5]] == [b""] * 5


async def test_beyond_a_burst_nobody_goes_who_was_answered_a_moment_ago(doors: Doors) -> None:
    """All others wait for us: a newcomer is refused rather than somebody cut off whose next request is on its way."""
    async with opened(doors.routes(), replace(PATIENT, open=3, grace_s=60.0)) as served:
        client = await served.connect()
        await client.send(HELLO)
        assert (await client.answer())[0] == 200
        for _ in range(5):
            await (await served.connect()).send(HELD)
            await doors.begun.get()
        assert await (await served.connect()).closed() == b""
        await client.send(HELLO)
        assert (await client.answer())[0] == 200
        doors.go.set()


async def test_bodies_that_are_not_whole_are_held_up_to_a_limit(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, held_bytes=100_000)) as served:
        small = await served.connect()
        await small.send(post("/echo", b"y", said=2))
        slow = [await served.connect() for _ in range(6)]
        ended = [asyncio.create_task(client.closed()) for client in slow]
        for client in slow:
            await client.send(post("/echo", b"x" * 40_000, said=50_000))
        for cut_off in islice(asyncio.as_completed(ended), 4):
            assert await cut_off == b""
        await small.send(b"y")
        assert (await small.answer())[2] == b"yy"
        assert sum(each.done() for each in ended) == 4
    await asyncio.gather(*ended)


async def test_bodies_that_come_all_at_once_are_read_a_little_at_a_time(doors: Doors) -> None:
    """What one after the other is cut off for must not have been read before."""
    body = post("/echo", b"x" * 150_000, said=200_000)
    async with opened(doors.routes(), replace(PATIENT, held_bytes=200_000)) as served:
        senders = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
        for sender in senders:
            sender.sendall(body)  # into the system's buffers: nobody has read any of it
        tracemalloc.start()
        await asyncio.sleep(0.5)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        for sender in senders:
            sender.close()
    assert peak < 4 * MEGABYTE


async def test_who_sends_too_far_ahead_is_cut_off(patient: Opened, doors: Doors) -> None:
    client = await patient.connect()
    await client.send(HELD)
    await doors.begun.get()
    ended = asyncio.create_task(client.closed())
    for _ in range(20):
        client.writer.write(HELLO[:-2] + b"X-Long: " + b"x" * 8_000 + b"\r\n\r\n")
        await asyncio.wait([ended], timeout=0.01)
    assert await ended == b""
    doors.go.set()


def test_a_process_with_few_files_has_few_connections() -> None:
    assert Limits().within(100_000) == Limits()
    few = Limits().within(512)
    assert few.open < 512
    assert few.open_per_address <= few.open
    assert Limits().within(64).open > 0


def test_a_process_asks_for_as_many_files_as_it_may_have() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 400), hard))
    try:
        assert raised_file_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= soft
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    "sent",
    [
        post("/echo", b"x" * 50_000, said=60_000),
        post("/echo", b"x" * 50_000),
        b"\x16\x03\x01" + b"x" * 50_000 + b"\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n" + b"x" * 50_000 + b"\r\nzz\r\n\r\n",
    ],
    ids=["half a body", "a body", "no HTTP", "pieces of no size"],
)
async def test_nothing_is_left_of_a_connection_when_it_is_over(patient: Opened, sent: bytes) -> None:
    """Nor of what was sent: whatever waits for the collector of garbage adds up while it is not due."""
    assert patient.runner.server is not None
    gc.collect()
    gc.disable()
    try:
        client = await patient.connect()
        await client.send(sent)
        for there in (True, False):
            async with asyncio.timeout(PATIENCE_S):
                while bool(patient.runner.server.connections) is not there:  # noqa: ASYNC110 - aiohttp tells nobody
                    await asyncio.sleep(0.01)
            client.close()
        assert not [each for each in gc.get_objects() if isinstance(each, Connection)]
    finally:
        gc.enable()
