"""A connection has deadlines and limits, and tells nobody what serves it."""

import asyncio
import logging
import resource
import socket
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import islice

import pytest
from aiohttp import web

from bot.http_body import MAX_BODY_BYTES, read_body
from bot.http_route import HttpRoute
from bot.web.connections import address_of
from bot.web.limits import Limits, raised_file_limit
from tests.web.raw import Opened, Raw, opened

QUICK = Limits(head_s=0.2, body_s=0.4, idle_s=0.6, answer_s=0.5, look_s=0.02)
PATIENT = Limits(head_s=60, body_s=60, idle_s=60, answer_s=60, look_s=0.02, grace_s=0.0)
HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
MEGABYTE = 1024 * 1024
LARGE = 8 * MEGABYTE


class Doors:
    """`held` waits until it is let go. `begun` hears when it begins, and when `large` ends."""

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

    async def broken(self, _request: web.Request) -> web.Response:
        raise KeyError("secret")

    def routes(self) -> list[HttpRoute]:
        return [
            HttpRoute("POST" if handle in (self.echo, self.unread) else "GET", f"/{handle.__name__}", handle, "a test")
            for handle in (self.hello, self.echo, self.unread, self.held, self.large, self.broken)
        ]


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
async def quick(doors: Doors) -> AsyncIterator[Opened]:
    async with opened(doors.routes(), QUICK) as served:
        yield served


@pytest.fixture
async def patient(doors: Doors) -> AsyncIterator[Opened]:
    async with opened(doors.routes(), PATIENT) as served:
        yield served


def post(path: str, body: bytes, *, said: int | None = None, more: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {said or len(body)}\r\n{more}\r\n".encode() + body


async def trickles(client: Raw, data: bytes) -> bytes:
    """A byte at a time, often enough never to look asleep; what the server said before it closed."""
    ended = asyncio.create_task(client.closed())
    for at in range(len(data)):
        if ended.done():
            break
        client.writer.write(data[at : at + 1])
        await asyncio.wait([ended], timeout=0.02)
    else:
        pytest.fail("all of it was taken")
    return await ended


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost:", HELLO + b"GET /he"], ids=["nothing", "half", "second"]
)
async def test_who_does_not_end_a_head_is_cut_off(quick: Opened, begun: bytes) -> None:
    client = await quick.connect()
    await client.send(begun)
    assert (await client.closed()).count(b"HTTP/1.1 ") == begun.count(b"\r\n\r\n")


async def test_a_trickle_prolongs_no_deadline(quick: Opened) -> None:
    assert await trickles(await quick.connect(), b"GET /" + b"x" * 500) == b""
    client = await quick.connect()
    await client.send(post("/echo", b"", said=500))
    assert await trickles(client, b"x" * 500) == b""


async def test_who_does_not_end_a_body_is_cut_off_and_others_are_not(quick: Opened, doors: Doors) -> None:
    waiting = await quick.connect()
    await waiting.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
    slow = await quick.connect()
    await slow.send(post("/echo", b"half", said=8))
    assert await slow.closed() == b""
    doors.go.set()
    assert (await waiting.answer())[2] == b"held"  # longer than any deadline: it was our turn


async def test_a_connection_is_kept_for_the_next_request_and_no_longer(quick: Opened) -> None:
    client = await quick.connect()
    for _ in range(3):
        await client.send(HELLO)
        assert (await client.answer())[2] == b"hello"
    assert await client.closed() == b""


async def test_who_does_not_take_the_answer_is_cut_off(quick: Opened, doors: Doors) -> None:
    client = await quick.connect()
    await client.send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    await doors.begun.get()
    assert len(await client.closed()) < LARGE


async def test_when_it_is_full_whoever_is_slowest_makes_room(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, open=3)) as served:
        idle = await served.connect()
        await idle.send(HELLO)
        await idle.answer()
        half = [await served.connect() for _ in range(20)]
        for client in half:
            await client.send(b"GET /hello HTTP/1.1\r\n")
        working = await served.connect()
        await working.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
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
            await busy.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(3):
            await doors.begun.get()
        assert await (await served.connect("127.0.0.9")).closed() == b""
        other = await served.connect("127.0.0.8")
        await other.send(HELLO)
        assert (await other.answer())[0] == 200
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


