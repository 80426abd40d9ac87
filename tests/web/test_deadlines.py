"""Who keeps the server waiting is cut off after a while, whatever it is waiting for."""

import asyncio

import pytest

from tests.web.doors import HELD, HELLO, LARGE, Doors, post
from tests.web.raw import PATIENCE_S, Opened, Raw


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
    await waiting.send(HELD)
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


async def test_who_does_not_take_an_answer_that_came_before_the_end_of_the_body_is_cut_off(
    quick: Opened, doors: Doors
) -> None:
    client = await quick.connect()
    await client.send(post("/early", b"half", said=8))
    await client.reader.readuntil(b"\r\n\r\n")
    await client.send(b"half")
    async with asyncio.timeout(PATIENCE_S):
        await doors.begun.get()
    assert len(await client.closed()) < LARGE
