"""The bolt application: it takes every payload, and whose it is tells a dictionary of our own."""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.inbound import Malformed, delivery_of
from bot.channels.slack.receiving import SlackReceiver
from bot.channels.slack.recent import Ack, Recent

log = logging.getLogger(__name__)

Json = dict[str, Any]
Take = Callable[[Json], Awaitable[Ack]]


class Listeners:
    """Takes payloads whose signature was checked, or that came through Socket Mode."""

    def __init__(self, client: AsyncWebClient, taker: SlackReceiver) -> None:
        self._recent = Recent()
        self._bolt = AsyncApp(
            name="rapport",
            logger=logging.getLogger("slack_bolt"),  # otherwise it logs at the root's level
            signing_secret="",  # signatures are checked at the door
            client=client,
            authorize=_authorize,
            # bolt's usual runner looks for the acknowledgement every ten milliseconds; this one waits for it.
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self._takes: dict[str, Take] = {
            "block_actions": taker.tap,
            "view_submission": taker.submission,
            "event_callback": taker.event,
            "command": taker.command,
        }

        # Of several listeners bolt asks each one whose a payload is, which costs more than all the rest of it.
        @self._bolt.use
        async def answer(body: Json, context: AsyncBoltContext) -> BoltResponse:
            return await self._answer(body, context["delivery"])

    async def dispatch(self, body: Json) -> BoltResponse:
        """What Slack gets. 400 for a payload without its ids; 200 for kinds that are not known here."""
        try:
            known = delivery_of(body)
            if known is None and body.get("type") != "url_verification":
                return BoltResponse(status=200)
            request = AsyncBoltRequest(body=body, mode="socket_mode", context={"delivery": known})
        except (Malformed, AttributeError, KeyError, IndexError, TypeError) as wrong:
            log.info("slack.malformed", extra={"ids": {"why": type(wrong).__name__}})
            return BoltResponse(status=400)
        answer = await self._bolt.async_dispatch(request)
        return BoltResponse(status=200) if answer.status == 404 else answer

    async def _answer(self, body: Json, delivery: str) -> BoltResponse:
        take = self._takes.get("command" if "command" in body else body["type"])
        if take is None:
            return BoltResponse(status=404)
        answer = await self._recent.once(delivery, lambda: take(body))
        return BoltResponse(
            status=answer.status,
            body=json.dumps(answer.body) if answer.body else "",
            headers={"content-type": "application/json"} if answer.body else {},
        )


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """The token is looked up later, where a database that is away can be answered for; Slack is never asked."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
