"""Serves a Slack stand-in for a scripted person and a tiny bolt app that plays the product."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.standin import Served, serve

Json = dict[str, Any]
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


def without_proxies() -> None:
    """slack_sdk would send even loopback calls through a proxy named in the environment."""
    for name in PROXIES:
        os.environ.pop(name, None)


@dataclass
class Workspace:
    """One installed workspace with one person, as most tests need."""

    standin: SlackStandIn
    served: Served
    session: aiohttp.ClientSession
    team: str
    user: str
    token: str

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(self.token, base_url=f"{self.served.url}/api/", session=self.session)

    async def act(self, name: str, **act: Any) -> Json:
        """An act of this person, or of the one named in it."""
        body = {"team": self.team, "user": self.user, **act}
        return await self.control(name, body)

    async def control(self, name: str, body: Json) -> Json:
        async with self.session.post(f"{self.served.url}/_sandbox/slack/{name}", json=body) as answer:
            result: Json = await answer.json()
            return result

    async def state(self, user: str | None = None) -> Json:
        query = {"team": self.team, "user": user or self.user}
        async with self.session.get(f"{self.served.url}/_sandbox/slack/state", params=query) as answer:
            result: Json = await answer.json()
            return result

    async def direct(self) -> str:
        opened = await self.client.conversations_open(users=self.user)
        return str(opened["channel"]["id"])

    async def messages(self) -> list[Json]:
        """What the person sees in the direct message with the bot."""
        shown = await self.state()
        direct = [channel for channel in shown["channels"] if channel["is_im"]]
        return list(direct[0]["messages"]) if direct else []


@asynccontextmanager
async def workspace(standin: SlackStandIn | None = None) -> AsyncIterator[Workspace]:
    without_proxies()
    standin = standin or SlackStandIn()
    served = await serve(standin.app)
    async with aiohttp.ClientSession() as session:
        there = Workspace(standin, served, session, "", "", "")
        try:
            there.team = (await there.control("teams", {"name": "Harbour Coaching", "id": "T0AAA"}))["team"]
            person = {"team": there.team, "name": "cleo", "real_name": "Cleo Adler", "tz": "Europe/Berlin"}
            there.user = (await there.control("users", {**person, "id": "U0AAA"}))["user"]
            there.token = (await there.control("install", {"team": there.team}))["token"]
            yield there
        finally:
            await served.close()


@asynccontextmanager
async def product(there: Workspace, bolt: AsyncApp) -> AsyncIterator[str]:
    """Serve a bolt app at /slack/events and tell the stand-in where; gives the app's address."""

    async def receive(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    served = await serve(app)
    there.standin.settings.request_url = f"{served.url}/slack/events"
    try:
        yield served.url
    finally:
        there.standin.settings.request_url = ""
        await served.close()


def bolt_app(there: Workspace) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        bot = there.standin.slack.teams[team_id or ""].installation
        known = {"bot_id": bot.bot_id, "bot_user_id": bot.bot_user, "bot_token": bot.token} if bot else {}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **known)

    return AsyncApp(
        signing_secret=there.standin.identity.signing_secret,
        client=AsyncWebClient(base_url=f"{there.served.url}/api/", session=there.session),
        authorize=authorize,
        process_before_response=True,
    )
