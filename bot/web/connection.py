"""One connection: aiohttp's own protocol, with deadlines and without a word about what serves it.

aiohttp reads and answers; here is only noted whose turn it is. Its hooks are few: the methods of a protocol, the making
of a request once its head is whole, and the end of an answer.
"""

import asyncio
import logging
from typing import Any, cast

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage, StreamWriter
from aiohttp.streams import StreamReader
from multidict import CIMultiDict

from bot.logs import describe
from bot.tally import REFUSED
from bot.web.addresses import of_peer
from bot.web.connections import Connections
from bot.web.limits import Stage

log = logging.getLogger(__name__)

LINGER_S = 2.0
"""So long what comes of a body that nobody wants is thrown away, before its sender is cut off."""

SETTINGS: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,  # no platform compresses what it posts: who does sends a bomb
    "lingering_time": LINGER_S,
    "max_headers": 64,
}
ON_EVERY_ANSWER = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Connection(web.RequestHandler, asyncio.BufferedProtocol):
    """Reads a little at a time: what hundreds send at once is counted before the next of them is read, and whoever
    makes it laborious to read keeps the others waiting for that little alone."""

    __slots__ = (
        "_answered", "_came", "_connections", "_counted", "_fresh", "_halted", "_last", "_payload", "_said", "_wire",
        "address", "stage",
    )  # fmt: skip

    def __init__(self, server: web.Server, connections: Connections, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, **SETTINGS)
        self._connections = connections
        self._counted = False
        self._wire: asyncio.Transport | None = None
        self._payload: StreamReader | None = None
        """The body of the newest request."""
        self._fresh = self._answered = True
        self._last = False
        """No further request is read after the newest."""
        self._halted = False
        self._said = 0
        """Bytes that came and belong to no request that has begun."""
        self._came = 0
        """Bytes of the newest body, as it is wrapped."""
        self.stage: Stage | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast(asyncio.Transport, transport)
        self.address = of_peer(transport.get_extra_info("peername"))
        self._counted = self._connections.enter(self)
        if self._counted:
            super().connection_made(transport)
        else:
            self._wire.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._leave()
        super().connection_lost(exc)
        self._payload = None

    def cut(self) -> None:
        self._leave()
        if self._wire is not None:
            self._wire.abort()

    def _leave(self) -> None:
        if self._counted:
            self._counted = False
            self._connections.leave(self)

    def _note(self) -> None:
        """Tell whose turn it is now."""
        if self._counted and (stage := self._turn()) is not self.stage:
            self._connections.move(self, stage)

    def _turn(self) -> Stage | None:
        if self.writing_paused or (self._last and self._answered):
            return Stage.ANSWER
        if self._answered:
            return Stage.HEAD if self._fresh or self._said else Stage.IDLE
        return Stage.BODY if self._owes_a_body() else None

    def _owes_a_body(self) -> bool:
        return self._payload is not None and not self._payload.is_eof()

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._connections.incoming

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self._connections.incoming[:nbytes]))

    def data_received(self, data: bytes) -> None:
        if self._last and not self._owes_a_body():
            return
        if self._counted and data:  # aiohttp itself calls this with nothing, to go on with what it has
            self._count(len(data))
        if self._counted:
            super().data_received(data)
            self._judge_padding()

    def _count(self, size: int) -> None:
        """Note that so much has come. Whoever sends too much is cut off."""
        if self._owes_a_body():
            self._came += size
            if not self._answered:  # afterwards it is thrown away
                self._connections.hold(self, size)
        elif self._said > self._connections.limits.ahead_bytes:
            self._connections.cut(self, "too much ahead")
        else:
            self._said += size
            self._note()

    def _judge_padding(self) -> None:
        """Cut off who sends a body of hardly anything: a chunk of one byte costs as much as a large one."""
        if self._payload is None or self._payload.is_eof() or self._halted:  # what came last was not taken apart yet
            return
        body, limits = self._payload.total_bytes, self._connections.limits
        if self._came - body > limits.padding_bytes + body // limits.padding_part:
            self._connections.cut(self, "padded body")

    def pause_reading(self) -> None:
        self._halted = True
        super().pause_reading()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """aiohttp calls it for each chunk that is taken out of a body, and looks for more each time."""
        if self._halted:
            self._halted = False
            super().resume_reading(resume_parser)

    def begin(self, payload: StreamReader, head_size: int, *, last: bool) -> None:
        """The head of a request is whole, or it is no HTTP. It may be the `last`, by its sender's wish or ours."""
        self._payload, self._fresh, self._answered, self._last = payload, False, False, last
        self._came, self._said = max(payload.total_bytes, self._said - head_size), 0
        self._note()
        if self._counted and not payload.is_eof():
            self._connections.hold(self, payload.total_bytes)
            payload.on_eof(self._whole)
            self._judge_padding()

    def _whole(self) -> None:
        self._connections.release(self)
        self._note()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._note()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._note()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            resp.text = f"{resp.status}: {resp.reason}"  # aiohttp's own words may hold what was sent
        if self._connections.stopping or not request.content.is_eof():
            resp.force_close()  # and says so: who has sent but a part of a body might take it for the next request's
        answered, lost = await super().finish_response(request, resp, start_time)
        self._answered, self._last = True, not answered.keep_alive
        self._connections.release(self)
        self._note()
        return answered, lost

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """A body that breaks off or is no HTTP is its sender's matter."""
        if isinstance(kw.get("exc_info"), ConnectionError | web.RequestPayloadError):
            REFUSED.count("http: broken body")
        else:
            super().log_exception(*args, **kw)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """In place of aiohttp's, which repeats to a sender what it sent, and logs a line for each."""
        if status < 500:
            REFUSED.count("http: not HTTP")
            if exc is not None:
                exc.__traceback__ = None  # its frames would hold what was sent
        elif exc is not None:
            log.error("http.failed", extra={"ids": {"error": describe(exc)}})
        answer = web.Response(status=status)
        answer.text = f"{answer.status}: {answer.reason}"
        answer.force_close()
        return answer


class Server(web.Server):
    """Makes a `Connection` of each that comes in. `made` is aiohttp's own server of an application."""

    def __init__(self, made: web.Server, connections: Connections, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(made.request_handler, request_factory=self._begin, loop=loop)
        self._make = made.request_factory
        self._open = connections
        self._running = loop

    def pre_shutdown(self) -> None:
        """No further request is wanted; where one is on its way or under way, its answer says so."""
        self._open.stopping = True
        for each in self.connections:
            if isinstance(each, Connection) and each.stage is Stage.IDLE:
                each.close()

    async def shutdown(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - aiohttp's own signature
        await self._open.stop()
        await super().shutdown(timeout)

    def __call__(self) -> web.RequestHandler:
        return Connection(self, self._open, self._running)

    def _begin(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        _writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        assert isinstance(protocol, Connection)
        protocol.begin(payload, _size(message), last=message.should_close)
        writer = StreamWriter(protocol, self._running, on_headers_sent=_without_a_banner)
        return self._make(message, payload, protocol, writer, task)


def _size(message: RawRequestMessage) -> int:
    """Of a head, as it came: beside what is read of it, the signs between the parts of each line."""
    line = len(message.method) + len(message.path) + len(" ") + len(" HTTP/1.1\r\n\r\n")
    return line + sum(len(name) + len(value) + len(": \r\n") for name, value in message.raw_headers)


async def _without_a_banner(headers: CIMultiDict[str]) -> None:
    """aiohttp would tell its own version and Python's."""
    headers.pop(hdrs.SERVER, None)
    for name, value in ON_EVERY_ANSWER.items():
        headers.setdefault(name, value)
