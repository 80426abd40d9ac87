"""What the headers of a request show is judged before its body is read, and nothing is smuggled behind it."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.promises.posting import MEGABYTE, Post, Poster, encoded, event, paid_event, update
from tests.support.whole_product import WholeProduct
from tests.web.raw import Raw, connect

OLD = 301


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[WholeProduct]:
    async with WholeProduct(tmp_path, f"sqlite:///{tmp_path / 'rapport.db'}") as opened:
        opened.slack.slack.install(opened.slack.slack.teams["T0HARBOUR"], "U0OWNER", None)
        process = await opened.start("web")
        await process.answers(opened.url)
        yield opened


def forged(poster: Poster) -> Iterator[tuple[str, Post]]:
    for age in (OLD, -OLD):
        yield f"Slack's, {age} seconds old", poster.slack(encoded(event()), age=age)
    yield "Slack's, with the time in words", poster.slack(encoded(event()), stamp="noon")
    for signature in ("", "v0=", "v0=" + "g" * 64, "v1=" + "0" * 64, "v0=" + "0" * 63):
        signed = poster.slack(encoded(event()))
        headers = {**signed.headers, "X-Slack-Signature": signature}
        yield f"Slack's, signed {signature!r}", Post(signed.path, b"", headers)
    yield "Telegram's, of another secret", poster.telegram(encoded(update(1)), secret="another")
    yield "Telegram's, without a secret", poster.telegram(encoded(update(1)), secret="")
    yield "Stripe's, stale", poster.stripe(encoded(paid_event()), age=OLD)
    yield "Stripe's, with the time in words", poster.stripe(encoded(paid_event()), stamp="noon")
    for signature in ("", f"t={int(time.time())}", f"t={int(time.time())},v1=short", f"v1={'0' * 64}", "t=1,,=,v1"):
        yield f"Stripe's, signed {signature!r}", Post("/webhooks/stripe", b"", {"Stripe-Signature": signature})


def head(post: Post, length: int, *more: str) -> bytes:
    lines = [f"POST {post.path} HTTP/1.1", "Host: desk.example.org", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in post.headers.items()), "", ""]).encode()


@pytest.mark.attack("Announces large bodies with headers that no platform sends, and keeps them back")
async def test_a_body_is_not_waited_for_where_its_headers_are_forged(
    product: WholeProduct, record_property: Callable[[str, object], None]
) -> None:
    poster = Poster(product.session, product.url, product.environment())
    longest = 0.0
    for what, post in forged(poster):
        for more in ((), ("Expect: 100-continue",)):
            client, began = await connect(product.port), time.monotonic()
            await client.send(head(post, MEGABYTE, *more))
            status, headers, _body = await client.answer()
            longest = max(longest, time.monotonic() - began)
            assert status in (400, 401), (what, more)
            assert "server" not in headers
            client.close()
    record_property("outcome", "refused before a byte of the body")
    record_property("cost", f"{longest * 1000:.0f} ms of the server's time at worst, and no memory")


async def test_the_authentic_are_told_to_go_on_and_are_taken(product: WholeProduct) -> None:
    poster = Poster(product.session, product.url, product.environment())
    for post in (
        poster.slack(encoded(event())), poster.telegram(encoded(update(7))), poster.stripe(encoded(paid_event())),
    ):  # fmt: skip
        client = await connect(product.port)
        await client.send(head(post, len(post.body), "Expect: 100-continue"))
        assert (await client.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        await client.send(post.body)
        assert (await client.answer())[0] == 200
        client.close()


@pytest.mark.attack("Hides a request in the body of another, by lengths that can be read in two ways")
async def test_what_is_smuggled_behind_a_request_is_no_request_of_its_own(
    product: WholeProduct, record_property: Callable[[str, object], None]
) -> None:
    """A proxy that reads lengths otherwise than we do must find no difference to use."""
    inner = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    for how in (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(inner) + 5),
        b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(inner),
        b"Content-Length: 0, %d\r\n\r\n" % len(inner),
        b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0x00\r\n\r\n",
        b"X: y\nContent-Length: 0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0_0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\nZ: 1\r\n\r\n",
    ):
        client: Raw = await connect(product.port)
        await client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\n" + how + inner)
        assert (await client.answer())[0] == 400, how
        assert await client.closed() == b"", how
        client.close()
    record_property("outcome", "refused and closed, every time")
    record_property("cost", "none")
