"""What is refused hears no more than its status, and nothing is logged for it."""

import logging

import pytest

from bot.http_body import MAX_BODY_BYTES
from tests.web.doors import HELLO, post
from tests.web.raw import Opened

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


async def test_a_call_of_ours_that_broke_off_is_a_fault_of_ours(
    patient: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    """And not the sender's, who would be told 400 and would not send it again."""
    client = await patient.connect()
    await client.send(b"GET /cut_off HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await client.answer())[0] == 500
    assert [record.getMessage() for record in caplog.records] == ["route.failed"]
