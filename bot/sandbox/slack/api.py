"""Serves the Web API: POST or GET /api/{method} in any of Slack's encodings."""

import base64
import json
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.lines import SocketLine
from bot.sandbox.slack.methods import (
    chat as chat_methods,
)
from bot.sandbox.slack.methods import (
    conversations as conversation_methods,
)
from bot.sandbox.slack.methods import (
    files as file_methods,
)
from bot.sandbox.slack.methods import (
    team as team_methods,
)
from bot.sandbox.slack.methods import (
    views as view_methods,
)
from bot.sandbox.slack.methods.method import ApiCall, Method, coerced
from bot.sandbox.slack.oauth import OAuth
from bot.sandbox.slack.rotation import Rotation
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Installation, Json, Team

METHODS: dict[str, Method] = {
    **chat_methods.METHODS,
    **conversation_methods.METHODS,
    **view_methods.METHODS,
    **file_methods.METHODS,
    **team_methods.METHODS,
}


class TooMany(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WebApi:
    def __init__(self, slack: Slack, limits: RateLimits, oauth: OAuth, rotation: Rotation, sockets: SocketLine) -> None:
        self._slack = slack
        self._limits = limits
        self._oauth = oauth
        self._rotation = rotation
        self._sockets = sockets

    async def answer(self, request: web.Request) -> web.Response:
        """Refusals are 200 with `ok` false, as Slack gives them; only too many calls are 429."""
        name = request.match_info["method"]
        try:
            token, args = await _arguments(request)
            body = self._call(name, token, args)
        except ApiError as refusal:
            return web.json_response(refusal_body(refusal))
        except TooMany as many:
            wait = {"Retry-After": str(many.seconds)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        return web.json_response({"ok": True, **body})

    def _call(self, name: str, token: str | None, args: Json) -> Json:
        if name == "oauth.v2.access":
            return self._oauth.exchange(args)
        if name == "apps.connections.open":
            return self._open_socket(token, args)
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method")
        team, bot = self._installation(token)
        # bolt adds the workspace to every call of a request's client.
        if args.pop("team_id", team.id) != team.id:
            raise ApiError("team_not_found")
        self._pace(name, method, team, args)
        return method.work(ApiCall(self._slack, team, bot, coerced(method, args)))

    def _installation(self, token: str | None) -> tuple[Team, Installation]:
        if not token:
            raise ApiError("not_authed")
        bot = self._slack.tokens.get(token)
        if bot is None:
            raise ApiError("not_allowed_token_type" if token == self._slack.app.app_token else "invalid_auth")
        if bot.state != "active":
            raise ApiError(bot.state)
        self._rotation.refuse_over(token)
        return self._slack.teams[bot.team_id], bot

    def _pace(self, name: str, method: Method, team: Team, args: Mapping[str, object]) -> None:
        if name == "chat.postMessage":
            wait = self._limits.wait_to_post(team.id, str(args.get("channel")))
        elif method.per_minute:
            wait = self._limits.wait_to_call(name, team.id, method.per_minute)
        else:
            return
        if wait:
            raise TooMany(wait)

    def _open_socket(self, token: str | None, args: Json) -> Json:
        if token != self._slack.app.app_token:
            raise ApiError("invalid_auth" if token else "not_authed")
        if args:
            raise ApiError("invalid_arguments", [f"[ERROR] unknown argument: {name}" for name in args])
        host = self._slack.origin.replace("http", "ws", 1)
        return {"url": f"{host}/link/?ticket={self._sockets.new_ticket()}&app_id={self._slack.app.app_id}"}


def refusal_body(refusal: ApiError) -> Json:
    body: Json = {"ok": False, "error": refusal.error}
    return body | ({"response_metadata": {"messages": refusal.messages}} if refusal.messages else {})


async def _arguments(request: web.Request) -> tuple[str | None, Json]:
    """The token and the arguments of a JSON body, a form and the query together.

    HTTP Basic carries client_id and client_secret, as for the OAuth exchange.
    """
    args: Json = dict(request.query)
    if request.method == "POST":
        args |= await _json_body(request) if request.content_type == "application/json" else await _form(request)
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    token = args.pop("token", None)
    if scheme == "Bearer":
        token = credential.strip()
    elif scheme == "Basic":
        given = base64.b64decode(credential).decode().partition(":")
        args |= {"client_id": given[0], "client_secret": given[2]}
    return token, args


async def _json_body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


async def _form(request: web.Request) -> Json:
    known = ("application/x-www-form-urlencoded", "multipart/form-data")
    if request.content_type not in known and await request.read():
        raise ApiError("invalid_post_type")
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
