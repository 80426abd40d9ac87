"""Reads the body of a request, once its headers were judged and never more of it than is allowed."""

from http import HTTPStatus

from aiohttp import HttpVersion11, web

MAX_BODY_BYTES = 1024 * 1024
GO_ON = "100-continue"


async def put_off(request: web.Request) -> web.Response | None:
    """For each route: a sender that asks whether to send its body waits until the headers were judged.

    aiohttp would tell everybody to go on, and repeat to a sender whatever else it expects.
    """
    if request.headers["Expect"].lower() == GO_ON or request.version < HttpVersion11:
        return None
    return web.Response(status=HTTPStatus.EXPECTATION_FAILED)


async def read_body(request: web.Request, most: int = MAX_BODY_BYTES) -> bytes | None:
    """None when it is larger than allowed, whatever its headers say."""
    if (request.content_length or 0) > most:
        return None
    if "Expect" in request.headers and request.version >= HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # of the answer itself nothing was sent
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
