"""`/calendar/{token}.ics`: a person's sessions for the calendar that they subscribed with, as they are just now."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from aiohttp import ETag, web

from bot.http_route import HttpRoute
from bot.pages import papers
from bot.pages.headers import HEADERS
from bot.services.calendar.feeds import Feeds
from bot.web import nothing_here
from storage.engine import CannotRead, StorageAway

GUARD = "public: an unguessable token, of which the digest alone is looked for"
RETRY_AFTER_S = 60
KEPT = {**HEADERS, "Cache-Control": "private, no-cache"}
"""A calendar may keep what it got, and asks each time whether that is still so."""


class CalendarFeed:
    """`telegram` tells how the bot is called there, None while that is not known."""

    def __init__(self, feeds: Feeds, telegram: Callable[[], str | None], now: Callable[[], datetime]) -> None:
        self._feeds = feeds
        self._telegram = telegram
        self._now = now

    def routes(self) -> list[HttpRoute]:
        return [HttpRoute("GET", "/calendar/{token}.ics", self.show, GUARD, visited=True)]

    async def show(self, request: web.Request) -> web.Response:
        try:
            found = await self._feeds.read(request.match_info["token"], self._now())
        except (StorageAway, CannotRead):
            return nothing_here.away(request, RETRY_AFTER_S)
        if found is None:
            return nothing_here.calendar(request)
        calendar = await papers.calendar(found, self._telegram())
        tag = ETag(hashlib.sha256(repr(calendar).encode()).hexdigest()[:32])
        known = request.if_none_match or ()
        if any(each.value in (tag.value, "*") for each in known):
            answer = web.Response(status=304, headers=KEPT)
        else:
            body = await papers.calendar_file(calendar)
            answer = web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=KEPT)
            answer.headers["Content-Disposition"] = 'inline; filename="sessions.ics"'
        answer.etag = tag
        return answer
