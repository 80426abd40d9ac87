"""Socket Mode: the same payloads over a websocket that we open, for machines that Slack cannot reach."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.channels.slack.api import Api, is_this_machine

log = logging.getLogger(__name__)

PING_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0


class SocketMode:
    """slack_sdk's client keeps one connection and renews it; several processes may each have one, up to ten."""

    def __init__(self, app_token: str, api: Api, dispatch: Callable[[dict[str, Any]], Awaitable[BoltResponse]]) -> None:
        self._app_token = app_token
        self._api = api
        self._dispatch = dispatch
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect in the background, again and again while Slack is away."""
        self._connecting = asyncio.get_running_loop().create_task(self._connect())

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _connect(self) -> None:
        client = SocketModeClient(
            self._app_token,
            logger=logging.getLogger("slack_sdk"),
            web_client=self._api.client(),
            ping_interval=PING_SECONDS,
        )
        if is_this_machine(self._api.base_url):
            client.proxy = None
        client.socket_mode_request_listeners.append(self._take)
        self._client = client
        wait = FIRST_WAIT
        while True:
            try:
                client.wss_uri = await client.issue_new_wss_url()
                await client.connect()  # type: ignore[no-untyped-call]
            except (SlackClientError, aiohttp.ClientError, OSError) as error:
                log.warning("slack.socket_not_open", extra={"ids": {"why": type(error).__name__}})
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                log.info("slack.socket_open")
                return

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Acknowledge what was answered with 200; Slack sends an event again that was not acknowledged."""
        answer = await self._dispatch(request.payload)
        if answer.status == 200:
            payload = json.loads(answer.body) if answer.body.startswith("{") else None
            response = SocketModeResponse(request.envelope_id, payload)
            await client.send_socket_mode_response(response)
