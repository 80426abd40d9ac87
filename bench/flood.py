"""A Bot API that takes so many messages in any second and not one more."""

import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from bench.scene import Outside, is_message

MOST = 30


@dataclass
class Flood(Outside):
    """`gone` holds when each message came, `refused` when one was one too many."""

    gone: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    _last: deque[float] = field(default_factory=lambda: deque(maxlen=MOST))

    async def _telegram(self, request: web.Request) -> web.Response:
        if is_message(request.match_info["method"]):
            now = time.monotonic()
            if len(self._last) == MOST and self._last[0] > now - 1:
                self.refused.append(now)
                answer = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
                return web.json_response({**answer, "parameters": {"retry_after": 1}}, status=429)
            self._last.append(now)
            self.gone.append(now)
        return await super()._telegram(request)
