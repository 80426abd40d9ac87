"""The Telegram stand-in: the Bot API over HTTP, and the people who write to the bot."""

import inspect
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.standin import StandIn
from bot.sandbox.telegram import control
from bot.sandbox.telegram.arguments import check_arguments, read_arguments
from bot.sandbox.telegram.delivery import Delivery, DeliveryOptions
from bot.sandbox.telegram.errors import Refusal, bad_request, too_many_requests
from bot.sandbox.telegram.flood import Flood, FloodLimits
from bot.sandbox.telegram.methods import HANDLERS
from bot.sandbox.telegram.receiving import Told
from bot.sandbox.telegram.state import StoredFile, User
from bot.sandbox.telegram.world import World

NAMES = {name.lower(): name for name in HANDLERS}
# The updates' first number is any number; a high one shows up code that counts on small ones.
FIRST_UPDATE_ID = 700_000_001


@dataclass
class TelegramStandIn(StandIn):
    """`/bot<token>/<method>` and `/file/bot<token>/<path>` for one bot; people act under `/_sandbox/telegram/`.

    The bot's id is the number before the colon of its token.
    """

    token: str = "700001:AAsandbox-sandbox-sandbox-sandbox-0"  # noqa: S105
    username: str = "rapport_bot"
    name: str = "Rapport"
    limits: FloodLimits = field(default_factory=FloodLimits)
    options: DeliveryOptions = field(default_factory=DeliveryOptions)
    callback_patience: float = 15.0

    def __post_init__(self) -> None:
        super().__post_init__()
        bot = User(int(self.token.partition(":")[0]), self.name, username=self.username, is_bot=True)
        delivery = Delivery(self.options, FIRST_UPDATE_ID)
        self.world = World(bot, self.clock, delivery, Flood(self.limits), self.callback_patience)
        self.app.router.add_route("*", "/bot{token}/{method}", self._call)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self.app.router.add_get(f"{control.ROOT}/files/{{path:.+}}", self._file)
        control.add_routes(self.app, self.world)
        self.app.cleanup_ctx.append(self._deliver)

    async def _deliver(self, _app: web.Application) -> AsyncIterator[None]:
        self.spawn(self.world.delivery.run(self.session, self.spawn, self._run_answer))
        yield

    def call_name(self, request: web.Request) -> str:
        method = request.match_info.get("method", "file")
        return NAMES.get(method.lower(), method)

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "rate_limit":
            return _refused(too_many_requests(fault.retry_after))
        words = {401: "Unauthorized", 403: "Forbidden: bot was blocked by the user", 502: "Bad Gateway"}
        return _refused(Refusal(fault.status, words.get(fault.status, "Internal Server Error")))

    async def execute(self, method: str, raw: Mapping[str, Any]) -> Any:
        """The result of one method; Refusal for everything that Telegram would refuse."""
        name = NAMES.get(method.lower())
        if name is None:
            raise Refusal(404, "Not Found: method not found")
        result = HANDLERS[name](self.world, check_arguments(name, raw))
        return await result if inspect.isawaitable(result) else result

    async def _run_answer(self, method: str, raw: Mapping[str, Any]) -> None:
        # WebhookActor.cpp: these are not run from a webhook's answer, and a failure is told to nobody.
        if method.lower().startswith("get") or method.lower() in ("setwebhook", "deletewebhook"):
            return
        try:
            await self.execute(method, raw)
        except Refusal:
            return

    async def _call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return _refused(Refusal(401, "Unauthorized"))
        if request.method not in ("GET", "POST"):
            return _refused(bad_request("only GET and POST are supported"))
        try:
            result = await self.execute(request.match_info["method"], await read_arguments(request))
        except Refusal as refusal:
            return _refused(refusal)
        if isinstance(result, Told):
            answer = {"ok": True, "result": result.result, "description": result.description}
            return web.json_response(answer)
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info.get("token", self.token) != self.token:
            return _refused(Refusal(401, "Unauthorized"))
        file: StoredFile | None = self.world.files.at(request.match_info["path"])
        if file is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=file.data, content_type=file.mime_type)


def _refused(refusal: Refusal) -> web.Response:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
    return web.json_response(refusal.body(), status=refusal.code, headers=headers)
