"""Sends calls to the Bot API over one aiohttp session, and tells failures apart by what may have happened."""

import json
import logging
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
CONNECT_S = 5.0
# Below the time after which servers close an idle connection: a call on one just closed has an unknown outcome.
KEEP_ALIVE_S = 30.0
GATEWAY_TIMED_OUT = 504
TOO_MANY_REQUESTS = 429
DEFAULT_WAIT_S = 5.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NEW = b'"message_id"'
_NEEDED = {"getMe": b'"id"', "sendMessage": _NEW, "sendPhoto": _NEW, "sendDocument": _NEW}
"""What the answers to these calls must have, beyond a result."""


class NotSent(NetworkError):
    """The server was not reached: nothing was done."""


class ServerFault(NetworkError):
    """The server answered that it failed (5xx), or a proxy before it: most likely nothing was done."""


class Flooded(TelegramError):
    """The bot writes too fast (429)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """Opens its session at the first call and keeps it until `shutdown`. Time-outs are in seconds.

    Raises `NotSent` and `Flooded` for what did not happen, `ServerFault`, `TimedOut` and plain `NetworkError` for
    what may have happened, and the library's own errors for refusals.
    """

    def __init__(self, timeout: float = TIMEOUT_S) -> None:
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        total = float(read_timeout) if isinstance(read_timeout, int | float) else self._timeout
        timeout = aiohttp.ClientTimeout(total=total, connect=min(total, CONNECT_S))
        body, headers = _body(request_data)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                status, told, payload = answer.status, answer.headers, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent("not reached") from error
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError("cut") from error
        called = url.rpartition("/")[2]  # what stands before it is the token
        log.log(_level(called), "telegram.called", extra={"ids": {"method": called, "status": status}})
        _refuse(called, status, told.get("Retry-After"), payload)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's own, which would log the contents of an answer that it cannot read."""
        try:
            told = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise TelegramError("not JSON") from error
        if not isinstance(told, dict):
            raise TelegramError("not an object")
        return told

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_S))
        return self._session


def _level(method: str) -> int:
    """Polling asks for updates all the time, and every tap is answered."""
    return logging.DEBUG if method in {"getUpdates", "answerCallbackQuery"} else logging.INFO


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The body of a call, with the headers that say what it is. yarl quotes in C what urllib would letter by letter."""
    if data is None or not (data.json_parameters or data.contains_files):
        return None, {}
    if not data.contains_files:
        return URL.build(query=data.json_parameters).raw_query_string.encode(), _FORM
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, {}


def _refuse(called: str, status: int, retry_after: str | None, payload: bytes) -> None:
    """Raise for the answers that the library would not tell apart."""
    if status == TOO_MANY_REQUESTS:
        raise Flooded(_wait(retry_after, payload))
    if status == GATEWAY_TIMED_OUT:
        raise TimedOut
    if status >= 500 or (status >= 300 and not _is_telegrams(payload)):
        raise ServerFault(f"status {status}")
    if status < 300 and _NEEDED.get(called, b'"result"') not in payload:
        raise NetworkError("what answers there is not Telegram")


def _is_telegrams(refusal: bytes) -> bool:
    """A proxy's page is no refusal of the call: Telegram says in JSON what it does not take."""
    try:
        return isinstance(json.loads(refusal), dict)
    except (ValueError, RecursionError):
        return False


def _wait(header: str | None, payload: bytes) -> float:
    """Seconds to wait, from the body (Bot API, ResponseParameters.retry_after) or the header."""
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return float(header) if header is not None and header.isascii() and header.isdigit() else DEFAULT_WAIT_S
