"""The stand-in for a mail server: real SMTP on a port of its own, and control routes beside it."""

import asyncio
import email
import email.policy
import itertools
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.sandbox.faults import Fault
from bot.sandbox.mail.mailboxes import Mailboxes, read
from bot.sandbox.mail.wire import faults
from bot.sandbox.standin import CONTROL, StandIn

REPLIES = {
    421: "421 4.3.2 The service closes",
    450: "450 4.2.1 The mailbox is busy",
    451: "451 4.7.1 Greylisted, come back later",
    452: "452 4.3.1 No room",
    535: "535 5.7.8 Wrong user or password",
    550: "550 5.1.1 No such user here",
    552: "552 5.2.2 The mailbox is full",
    554: "554 5.7.1 Relay access denied",
}
_CUT_S = 30.0


@dataclass
class MailStandIn(StandIn):
    """`port` is where SMTP is spoken while it runs. With `user` and `password` nobody sends without them; with `tls`
    the connection can begin encrypted (`implicit`), or become so.

    Faults match `MAIL`, `RCPT` and `DATA`: `status` replies with that code, `cut` ends the connection before
    and `cut_after` after the mail was taken, `slow` waits first.
    """

    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    port: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mails = Mailboxes()
        self._taken: list[SMTP] = []
        self._numbers = itertools.count(1)
        self.app.cleanup_ctx.append(self._smtp)
        self.app.router.add_get(f"{CONTROL}mails", self._show)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.user is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        reply = await self._fault(server, "MAIL")
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._fault(server, "RCPT")
        if reply is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.faults.take("DATA", "DATA")
        if fault is not None and fault.kind != "cut_after":
            reply = await self._failed(server, fault)
            if reply is not None:
                return reply
        raw = envelope.original_content or b""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        wrong = list(faults(raw, message))
        if wrong:
            return f"554 5.6.0 {wrong[0]}"
        number = str(next(self._numbers))
        self.mails.add(read(number, self.clock.now(), envelope.rcpt_tos, message, raw))
        self.traffic.add("in", "SMTP", "DATA", 250)
        if fault is not None and fault.kind == "cut_after":
            await self._cut(server)
        return f"250 2.0.0 Taken as {number}"

    @property
    def connections(self) -> int:
        """How many there were so far."""
        return len(self._taken)

    def _made(self) -> SMTP:
        made = SMTP(
            self,
            hostname="mail.sandbox",
            ident="SMTP",
            tls_context=None if self.implicit else self.tls,
            require_starttls=self.tls is not None and not self.implicit,
            auth_require_tls=False,
            authenticator=self._known,
            loop=asyncio.get_running_loop(),
        )
        self._taken.append(made)
        return made

    def _known(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
        """Of the user and the password that were set."""
        mine = isinstance(login, LoginPassword) and self.user is not None
        good = mine and (login.login.decode(), login.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=False)

    async def _fault(self, server: SMTP, command: str) -> str | None:
        fault = self.faults.take(command, command)
        return None if fault is None else await self._failed(server, fault)

    async def _failed(self, server: SMTP, fault: Fault) -> str | None:
        """The reply of a refusal; None to go on."""
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.kind == "status":
            return REPLIES.get(fault.status, f"{fault.status} So it was asked for")
        await self._cut(server)
        return None

    async def _cut(self, server: SMTP) -> None:
        """The line breaks; its server is cancelled by that."""
        if isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        await asyncio.sleep(_CUT_S)

    async def _smtp(self, _app: web.Application) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(self._made, "127.0.0.1", 0, ssl=self.tls if self.implicit else None)
        self.port = int(listening.sockets[0].getsockname()[1])
        yield
        listening.close()
        for each in self._taken:
            if isinstance(each.transport, asyncio.WriteTransport):
                each.transport.abort()
        await asyncio.sleep(0)  # what is aborted is closed in the next round of the loop

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response({"mails": [each.shown() for each in self.mails.of(request.query.get("to"))]})
