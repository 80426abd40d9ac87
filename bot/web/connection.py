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
from bot.web.connections import Connections, address_of
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
        "_ahead", "_answered", "_came", "_connections", "_halted", "_open", "_payload", "_said", "_wire", "address",
        "held", "stage",
    )  # fmt: skip

    def __init__(self, server: web.Server, connections: Connections, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, **SETTINGS)
        self._connections = connections
        self._open = False
        self._wire: asyncio.Transport | None = None
        self._payload: StreamReader | None = None
        self._answered = self._halted = False
        self._said = self._ahead = self._came = 0
        self.stage: Stage | None = None
        self.address = ""
        self.held = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast(asyncio.Transport, transport)
        self.address = address_of(transport.get_extra_info("peername"))
        self._open = self._connections.enter(self)
        if self._open:
            super().connection_made(transport)
        else:
            self._wire.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def cut(self) -> None:
        self._leave()
        if self._wire is not None:
            self._wire.abort()

    def _leave(self) -> None:
        if self._open:
            self._open = False
            self._connections.leave(self)

    def _move(self, stage: Stage | None) -> None:
        if self._open and stage is not self.stage:
            self._connections.move(self, stage)

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._connections.incoming

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self._connections.incoming[:nbytes]))

    def data_received(self, data: bytes) -> None:
        if self._open and data:  # aiohttp itself calls this with nothing, to go on with what it has
            self._count(len(data))
        if self._open:
            super().data_received(data)
        if self.stage is Stage.BODY:
            self._judge_padding()

    def _judge_padding(self) -> None:
        """Cut off who sends a body of hardly anything: a chunk of one byte costs as much as a large one."""
        if self._payload is None or self._halted:  # what came last was not taken apart yet
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

    def _count(self, size: int) -> None:
        """Note that so much has come, and whose turn it is now. Whoever sends too much is cut off."""
        limits = self._connections.limits
        if self.stage is Stage.BODY:
            self._came += size
            if not self._answered:  # afterwards it is thrown away
                self._connections.hold(self, size)
        elif self.stage in (None, Stage.ANSWER):
            self._ahead += size
            if self._ahead > limits.ahead_bytes:
                self._connections.cut(self, "too much ahead")
        else:
            if self._said > limits.head_bytes:
                self._connections.cut(self, "too long a head")
            self._said += size
            self._move(Stage.HEAD)

    def begin(self, payload: StreamReader, head_size: int) -> None:
        """The head of a request is whole."""
        self._payload, self._answered = payload, False
        self._came = max(payload.total_bytes, self._said - head_size)
        self._said = self._ahead = 0
        if payload.is_eof() or not self._open:
            self._move(None)
            return
        self._move(Stage.BODY)
        self._connections.hold(self, payload.total_bytes)
        payload.on_eof(self._whole)
        self._judge_padding()

    def _whole(self) -> None:
        self._connections.release(self)
        self._move(self._next() if self._answered else None)

    def _next(self) -> Stage:
        self._said, self._ahead = self._ahead, 0
        return Stage.HEAD if self._said else Stage.IDLE

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.stage is None:
            self._move(Stage.ANSWER)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.stage is Stage.ANSWER and not self._answered:
            self._move(None)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            resp.text = f"{resp.status}: {resp.reason}"  # aiohttp's own words may hold what was sent
        result = await super().finish_response(request, resp, start_time)
        self._answered = True
        self._connections.release(self)
        if not resp.keep_alive:
            self._move(Stage.ANSWER)
        elif self._payload is None or self._payload.is_eof():
            self._move(self._next())
        return result

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
        elif exc is not None and not isinstance(exc, ConnectionError):
            log.error("http.failed", extra={"ids": {"error": describe(exc)}})
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer was sent")
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
        super().pre_shutdown()
        self._open.stop()

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
        protocol.begin(payload, _size(message))
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
