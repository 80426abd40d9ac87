"""The stand-in for Twilio: its API of messages, what it posts, its own answers to STOP, and phones that get texts."""

import base64
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.standin import CONTROL, StandIn
from bot.sandbox.twilio.callbacks import Attempt, Callbacks
from bot.sandbox.twilio.messages import HELP, START, STOP, Account, Message
from bot.sandbox.twilio.refusals import Refused, not_found

ROOT = "/2010-04-01/Accounts/{account}"
PAGE = 50
NUMBER = "+15005550006"
UNSUBSCRIBED = "You have successfully been unsubscribed. You will not receive any more messages from this number."
SUBSCRIBED = "You have successfully been re-subscribed to messages from this number."
HELP_WORDS = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
Work = Callable[[dict[str, str], web.Request], Awaitable[dict[str, Any]]]


@dataclass
class TwilioStandIn(StandIn):
    """`inbound_url` is where the product hears what people write. `knows_words`: Twilio's own opt-out is on."""

    account_sid: str = field(default_factory=lambda: f"AC{secrets.token_hex(16)}")
    auth_token: str = field(default="auth-token-of-the-sandbox")
    sender: str | None = NUMBER
    service: str | None = None
    inbound_url: str | None = None
    knows_words: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.account = Account(self.account_sid, self.sender, self.service)
        self.callbacks = Callbacks(self.auth_token, lambda: self.session, self.spawn)
        route = self.app.router.add_route
        route("POST", f"{ROOT}/Messages.json", self._served(self._create, 201))
        route("GET", f"{ROOT}/Messages.json", self._served(self._list))
        route("GET", f"{ROOT}/Messages/{{sid}}.json", self._served(self._fetch))
        route("POST", f"{ROOT}/Messages/{{sid}}.json", self._served(self._update))
        route("GET", ROOT + ".json", self._served(self._account))
        route("POST", f"{CONTROL}says", self._says)
        route("POST", f"{CONTROL}options", self._options)
        route("GET", f"{CONTROL}state", self._state)

    def call_name(self, request: web.Request) -> str:
        """`POST /Messages.json`."""
        return f"{request.method} {request.path.partition(self.account_sid)[2] or request.path}"

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "rate_limit":
            busy = Refused(20429, "Too Many Requests", 429)
            return web.json_response(busy.body(), status=429, headers={"Retry-After": str(fault.retry_after)})
        broken = Refused(20500, "An internal server error has occurred", fault.status)
        return web.json_response(broken.body(), status=fault.status)

    def phone(self, number: str) -> list[str]:
        """What was delivered to it, in order."""
        return self.account.phones.get(number, [])

    async def says(self, number: str, text: str, flag: str | None = None) -> Attempt | None:
        """Somebody writes to the practice's number; Twilio's own words are answered here, as it does.

        `flag`: what its advanced opt-out says that it means, in words of its own. None: the product is not told.
        """
        word = text.strip().lower()
        known = {"STOP": word in STOP, "START": word in START, "HELP": word in HELP}
        meant = flag or next((name for name, said in known.items() if said and self.knows_words), None)
        answers = {"STOP": UNSUBSCRIBED, "START": SUBSCRIBED, "HELP": HELP_WORDS}
        if meant == "STOP":
            self.account.opted_out.add(number)
        if meant == "START":
            self.account.opted_out.discard(number)
        if meant is not None:
            self._to_phone(number, answers[meant])
        if self.inbound_url is None:
            return None
        form = self._form(f"SM{secrets.token_hex(16)}", "received", number, self.account.sender or "")
        form |= {"Body": text, "NumMedia": "0", "NumSegments": "1", "FromCountry": "", "FromCity": ""}
        form |= {"OptOutType": flag} if flag is not None else {}
        del form["MessageStatus"]
        return await self.callbacks.post(self.inbound_url, form)

    async def _create(self, asked: dict[str, str], _request: web.Request) -> dict[str, Any]:
        message = self.account.create(asked, self.clock.now())
        shown = message.shown(self.account_sid)
        self._carry(message)
        return shown

    def _carry(self, message: Message) -> None:
        """Everything that becomes of a message happens at once; the product hears of it as the options say."""
        status, code = self.account.ends.get(message.to, ("delivered", None))
        steps = ["sending", *(["sent"] if status != "failed" else []), *([status] if status != "sent" else [])]
        message.status, message.error, message.sent = status, code, self.clock.now().replace(microsecond=0)
        if status in {"sent", "delivered"}:
            self._to_phone(message.to, message.body)
        if message.callback is not None:
            forms = [self._form(message.sid, step, message.sender or NUMBER, message.to) for step in steps]
            if code is not None:
                forms[-1]["ErrorCode"] = str(code)
            self.callbacks.tell(message.callback, forms)

    def _form(self, sid: str, status: str, sender: str, to: str) -> dict[str, str]:
        return {
            "MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status, "From": sender, "To": to,
            "AccountSid": self.account_sid, "ApiVersion": "2010-04-01",
        }  # fmt: skip

    def _to_phone(self, number: str, text: str) -> None:
        self.account.phones.setdefault(number, []).append(text)

    async def _list(self, asked: dict[str, str], request: web.Request) -> dict[str, Any]:
        found, size = self.account.listed(asked), int(asked.get("PageSize", PAGE))
        shown = [each.shown(self.account_sid) for each in found[:size]]
        return {"messages": shown, "page": 0, "page_size": size, "uri": request.path_qs, "next_page_uri": None}

    async def _fetch(self, _asked: dict[str, str], request: web.Request) -> dict[str, Any]:
        return self._found(request).shown(self.account_sid)

    async def _update(self, asked: dict[str, str], request: web.Request) -> dict[str, Any]:
        return self.account.change(self._found(request), asked).shown(self.account_sid)

    async def _account(self, _asked: dict[str, str], _request: web.Request) -> dict[str, Any]:
        return {"sid": self.account_sid, "status": self.account.status, "friendly_name": "Sandbox", "type": "Full"}

    def _found(self, request: web.Request) -> Message:
        message = self.account.messages.get(request.match_info["sid"])
        if message is None:
            raise not_found(request.path)
        return message

    def _served(self, work: Work, status: int = 200) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            try:
                self._authenticate(request)
                asked = dict(request.query) if request.method == "GET" else await _form_of(request)
                return web.json_response(await work(asked, request), status=status)
            except Refused as refused:
                return web.json_response(refused.body(), status=refused.status)

        return handler

    def _authenticate(self, request: web.Request) -> None:
        scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
        wanted = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if scheme != "Basic" or given != wanted:
            raise Refused(20003, "Authenticate", 401)
        if request.match_info["account"] != self.account_sid:
            raise not_found(request.path)

    async def _says(self, request: web.Request) -> web.Response:
        """`{from, body, flag?}`."""
        asked = await request.json()
        attempt = await self.says(asked["from"], asked["body"], asked.get("flag"))
        return web.json_response({"status": None if attempt is None else attempt.status})

    async def _options(self, request: web.Request) -> web.Response:
        """Any of the disturbances of callbacks, `shared_key`, and by number `refuses: {number: code}` and
        `ends: {number: [status, code]}`."""
        asked = await request.json()
        self.account.refuses |= asked.pop("refuses", {})
        self.account.ends |= {number: (status, code) for number, (status, code) in asked.pop("ends", {}).items()}
        self.callbacks.shared_key = asked.pop("shared_key", self.callbacks.shared_key)
        self.callbacks.options = replace(self.callbacks.options, **asked)
        self.callbacks.release()
        return web.json_response({"ok": True})

    async def _state(self, _request: web.Request) -> web.Response:
        messages = [each.shown(self.account_sid) for each in self.account.messages.values()]
        attempts = [asdict(each) for each in self.callbacks.attempts]
        told = {"messages": messages, "phones": self.account.phones, "callbacks": attempts}
        return web.json_response({**told, "opted_out": sorted(self.account.opted_out)})


async def _form_of(request: web.Request) -> dict[str, str]:
    """Form-encoded, each name once."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused(20001, "The body must be form-encoded")
    form = await request.post()
    if len(set(form)) != len(form):
        raise Refused(20001, "A parameter was given twice")
    return {name: str(value) for name, value in form.items()}
