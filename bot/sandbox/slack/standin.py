"""The Slack stand-in: its Web API, pages, websockets and the people in its workspaces."""

import json
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.faults import Fault
from bot.sandbox.slack.answers import response_url_message
from bot.sandbox.slack.api import WebApi, refusal_body
from bot.sandbox.slack.control import Control
from bot.sandbox.slack.delivery import Delivery, DeliverySettings
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.lines import HttpLine, SocketLine
from bot.sandbox.slack.oauth import OAuth
from bot.sandbox.slack.rotation import Rotation
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import SlackApp
from bot.sandbox.standin import StandIn


@dataclass
class SlackStandIn(StandIn):
    """`SLACK_API_URL` of the product is `<served url>/api/`; people act under `/_sandbox/slack/`."""

    identity: SlackApp = field(default_factory=SlackApp)
    settings: DeliverySettings = field(default_factory=DeliverySettings)
    limits: RateLimits = field(default_factory=RateLimits)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.slack = Slack(self.clock, self.identity)
        self.sockets = sockets = SocketLine(self.identity)
        http = HttpLine(self.identity, lambda: self.session)
        self.delivery = Delivery(self.slack, self.settings, http, sockets, self.spawn)
        self.slack.announce = self.delivery.announce
        self.rotation = Rotation(self.slack)
        oauth = OAuth(self.slack, self.rotation)
        self.app.middlewares.append(self._know_origin)
        self.app.on_shutdown.append(sockets.close)
        router = self.app.router
        Control(self.slack, self.delivery, self.limits, sockets, oauth).add_routes(router)
        api = WebApi(self.slack, self.limits, oauth, self.rotation, sockets)
        router.add_route("*", "/api/{method}", api.answer)
        router.add_get("/oauth/v2/authorize", oauth.page)
        router.add_post("/oauth/v2/authorize", oauth.allow)
        router.add_get("/link/", sockets.serve)
        router.add_post("/upload/v1/{file}", self._receive_file)
        router.add_get("/files-pri/{place}/{name}", self._serve_file)
        for kind in ("commands", "actions"):
            router.add_post(f"/{kind}/{{team}}/{{key}}", self._respond)

    def call_name(self, request: web.Request) -> str:
        """`response_url` and `upload` for addresses that carry a key; the method's name otherwise."""
        named = {"commands": "response_url", "actions": "response_url", "upload": "upload", "link": "link"}
        return named.get(request.path.split("/")[1]) or super().call_name(request)

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "rate_limit":
            wait = {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        return web.json_response({"ok": False, "error": "internal_error"}, status=fault.status)

    @web.middleware
    async def _know_origin(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Addresses given to the app (response URLs, uploads, websockets) use the host by which it comes."""
        if request.path.startswith("/api/") or not self.slack.origin:
            self.slack.origin = str(request.url.origin())
        return await handler(request)

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            self._take_response(request, await request.read())
        except ValueError:
            return web.json_response(refusal_body(ApiError("invalid_payload")), status=400)
        except ApiError as refusal:
            gone = refusal.error in ("expired_url", "used_url", "invalid_url")
            return web.json_response(refusal_body(refusal), status=404 if gone else 400)
        return web.Response(text="ok")

    def _take_response(self, request: web.Request, raw: bytes) -> None:
        """ApiError if the address or the message is refused, ValueError for what is not JSON."""
        team = self.slack.teams.get(request.match_info["team"])
        if team is None or team.installation is None:
            raise ApiError("invalid_url")
        rights = self.slack.response_urls.use(request.match_info["key"])
        body = json.loads(raw)
        if not isinstance(body, dict):
            raise ApiError("invalid_payload")
        response_url_message(self.slack, team, rights, body)

    async def _receive_file(self, request: web.Request) -> web.Response:
        """Raw bytes or a multipart field, of exactly the announced length."""
        file = self.slack.files.get(request.match_info["file"])
        if file is None or file.content is not None:
            raise web.HTTPNotFound
        content = await _uploaded(request)
        if len(content) != file.length:
            raise web.HTTPBadRequest(text=f"expected {file.length} bytes, got {len(content)}")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    async def _serve_file(self, request: web.Request) -> web.Response:
        """`url_private`: for the bot's token only."""
        team_id, _, file_id = request.match_info["place"].partition("-")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        file, bot = self.slack.files.get(file_id), self.slack.tokens.get(token)
        if bot is None or bot.state != "active" or bot.team_id != team_id:
            raise web.HTTPForbidden
        if file is None or file.content is None or file.team_id != team_id:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
