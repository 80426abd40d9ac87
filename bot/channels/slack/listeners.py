"""The bolt application: one listener for each kind of payload; the router behind them is a dictionary of our own."""

import json
import logging
import re
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

ANY = re.compile("")


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
        # bolt asks them in this order whose a payload is; most are taps.
        self._bolt.block_action(ANY)(self._listener(taker.tap))
        self._bolt.view_submission(ANY)(self._listener(taker.submission))
        self._bolt.event(ANY)(self._listener(taker.event))
        self._bolt.command(ANY)(self._listener(taker.command))

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

    def _listener(self, take: Take) -> Callable[..., Awaitable[BoltResponse]]:
        async def listener(body: Json, context: AsyncBoltContext) -> BoltResponse:
            answer = await self._recent.once(context["delivery"], lambda: take(body))
            return BoltResponse(
                status=answer.status,
                body=json.dumps(answer.body) if answer.body else "",
                headers={"content-type": "application/json"} if answer.body else {},
            )

        return listener


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """The token is looked up later, where a database that is away can be answered for; Slack is never asked."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