async def test_requests_one_behind_another_are_answered_in_their_order(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(HELLO + post("/echo", b"one") + HELLO + post("/unread", b"two") + post("/echo", b"three"))
    assert [(await client.answer())[2] for _ in range(5)] == [b"hello", b"one", b"hello", b"", b"three"]


async def test_who_sends_too_far_ahead_is_cut_off(patient: Opened, doors: Doors) -> None:
    client = await patient.connect()
    await client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
    await doors.begun.get()
    ended = asyncio.create_task(client.closed())
    for _ in range(20):
        client.writer.write(HELLO[:-2] + b"X-Long: " + b"x" * 8_000 + b"\r\n\r\n")
        await asyncio.wait([ended], timeout=0.01)
    assert await ended == b""
    doors.go.set()


async def test_a_body_in_pieces_is_put_together_and_ends_where_it_is_too_large(patient: Opened) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    client = await patient.connect()
    await client.send(head + b"3\r\none\r\n" + b"5;note=x\r\n, two\r\n" + b"0\r\n\r\n" + HELLO)
    assert (await client.answer())[2] == b"one, two"
    assert (await client.answer())[2] == b"hello"
    await client.send(head + b"%x\r\n" % (MAX_BODY_BYTES + 1) + b"x" * (MAX_BODY_BYTES + 1) + b"\r\n0\r\n\r\n")
    assert (await client.answer())[0] == 413


PIECES = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("piece", [b"1\r\nx\r\n", b"2;" + b"note" * 50 + b"\r\nxx\r\n"], ids=["crumbs", "wrapped"])
async def test_who_sends_a_body_in_crumbs_is_cut_off(patient: Opened, piece: bytes) -> None:
    client = await patient.connect()
    client.writer.write(PIECES + piece * 20_000 + b"0\r\n\r\n")
    assert await client.closed() == b""


async def test_a_body_in_many_pieces_of_some_size_is_put_together(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(PIECES + (b"40\r\n" + b"x" * 64 + b"\r\n") * 10_000 + b"0\r\n\r\n")
    assert (await client.answer())[2] == b"x" * 640_000


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


@pytest.mark.parametrize("expects", ["100-continue", "100-Continue"])
async def test_who_asks_before_sending_a_body_is_told_to_go_on_where_that_is_wanted(
    patient: Opened, expects: str
) -> None:
    client = await patient.connect()
    await client.send(post("/echo", b"", said=4, more=f"Expect: {expects}\r\n"))
    assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    await client.send(b"body")
    assert (await client.answer())[2] == b"body"
    await client.send(post("/unread", b"", said=4, more=f"Expect: {expects}\r\n"))
    assert (await client.answer())[0] == 401


SENT = "zebra"
"""Stands in all that is refused, and in no answer."""

REFUSED = {
    "another expectation": (417, post("/echo", b"", said=4, more=f"Expect: {SENT}\r\n")),
    "another expectation nowhere": (417, post(f"/{SENT}", b"", said=4, more=f"Expect: {SENT}\r\n")),
    "a method of nobody": (400, b"ZEBRA-zebra\x01 /hello HTTP/1.1\r\n\r\n"),
    "another method": (405, b"PURGE /hello HTTP/1.1\r\nHost: zebra\r\n\r\n"),
    "an address of nobody": (404, b"GET /zebra HTTP/1.1\r\nHost: x\r\n\r\n"),
    "another version": (400, b"GET /hello HTTP/zebra\r\n\r\n"),
    "no HTTP": (400, b"\x16\x03\x01zebra\r\n\r\n"),
    "a header without a name": (400, b"GET /hello HTTP/1.1\r\n: zebra\r\n\r\n"),
    "a header on two lines": (400, b"GET /hello HTTP/1.1\r\nHost: x\r\nA: zebra\r\n zebra\r\n\r\n"),
    "a space before the colon": (400, b"GET /hello HTTP/1.1\r\nHost : zebra\r\n\r\n"),
    "a length of letters": (400, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: zebra\r\n\r\n"),
    "a length below nothing": (400, b"POST /echo HTTP/1.1\r\nHost: zebra\r\nContent-Length: -1\r\n\r\n"),
    "a length with a sign": (400, b"POST /echo HTTP/1.1\r\nHost: zebra\r\nContent-Length: +4\r\n\r\nbody"),
    "two lengths": (400, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nzebra"),
    "a length and pieces": (
        400, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nzebra",
    ),
    "pieces of another kind": (400, b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: zebra\r\n\r\nzebra"),
    "pieces not last": (400, b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, zebra\r\n\r\n0\r\n\r\n"),
    "a piece of no size": (400, b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\n\r\n"),
    "a long address": (400, b"GET /" + b"zebra" * 4_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a long header": (400, b"GET /hello HTTP/1.1\r\nHost: x\r\nA: " + b"zebra" * 4_000 + b"\r\n\r\n"),
    "many headers": (400, b"GET /hello HTTP/1.1\r\n" + b"A: zebra\r\n" * 200 + b"\r\n"),
    "a giant cookie": (400, b"GET /hello HTTP/1.1\r\nCookie: " + b"a=zebra;" * 2_000 + b"\r\n\r\n"),
    "a large body": (413, post("/echo", b"zebra", said=MAX_BODY_BYTES + 1)),
    "a fault of ours": (500, b"GET /broken HTTP/1.1\r\nHost: zebra\r\nAccept: text/html\r\n\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused_hears_nothing_of_itself_nor_of_the_server(patient: Opened, what: str) -> None:
    status, sent = REFUSED[what]
    client = await patient.connect()
    await client.send(sent)
    got, headers, body = await client.answer()
    assert got == status, body
    assert SENT not in (body.decode() + str(headers)).lower()
    assert "server" not in headers
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_what_was_answered_has_no_banner(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(HELLO)
    assert "server" not in (await client.answer())[1]


async def test_a_bomb_is_not_unpacked(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(post("/echo", b"\x1f\x8bnot gzip at all", more="Content-Encoding: gzip\r\n"))
    assert (await client.answer())[2] == b"\x1f\x8bnot gzip at all"


async def test_no_line_is_logged_for_one_of_them(patient: Opened, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for what, (status, sent) in REFUSED.items():
            if status != 500:
                client = await patient.connect()
                await client.send(sent)
                assert (await client.answer())[0] == status, what
        pieces = b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9"
        for begun in (b"", b"GET", post("/echo", b"half", said=8), pieces):
            client = await patient.connect()
            await client.send(begun)
            client.close()
        client = await patient.connect()
        await client.send(HELLO)
        await client.answer()
    assert [record.getMessage() for record in caplog.records] == []


def test_whom_a_connection_is_counted_for() -> None:
    assert address_of(("203.0.113.7", 5)) == "203.0.113.7"
    assert address_of(("::ffff:203.0.113.7", 5, 0, 0)) == "203.0.113.7"
    assert address_of(("2001:db8:1:2:3::4%eth0", 5, 0, 0)) == address_of(("2001:db8:1:2:9::9", 5, 0, 0))
    assert address_of(("2001:db8:1:2::1", 5, 0, 0)) != address_of(("2001:db8:1:3::1", 5, 0, 0))
    assert address_of(None) == address_of("") == ""


def test_a_process_with_few_files_has_few_connections() -> None:
    assert Limits().within(100_000) == Limits()
    few = Limits().within(512)
    assert few.open < 512
    assert few.open_per_address <= few.open
    assert Limits().within(64).open > 0


async def test_a_burst_displaces_nobody_who_has_just_come(doors: Doors) -> None:
    """What they have sent is perhaps not read yet; once it is over, the slow among them have to go."""
    async with opened(doors.routes(), replace(PATIENT, open=5, open_per_address=5, grace_s=0.5)) as served:
        client = await served.connect()
        half = [await served.connect() for _ in range(9)]
        await client.send(HELLO)
        assert (await client.answer())[0] == 200
        assert [await each.closed() for each in half[:5]] == [b""] * 5


def test_a_process_asks_for_as_many_files_as_it_may_have() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 400), hard))
    try:
        assert raised_file_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= soft
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_process_that_stops_answers_what_is_whole_and_waits_for_nobody_slow(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, stop_s=0.1), shutdown_s=20.0) as served:
        working, slow, half = [await served.connect() for _ in range(3)]
        await working.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        await slow.send(post("/echo", b"half", said=8))
        await half.send(b"GET /hello HTTP/1.1\r\n")
        await doors.begun.get()
        stopping = asyncio.create_task(served.runner.cleanup())
        assert [await slow.closed(), await half.closed()] == [b"", b""]
        assert not stopping.done()
        doors.go.set()
        assert (await working.answer())[2] == b"held"
        await stopping
