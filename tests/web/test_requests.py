"""What HTTP allows a client to do: requests one behind another, bodies in pieces, a question before a body."""

import pytest

from bot.http_body import MAX_BODY_BYTES
from tests.web.doors import HELLO, post
from tests.web.raw import Opened


async def test_requests_one_behind_another_are_answered_in_their_order(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(HELLO + post("/echo", b"one") + HELLO + post("/unread", b"two") + post("/echo", b"three"))
    assert [(await client.answer())[2] for _ in range(5)] == [b"hello", b"one", b"hello", b"", b"three"]


async def test_a_body_in_pieces_is_put_together_and_ends_where_it_is_too_large(patient: Opened) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    client = await patient.connect()
    await client.send(head + b"3\r\none\r\n" + b"5;note=x\r\n, two\r\n" + b"0\r\n\r\n" + HELLO)
    assert (await client.answer())[2] == b"one, two"
    assert (await client.answer())[2] == b"hello"
    await client.send(head + b"%x\r\n" % (MAX_BODY_BYTES + 1) + b"x" * (MAX_BODY_BYTES + 1) + b"\r\n0\r\n\r\n")
    assert (await client.answer())[0] == 413


PIECES = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("route", [b"/echo", b"/nowhere"])
@pytest.mark.parametrize("piece", [b"1\r\nx\r\n", b"2;" + b"note" * 50 + b"\r\nxx\r\n"], ids=["crumbs", "wrapped"])
async def test_who_sends_a_body_in_crumbs_is_cut_off(patient: Opened, route: bytes, piece: bytes) -> None:
    client = await patient.connect()
    client.writer.write(PIECES.replace(b"/echo", route) + piece * 20_000 + b"0\r\n\r\n")
    assert (await client.closed()).count(b"HTTP/1.1 ") <= (route == b"/nowhere")


async def test_a_body_in_many_pieces_of_some_size_is_put_together(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(PIECES + (b"40\r\n" + b"x" * 64 + b"\r\n") * 10_000 + b"0\r\n\r\n")
    assert (await client.answer())[2] == b"x" * 640_000


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


async def test_a_bomb_is_not_unpacked(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(post("/echo", b"\x1f\x8bnot gzip at all", more="Content-Encoding: gzip\r\n"))
    assert (await client.answer())[2] == b"\x1f\x8bnot gzip at all"


async def test_who_is_answered_before_all_of_a_body_was_sent_is_told_that_none_may_follow(
    patient: Opened,
) -> None:
    """What comes next might be the rest of that body or another request: nobody could tell."""
    client = await patient.connect()
    await client.send(post("/unread", b"half", said=8))
    assert (await client.answer())[1]["connection"] == "close"
    await client.send(b"half" + HELLO)
    assert await client.closed() == b""


async def test_a_head_alone_is_given_where_it_is_asked_for(patient: Opened) -> None:
    client = await patient.connect()
    await client.send(b"HEAD" + HELLO.removeprefix(b"GET") + HELLO)
    head = await client.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Content-Length: 5\r\n" in head
    assert (await client.answer())[2] == b"hello"
