"""Sends changes to every open page as they happen, as server-sent events."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.simulator.standins import StandIns
from bot.sandbox.traffic import Line

HEARTBEAT_SECONDS = 15.0
Json = dict[str, Any]


class Feed:
    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[Json]] = set()

    def tell(self, news: Json) -> None:
        for page in self._pages:
            page.put_nowait(news)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Until the page goes, or the application ends."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        page: asyncio.Queue[Json] = asyncio.Queue()
        self._pages.add(page)
        try:
            await response.write(b": open\n\n")
            while True:
                try:
                    news = await asyncio.wait_for(page.get(), HEARTBEAT_SECONDS)
                    await response.write(f"data: {json.dumps(news)}\n\n".encode())
                except TimeoutError:
                    await response.write(b": still here\n\n")
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._pages.discard(page)

    async def follow_telegram(self, standins: StandIns) -> None:
        """Tell of changes in Telegram's chats; `fresh` marks a new message of the bot. Until cancelled."""
        world = standins.telegram.world
        seen = world.events.last
        while True:
            for event in await world.events.after(seen, HEARTBEAT_SECONDS):
                seen = event["n"]
                chat = world.chats.get(event["chat_id"])
                message = chat.messages.get(event["message_id"]) if chat else None
                from_bot = message is not None and message.sender.id == world.bot.id
                fresh = event["kind"] == "message" and from_bot
                self.tell({"kind": "telegram", "change": event["kind"], "chat": event["chat_id"], "fresh": fresh})

    async def follow_slack(self, standins: StandIns) -> None:
        """Tell of changes in Slack; `people` are those who see it (None: all of the workspace). Until cancelled."""
        slack = standins.slack.slack
        seen = slack.feed.last
        while True:
            for change in await slack.feed.after(seen, HEARTBEAT_SECONDS):
                seen = change["n"]
                team = slack.teams.get(change["team"])
                channel = team.channels.get(change.get("channel", "")) if team else None
                message = channel.message(change["ts"]) if channel else None
                fresh = message is not None and bool(message.bot_id) and message.edited_ts is None
                seers = [change["user"]] if change["user"] else channel.members if channel else None
                self.tell(
                    {
                        "kind": "slack",
                        "change": change["kind"],
                        "team": change["team"],
                        "people": seers,
                        "fresh": fresh,
                    }
                )

    def follow_traffic(self, standins: StandIns) -> None:
        """Tell of every call between the product and the stand-ins, with the sandbox's time."""
        for name, standin in standins.named.items():

            def heard(line: Line, name: str = name) -> None:
                self.tell(
                    {
                        "kind": "call",
                        "service": name,
                        "direction": line.direction,
                        "method": line.method,
                        "name": line.name,
                        "status": line.status,
                        "at": standins.clock.now().timestamp(),
                    }
                )

            standin.traffic.watch(heard)
